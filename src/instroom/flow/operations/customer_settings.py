"""What holds for a customer's deliveries where neither connection nor delivery says otherwise: an operator's to set."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from instroom.flow import audit, permissions
from instroom.flow.policies import of_approval, of_file, refuse_bad_policy
from instroom.store.models import Customer, User


def settings_of(customer: Customer) -> dict[str, Any]:
    """The fields of Policies and Approval: what the customer's policies say, and else what we do."""
    return {**of_file(customer.policies)._asdict(), **of_approval(customer.policies)._asdict()}


@transaction.atomic
def save(customer: Customer, asked: Mapping[str, Any], *, by: User) -> list[str]:
    """Keep what is asked, of the fields of Policies and Approval, for deliveries from now on. Gives what differs now.

    Raises NotFound and NotAllowed; the latter also for a value that is none.
    """
    permissions.check(by, "configure", customer)
    for name, value in asked.items():
        refuse_bad_policy(name, value)
    held = Customer.objects.select_for_update().get(pk=customer.pk)
    before, after = settings_of(held), settings_of(held) | dict(asked)
    changed = [name for name in after if after[name] != before[name]]
    if changed:
        customer.policies = held.policies | {name: after[name] for name in changed}
        customer.save(update_fields=["policies"])
        audit.note(customer, "settings-changed", by, changed={name: [before[name], after[name]] for name in changed})
    return changed
