"""Takes a file in: kept whole first, then known (product.md D). From here on it is never lost."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone

from instroom.core.model import Policies
from instroom.flow import audit, find, permissions
from instroom.flow.policies import file_policies
from instroom.store import files
from instroom.store.ids import new_id
from instroom.store.models import Delivery


def receive(
    path: Path,
    customer: str,
    *,
    by: str,
    connection: str | None = None,
    policies: Policies | Mapping[str, Any] | None = None,
    layout: str | None = None,
    name: str | None = None,
) -> Delivery:
    """Take in a file for a customer. Layout and policies are the connection's unless they are given; of the policies
    some may be given alone.

    Raises NotFound and NotAllowed for what is named, OSError where the file cannot be read or kept.
    """
    owner = find.customer(customer)
    link = find.connection(owner, connection) if connection else None
    user = permissions.person(by, "deliver", owner)
    chosen = find.layout(find.layout(layout or (link.layout if link else "standard/1")).id)  # kept by its id alone
    given = policies._asdict() if isinstance(policies, Policies) else policies or {}
    rules = file_policies(owner, link, given)
    one = new_id()
    key = f"{owner.name}/{one.hex}"
    with path.open("rb") as source:
        size, sha256 = files.keep(source, key)
    with transaction.atomic():
        delivery = Delivery.objects.create(
            id=one,
            customer=owner,
            connection=link,
            file_name=(name or path.name)[:255],
            file_key=key,
            bytes=size,
            sha256=sha256,
            layout=chosen.id,
            policies=rules._asdict(),
            delivered_by=user,
            received_at=timezone.now(),
        )
        audit.record(delivery, "received", user, bytes=size, sha256=sha256)
    return delivery
