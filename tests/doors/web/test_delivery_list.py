"""The list of deliveries: what each did, with what came before it folded under it, and found again."""

from datetime import timedelta
from typing import Any
from urllib.parse import parse_qsl

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from tests.doors.web.web_customer import ANNA, BAD_DATE, BRAM, COMPANY, WebCustomer, markup

from instroom.flow import find
from instroom.flow.delivery.advance import advance_all
from instroom.flow.delivery.receive import receive
from instroom.flow.queries.delivery_list import ListFilter, deliveries
from instroom.store.models import Delivery

LIST = "/customers/ons/deliveries"
AAFJE = ANNA | {"PersoonVoornaam": "Aafje"}


def deliver(customer: WebCustomer, *records: dict[str, str], name: str = "levering.csv", **asked: Any) -> Delivery:
    """Deliver, as the supplier unless `by` says otherwise, and look at it."""
    file = customer.file(*records, name=name)
    asked = {"by": find.user("ons-supplier"), **asked}
    delivery = receive(file, find.customer("ons"), name=name, **asked)
    advance_all()
    delivery.refresh_from_db()
    return delivery


def listed(**wanted: Any) -> list[tuple[str, int, int]]:
    """Each line: the file, how many versions and how many tries stand under it."""
    page = deliveries(find.customer("ons"), ListFilter(**wanted), by=find.user("ons-operator"))
    assert page.total == len(page.items)
    return [(line.delivery.file_name, len(line.versions), len(line.tries)) for line in page.items]


@pytest.fixture
def operator(customer: WebCustomer) -> Client:
    return customer.signed_in("operator")


@pytest.mark.on_postgresql
def test_each_line_says_how_many_records_and_what_became_of_them(customer: WebCustomer, operator: Client) -> None:
    customer.import_in_live(ANNA | COMPANY)
    deliver(customer, AAFJE | COMPANY, BRAM)
    deliver(customer, AAFJE | COMPANY, BRAM)
    text = markup(operator.get(LIST))
    assert "2 new</td>" in text
    assert "1 new, 1 changed</td>" in text


def test_where_nothing_changes_it_says_so(customer: WebCustomer, operator: Client) -> None:
    customer.import_in_live(ANNA | COMPANY)
    deliver(customer, ANNA | COMPANY)
    assert "nothing changed</td>" in markup(operator.get(LIST))


def test_versions_stand_under_the_last_one(customer: WebCustomer, operator: Client) -> None:
    first = deliver(customer, BAD_DATE)
    second = deliver(customer, BAD_DATE, BRAM, corrects=first)
    deliver(customer, BRAM, corrects=second, complete=True)
    assert listed() == [("levering.csv", 2, 0)]
    text = markup(operator.get(LIST))
    assert "<summary>2 earlier versions</summary>" in text
    assert f"{LIST}/{first.pk}" in text


@pytest.mark.on_postgresql
def test_failed_tries_stand_under_the_last_one(customer: WebCustomer, operator: Client) -> None:
    """Whatever the names, as long as all fail; under one that goes on only those of the same name."""
    for number in range(3):
        deliver(customer, BAD_DATE, name=f"poging-{number}.csv")
    assert listed() == [("poging-2.csv", 0, 2)]
    deliver(customer, BRAM, name="Poging-2.csv")
    assert listed() == [("Poging-2.csv", 0, 3)]
    assert "<summary>3 earlier attempts</summary>" in markup(operator.get(LIST))
    deliver(customer, BAD_DATE, name="bedrijven.csv")
    deliver(customer, BRAM, name="personen.csv")
    assert listed() == [("personen.csv", 0, 0), ("bedrijven.csv", 0, 0), ("Poging-2.csv", 0, 3)]


def test_what_was_tried_by_another_or_long_ago_stands_apart(customer: WebCustomer) -> None:
    deliver(customer, BAD_DATE)
    deliver(customer, BAD_DATE, by=find.user("ons-operator"))
    assert len(listed()) == 2
    early = deliver(customer, BAD_DATE)
    Delivery.objects.filter(pk=early.pk).update(received_at=timezone.now() - timedelta(hours=5))
    deliver(customer, BAD_DATE)
    assert len(listed()) == 3


def test_nothing_that_a_filter_finds_is_hidden(customer: WebCustomer) -> None:
    """What is folded stands under something that the filter finds too."""
    deliver(customer, BAD_DATE)
    deliver(customer, BRAM)
    assert listed() == [("levering.csv", 0, 1)]
    assert listed(group="not-done") == [("levering.csv", 0, 0)]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("file=PERSONEN", True),
        ("file=2029", False),
        ("by={operator}", True),
        ("by={supplier}", False),
        ("since={today}&until={today}", True),
        ("until={yesterday}", False),
        ("since=nooit&by=niemand", True),
        ("file=%00", True),
    ],
)
def test_it_is_found_by_file_person_and_period(
    customer: WebCustomer, operator: Client, query: str, found: bool
) -> None:
    deliver(customer, BRAM, name="personen-2030.csv", by=find.user("ons-operator"))
    today = timezone.localdate()
    people = {role: find.user(f"ons-{role}").pk for role in ("operator", "supplier")}
    asked = dict(parse_qsl(query.format(today=today, yesterday=today - timedelta(days=1), **people)))
    text = markup(operator.post(LIST, asked, follow=True))
    assert ("Nothing found." not in text, "personen-2030.csv" in text) == (found, found)


def test_a_filter_keeps_its_choices(customer: WebCustomer, operator: Client) -> None:
    deliver(customer, BRAM)
    address = operator.post(LIST, {"group": "waiting", "file": "lev", "since": "2030-01-31"}).headers["Location"]
    assert "=lev" not in address  # a name of a file may name a person
    text = markup(operator.get(address))
    assert 'value="lev"' in text
    assert 'value="2030-01-31"' in text
    assert 'name="group" value="waiting"' in text
    assert "Clear the filters" in text


def test_a_supplier_sees_and_chooses_their_own(customer: WebCustomer) -> None:
    deliver(customer, BRAM, name="van-een-ander.csv", by=find.user("ons-operator"))
    deliver(customer, BRAM, name="eigen.csv")
    text = markup(customer.signed_in("supplier").get(LIST))
    assert ("eigen.csv" in text, "van-een-ander.csv" in text, ">ons-operator</option>" in text) == (True, False, False)


def test_it_asks_as_much_of_the_database_however_long_it_is(customer: WebCustomer, operator: Client) -> None:
    def asked() -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            operator.get(LIST)
        return len(queries)

    first = deliver(customer, BAD_DATE)
    deliver(customer, BRAM, corrects=first, complete=True)
    deliver(customer, BAD_DATE, name="a.csv")
    deliver(customer, BAD_DATE, name="a.csv")
    few = asked()
    for _ in range(4):
        first = deliver(customer, BAD_DATE)
        deliver(customer, BRAM, corrects=first, complete=True)
    assert asked() == few


@pytest.mark.on_sqlite_alone
def test_the_next_try_is_found_by_its_number(customer: WebCustomer, operator: Client) -> None:
    """By who sent it, or by its connection, each of thousands of tries would look at thousands."""
    with CaptureQueriesContext(connection) as queries:
        operator.get(LIST)
    (count,) = (one["sql"] for one in queries if "COUNT" in one["sql"] and "EXISTS" in one["sql"])
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {count}")
        plan = [row[3] for row in cursor.fetchall()]
    assert sum("(customer_id=? AND number>? AND number<?)" in line for line in plan) == 1, plan
