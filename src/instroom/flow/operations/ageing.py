"""What is kept of persons goes when its time is over (product.md G3): by the policy of each customer, once a day.

A delivery that is on its way keeps all that it needs, and so does what an undo that is on its way needs. Each delivery
and each plan goes in a transaction of its own: what is killed goes on the next time, and nothing is ever half gone.
"""

import logging
from collections import Counter
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from instroom.core.retention import Retention, months_later
from instroom.flow import audit
from instroom.flow.delivery.forget import forget_file
from instroom.flow.delivery.states import ENDED
from instroom.flow.passing_by import PassedBy
from instroom.flow.retention import retention_of
from instroom.store.models import Customer, Delivery, Plan
from instroom.store.sql import findings, plans
from instroom.store.sql.erasing import delete_unused_categories

_log = logging.getLogger(__name__)
_passed_by = PassedBy[UUID]("what is past its time of customer")


def age() -> Counter[str]:
    """Remove what is past its time, of each customer. Gives how many "files" and "findings", "plans" that were not
    imported, "imports" and "audit lines" that was."""
    gone = Counter[str]()
    for customer in Customer.objects.filter(move=None).order_by("name"):
        with _passed_by.where_it_breaks(customer.pk):
            gone += _age(customer)
    gone["audit lines"] += audit.trim(None, months_later(timezone.now(), -retention_of(None).keep_audit_months))
    return +gone


def _age(customer: Customer) -> Counter[str]:
    keep, now, gone = retention_of(customer), timezone.now(), Counter[str]()
    over = Delivery.objects.filter(customer=customer, state__in=ENDED, values_removed_at=None)
    over = over.filter(finished_at__lte=now - timedelta(days=keep.keep_files_days))
    for pk in list(over.values_list("pk", flat=True)):
        gone += _remove_from_delivery(pk)
    for pk in list(_plans_past(customer, keep).values_list("pk", flat=True)):
        gone += _remove_from_plan(pk, customer, keep)
    if gone["imports"]:  # no undo gives categories back any more
        for environment in customer.environments.all():
            delete_unused_categories(environment)
    gone["audit lines"] = audit.trim(customer, months_later(now, -keep.keep_audit_months))
    if gone := +gone:
        audit.note(customer, "values-removed", counts=dict(gone))
        _log.info("%s: removed %s", customer.name, ", ".join(f"{count} {name}" for name, count in gone.items()))
    return gone


@transaction.atomic
def _remove_from_delivery(pk: UUID) -> Counter[str]:
    """The file with its reports, the findings, and what people wrote about them."""
    delivery = Delivery.objects.select_for_update().get(pk=pk)
    if delivery.values_removed_at:
        return Counter()  # another process was first
    gone = Counter(files=int(bool(delivery.file_key) and delivery.file_removed_at is None))
    forget_file(delivery)
    gone["findings"] = findings.remove_values(delivery)
    delivery.comments.update(text="")
    delivery.values_removed_at = timezone.now()
    delivery.save(update_fields=["values_removed_at"])
    return gone


def _plans_past(customer: Customer, keep: Retention) -> QuerySet[Plan]:
    """What was not imported goes with the delivery; what training no longer holds, since it is a copy of live, too."""
    past = months_later(timezone.now(), -keep.keep_ledger_months)
    in_ledger = Q(state__in=Plan.IN_LEDGER)
    ended = Plan.objects.filter(delivery__customer=customer, delivery__state__in=ENDED, values_removed_at=None)
    undone_now = Delivery.objects.filter(customer=customer, kind=Delivery.UNDO).exclude(state__in=ENDED)
    return ended.filter(
        ~in_ledger & Q(delivery__values_removed_at__isnull=False) | in_ledger & Q(delivery__finished_at__lte=past)
    ).exclude(delivery__in=undone_now.values("undoes"))


@transaction.atomic
def _remove_from_plan(pk: UUID, customer: Customer, keep: Retention) -> Counter[str]:
    """Nobody begins to undo its delivery meanwhile."""
    delivery = Delivery.objects.select_for_update().get(plans=pk)
    plan = _plans_past(customer, keep).filter(pk=pk, delivery=delivery).first()
    if plan is None:
        return Counter()
    plans.remove_values(plan, timezone.now())
    return Counter({"imports" if plan.state in Plan.IN_LEDGER else "plans": 1})
