"""What holds for a customer's deliveries where neither connection nor delivery says otherwise: an operator's to set."""

import copy
from collections.abc import Mapping
from typing import Any

from django.db import transaction

from instroom.core.retention import LIMITS
from instroom.core.safeguards import relaxed
from instroom.flow import audit, permissions
from instroom.flow.policies import of_approval, of_file, refuse_bad_policy
from instroom.flow.retention import refuse_bad_period, retention_of
from instroom.flow.safeguards.relaxing import safeguards_of, settle
from instroom.store.models import Customer, User


def settings_of(customer: Customer) -> dict[str, Any]:
    """The fields of Policies, Approval and Retention: what the customer's policies say, and else what we do."""
    of_delivery = {**of_file(customer.policies)._asdict(), **of_approval(customer.policies)._asdict()}
    return {**of_delivery, **retention_of(customer)._asdict()}


def relaxes_of(customer: Customer, asked: Mapping[str, Any]) -> dict[str, Any]:
    """What these settings would relax (`core.safeguards`). Changes nothing; raises NotAllowed for a value that is
    none."""
    _refuse_bad(asked)
    return relaxed(safeguards_of(customer), safeguards_of(Customer(policies={**customer.policies, **asked})))


@transaction.atomic
def save(customer: Customer, asked: Mapping[str, Any], *, by: User) -> list[str]:
    """Keep what is asked, of what `settings_of` gives, for deliveries from now on. Gives what differs now.
    What relaxes a safeguard waits for a second person where two-person approval is agreed on.

    Raises NotFound and NotAllowed; the latter also for a value that is none.
    """
    permissions.check(by, "configure", customer)
    _refuse_bad(asked)
    held = Customer.objects.select_for_update().get(pk=customer.pk)
    unchanged, before = copy.copy(held), settings_of(held)
    held.policies = held.policies | {name: value for name, value in asked.items() if value != before.get(name)}
    settle(held, unchanged, by=by)
    after = settings_of(held)
    changed = [name for name in after if after[name] != before[name]]
    if changed:
        held.save(update_fields=["policies"])
        audit.note(customer, "settings-changed", by, changed={name: [before[name], after[name]] for name in changed})
    customer.policies = held.policies
    return changed


def _refuse_bad(asked: Mapping[str, Any]) -> None:
    for name, value in asked.items():
        (refuse_bad_period if name in LIMITS else refuse_bad_policy)(name, value)
