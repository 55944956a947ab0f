"""What looks equal is equal (product.md A5): keys, values, what is stored and what is searched for."""

import unicodedata

import pytest

from instroom.flow import delivery_document, find
from instroom.flow.queries.look_up import look_up
from tests.contracts.customer import SampleCustomer, company, person

pytestmark = pytest.mark.on_sqlite_alone  # but for what is marked otherwise

C1, P1 = ("company", ("CRM 1", "b 1")), ("person", ("HR", "p 1"))
PLAIN = [
    person("P 1", first="Zoë", surname="Zandström  Müller", job="Hoofd")
    | company("B 1", name="Café Übung", cgroup="Größe", ccategory="Één", cfree="VrijveldA", cvalue="Ööst")
    | {"cs": "CRM 1", "BedrijfOpmerking": "één\ntwee"}
]


def written(rows, change):
    """The rows with each value written otherwise."""
    codes = ("cfree", "cs")
    return [{name: text if name in codes else change(text) for name, text in row.items()} for row in rows]


def live(delivery):
    document = delivery_document.document(delivery)["live"]
    return [document[kind]["unchanged"] for kind in ("companies", "persons")]


@pytest.mark.parametrize(
    "change",
    [
        lambda text: unicodedata.normalize("NFD", text),
        lambda text: text.replace(" ", "\u00a0"),
        lambda text: text.replace(" ", " \u202f "),
        pytest.param(lambda text: f"\u200b{text[:1]}\u00ad{text[1:]}\u200e", marks=pytest.mark.on_postgresql),
        lambda text: f"\ufeff{text}\u3000",
    ],
)
def test_a_delivery_that_looks_the_same_changes_nothing(change):
    customer = SampleCustomer()
    customer.import_(PLAIN)
    before = customer.snapshot()
    delivery = customer.import_(written(PLAIN, change))
    assert list(delivery_document.changes(delivery, "live")) == []
    assert live(delivery) == [1, 1]
    assert customer.snapshot() == before


@pytest.mark.on_postgresql
def test_what_is_stored_is_what_is_seen():
    customer = SampleCustomer()
    customer.import_(written(PLAIN, lambda text: unicodedata.normalize("NFD", text.replace(" ", "\u00a0\u200b "))))
    stored = customer.snapshot()
    assert stored[P1]["extern_id"] == "P 1"
    assert (stored[P1]["first_name"], stored[P1]["surname"]) == ("Zoë", "Zandström Müller")
    assert stored[C1]["name"] == "Café Übung"
    assert stored[C1]["remarks"] == "één\ntwee"


@pytest.mark.parametrize(
    "text",
    [
        "Zandström Müller",
        "Zandström\u00a0Müller",
        "  Zandström   Müller ",
        pytest.param("Zandstro\u0308m Mu\u0308ller", marks=pytest.mark.on_postgresql),
        "p\u20091",
        "P\u00ad 1",
    ],
)
def test_a_person_is_found_whatever_the_spaces_and_the_composition_typed(text):
    customer = SampleCustomer()
    customer.import_(PLAIN)
    found = look_up(customer.environment(), text, by=find.user("reader"))
    assert [one.name for one in found if one.kind == "person"] == ["Zoë Zandström Müller"]
