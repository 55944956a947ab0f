"""Site operators add customers; every one of them is operator of each customer by a role (product.md G2)."""

import pytest

from instroom.core.errors import NotAllowed
from instroom.flow import find
from instroom.flow.operations import customers
from instroom.flow.people import members
from instroom.flow.queries import operator_overview
from instroom.store.models import AuditEntry, Customer, Environment, Role, User
from tests.contracts.customer import SampleCustomer

pytestmark = pytest.mark.on_sqlite_alone  # but for what is marked otherwise


@pytest.fixture
def boss() -> User:
    """A site operator."""
    SampleCustomer()
    customers.make_site_operator(find.user("operator"))
    return User.objects.get(username="operator")


@pytest.mark.on_postgresql
def test_a_customer_has_its_environments_and_every_site_operator_as_operator(boss: User) -> None:
    User.objects.create(username="tweede", is_superuser=True)
    User.objects.create(username="weg", is_superuser=True, is_active=False)
    one = customers.add("voorbeeld-bv", "  Voorbeeld \t BV ", by=find.user("operator"))
    assert (one.name, one.title) == ("voorbeeld-bv", "Voorbeeld BV")
    assert set(Environment.objects.filter(customer=one).values_list("name", flat=True)) == {"training", "live"}
    roles = Role.objects.filter(customer=one).values_list("user__username", "name")
    assert set(roles) == {("operator", "operator"), ("tweede", "operator")}
    assert one in operator_overview.operated_customers(boss)
    assert AuditEntry.objects.get(customer=one, action="customer-added").user == boss


@pytest.mark.parametrize("name", ["", "Hoofd", "met spatie", "-af", "af-", "é", "a/b", "..", "a" * 61, "a\n"])
def test_a_short_name_is_one_for_addresses(boss: User, name: str) -> None:
    with pytest.raises(NotAllowed, match="short name"):
        customers.add(name, "Voorbeeld", by=find.user("operator"))


@pytest.mark.parametrize("title", ["", "  ", "x" * 101])
def test_a_customer_is_called_something(boss: User, title: str) -> None:
    with pytest.raises(NotAllowed, match="called"):
        customers.add("voorbeeld", title, by=find.user("operator"))


@pytest.mark.on_postgresql
def test_a_name_is_taken_once(boss: User) -> None:
    customers.add("voorbeeld", "Voorbeeld", by=find.user("operator"))
    before = Role.objects.count()
    with pytest.raises(NotAllowed, match="already"):
        customers.add("voorbeeld", "Ander", by=find.user("operator"))
    assert (Customer.objects.get(name="voorbeeld").title, Role.objects.count()) == ("Voorbeeld", before)


def test_an_operator_of_a_customer_adds_none() -> None:
    SampleCustomer()
    with pytest.raises(NotAllowed, match="site operator"):
        customers.add("voorbeeld", "Voorbeeld", by=find.user("operator"))
    assert not Customer.objects.filter(name="voorbeeld").exists()


@pytest.mark.on_postgresql
def test_who_becomes_site_operator_is_operator_of_all_there_are() -> None:
    both = [SampleCustomer(), SampleCustomer()]
    User.objects.create(username="nieuw")
    for _ in range(2):
        customers.make_site_operator(find.user("nieuw"))
    user = User.objects.get(username="nieuw")
    assert {one.name for one in operator_overview.operated_customers(user)} == {customer.name for customer in both}
    assert AuditEntry.objects.filter(action="site-operator-made", facts__of="nieuw").count() == 2


def test_who_is_no_site_operator_any_more_is_operator_of_nothing(boss: User) -> None:
    User.objects.create(username="tweede")
    customers.make_site_operator(find.user("tweede"))
    members.give_roles(Customer.objects.get(), boss, [Role.READER], by=None)
    for _ in range(2):
        customers.end_site_operator(find.user("operator"))
    with pytest.raises(NotAllowed, match="site operator"):
        customers.add("voorbeeld", "Voorbeeld", by=find.user("operator"))
    assert list(Role.objects.filter(user=boss).values_list("name", flat=True)) == [Role.READER]
    assert AuditEntry.objects.filter(action="site-operator-ended", facts__of="operator").count() == 1


def test_there_is_always_a_site_operator(boss: User) -> None:
    User.objects.create(username="weg", is_superuser=True, is_active=False)
    with pytest.raises(NotAllowed, match="last site operator"):
        customers.end_site_operator(find.user("operator"))
    assert User.objects.get(username="operator").is_superuser


def test_a_customer_keeps_an_operator(boss: User) -> None:
    """The other site operator's role there was taken away."""
    User.objects.create(username="tweede", is_superuser=True)
    with pytest.raises(NotAllowed, match="last operator of Klant"):
        customers.end_site_operator(find.user("operator"))
    assert User.objects.get(username="operator").is_superuser
