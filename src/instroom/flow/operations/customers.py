"""Customers are added by a site operator, who is operator of each of them by a role like anybody's (product.md G2)."""

from typing import Any, Final

from django.db import transaction

from instroom.core.errors import NotAllowed
from instroom.flow import audit, permissions
from instroom.flow.names import refuse_bad_name
from instroom.flow.operations.init import add_customer
from instroom.flow.people.members import keep_new, new_user, refuse_without_operator
from instroom.flow.people.own_account import checked_email
from instroom.flow.safeguards.relaxing import tell_where_giver_left
from instroom.flow.site_clock import iso_moment
from instroom.store.files.site_store import SITE_ID
from instroom.store.models import Customer, Role, User

MOST_OF_TITLE: Final = 100


@transaction.atomic
def add(name: str, title: str, *, by: User) -> Customer:
    """Make a customer with its two environments; every site operator becomes its operator.

    `name` stands in addresses, folders and commands, `title` is what people read. Raises NotAllowed.
    """
    permissions.check_site_operator(by)
    title = _right_title(title)
    refuse_bad_name(name)
    everybody = User.objects.filter(is_superuser=True, is_active=True)
    users = {one.username: (Role.OPERATOR,) for one in everybody}
    if name == SITE_ID or not add_customer(name, title, users):  # a customer's files are in a folder of its name
        raise NotAllowed("customer-exists", name=name)
    customer = Customer.objects.get(name=name)
    audit.note(customer, "customer-added", by, name=name)
    return customer


def every_customer() -> list[Customer]:
    """All customers of the site, by name."""
    return list(Customer.objects.order_by("name"))


def document(customer: Customer) -> dict[str, Any]:
    """The document of the API and the command line."""
    return {
        "name": customer.name,
        "title": customer.title,
        "created_at": iso_moment(customer.created_at),
        "moving": customer.move is not None,
    }


@transaction.atomic
def add_site_operator(name: str, email: str) -> User:
    """Create a site operator without a password: also the first user of a site. Raises NotAllowed."""
    user = new_user(name, checked_email(email) if email else "")
    user.set_unusable_password()
    keep_new(user)
    audit.note(None, "user-added", None, of=user.username)
    make_site_operator(user)
    return user


@transaction.atomic
def make_site_operator(user: User) -> None:
    """Let a user add customers, and make them operator of all there are; of one that moves once it is open again."""
    user.is_superuser = True
    user.save(update_fields=["is_superuser"])
    for customer in Customer.objects.filter(move=None):
        if Role.objects.get_or_create(customer=customer, user=user, name=Role.OPERATOR)[1]:
            audit.note(customer, "site-operator-made", None, of=user.username)


@transaction.atomic
def end_site_operator(user: User) -> None:
    """Take away what `make_site_operator` gives: a user's other roles stay. For who is none, nothing changes.

    Raises NotAllowed where no site operator would be left, or a customer would be without an operator.
    """
    site = list(User.objects.select_for_update().filter(is_superuser=True, is_active=True))
    if not user.is_superuser:
        return
    if site == [user]:
        raise NotAllowed("last-site-operator", user=user.username)
    user.is_superuser = False
    user.save(update_fields=["is_superuser"])
    for role in Role.objects.filter(user=user, name=Role.OPERATOR).select_related("customer"):
        refuse_without_operator(role.customer, user)
        role.delete()
        audit.note(role.customer, "site-operator-ended", None, of=user.username)
    tell_where_giver_left(user)


def _right_title(title: str) -> str:
    title = " ".join(title.split())
    if not 0 < len(title) <= MOST_OF_TITLE:
        raise NotAllowed("customer-title", most=MOST_OF_TITLE)
    return title
