"""A closed customer: nothing that happens to it is committed, by whichever door it comes."""

from uuid import UUID

from django.db import transaction

from instroom.core.errors import CustomerMoving
from instroom.flow import audit
from instroom.store import audit_chain
from instroom.store.ids import new_id
from instroom.store.models import Customer, Role, User


@transaction.atomic
def close(customer: Customer, *, by: User) -> UUID:
    """Begin a move, and give its id. Whoever is at the customer now is done first, or is refused."""
    held = Customer.objects.select_for_update(no_key=True).get(pk=customer.pk)
    if held.arrived:
        raise CustomerMoving()
    held.move = new_id()
    held.save(update_fields=["move"])
    audit_chain.set_closed(held.pk, closed=True)
    audit.note(None, "customer-move-begun", by, name=held.name, move=str(held.move))
    return held.move


def reopen(customer: Customer) -> None:
    """Let things happen to a customer again, in the caller's transaction; who runs this site by now is its operator."""
    customer.move, customer.arrived = None, False
    customer.save(update_fields=["move", "arrived"])
    audit_chain.set_closed(customer.pk, closed=False)
    operators = User.objects.filter(is_superuser=True, is_active=True)
    roles = [Role(customer=customer, user=one, name=Role.OPERATOR) for one in operators]
    Role.objects.bulk_create(roles, ignore_conflicts=True)
