"""What was delivered is encrypted in the database, apart from the dossiers themselves (product.md G3)."""

import pytest
from django.db import connection

from instroom.core.keys import key
from instroom.flow import delivery_document, find
from instroom.flow.delivery.undo import undo
from instroom.flow.queries.history import dossier, history
from instroom.flow.queries.plan_page import ChangesFilter, plan_page
from instroom.store.models import Environment, Mail, User
from instroom.store.sql import person_keys
from tests.contracts.customer import SampleCustomer, company, person

DOSSIERS = {"store_company", "store_person", "store_category"}


def stored_bytes() -> bytes:
    """All that is in the tables, but for the dossiers, and for SQLite's index of their words."""
    tables = set(connection.introspection.table_names()) - DOSSIERS
    tables = {one for one in tables if not one.startswith(("store_company_words", "store_person_words"))}
    with connection.cursor() as cursor:
        rows = []
        for table in sorted(tables):
            cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608 (ours)
            rows += cursor.fetchall()
    cells = (cell for row in rows for cell in row)
    return b"\n".join(bytes(cell) if isinstance(cell, (bytes, memoryview)) else str(cell).encode() for cell in cells)


def test_no_value_of_a_person_is_in_the_clear() -> None:
    customer = SampleCustomer()
    User.objects.filter(username="supplier").update(email="supplier@voorbeeld.example")
    customer.import_([person("K-4711", surname="Zwaluwenburg") | company("B-1", name="Een BV")])
    customer.deliver([person("K-4711", surname="Merelstein", email="jan at voorbeeld")])
    found = stored_bytes()
    assert all(value.encode() not in found for value in ("K-4711", "Zwaluwenburg", "Merelstein", "Een BV", "jan at"))
    mails = list(Mail.objects.filter(customer=customer.record))
    assert mails
    assert all(one.text and one.text.encode() not in found for one in mails)


def test_with_the_key_of_a_person_all_values_of_it_are_erased() -> None:
    customer = SampleCustomer()
    first = customer.import_([person("1", surname="Zwaluwenburg"), person("2", surname="Merelstein")])
    live, operator = customer.environment(), find.user("operator")
    assert person_keys.forget(customer.record.pk, key("HR", "1"))
    assert not person_keys.forget(customer.record.pk, key("HR", "1"))

    changes = {one["extern_id"]: one for one in delivery_document.changes(first, Environment.LIVE)}
    assert changes.keys() == {"", "2"}
    assert changes[""]["fields"] == {}
    assert changes["2"]["fields"]["surname"] == ["", "Merelstein"]
    [past] = history(live, dossier(live, "person", "HR", "1", by=operator).stored, by=operator)
    assert (past.change["action"], past.change["extern_id"], past.change["fields"]) == ("new", "", {})
    undone = customer.carry_on(undo(first, by=find.user("approver")))
    changed = [one["extern_id"] for one in delivery_document.changes(undone, Environment.LIVE)]
    assert changed == ["2"]  # nothing is known of what the import did to the other


@pytest.mark.parametrize(("text", "names"), [("merel", ["Merelstein"]), ("k-47", ["Zwaluwenburg"]), ("x", [])])
def test_a_plan_is_searched_by_what_is_encrypted(text: str, names: list[str]) -> None:
    customer = SampleCustomer()
    one = customer.deliver([person("K-4711", surname="Zwaluwenburg"), person("2", surname="Merelstein")])
    page = plan_page(one, Environment.LIVE, ChangesFilter(text=text), by=find.user("operator"))
    assert page
    assert [row.name for row in page.page.items] == names
