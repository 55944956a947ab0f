"""Whoever writes a dossier and in whatever way, it is found by its words, and what is gone leaves none behind."""

import contextlib
import sqlite3

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from instroom.core.errors import NotAllowed
from instroom.core.fields import FIELDS
from instroom.flow import find
from instroom.flow.delivery.refresh import refresh_training
from instroom.flow.operations.cleaning import clean
from instroom.flow.privacy.erasing import erase
from instroom.flow.queries.look_up import SearchFilter, hits, look_up, suggest
from instroom.flow.queries.plan_page import ChangesFilter, plan_page
from instroom.store.models import Company, Environment, Person, Role, User
from instroom.store.search_index import KINDS, environment_word
from instroom.store.sql import customer_rows
from tests.contracts.customer import SampleCustomer, company, person
from tests.contracts.indexed_words import computed, indexed

pytestmark = pytest.mark.on_postgresql


def names(customer: SampleCustomer, text: str) -> list[str]:
    return [one.name for one in look_up(customer.environment(), text, by=find.user("reader"))]


FINN = person(
    "100401", first="Finn", surname="Brouwer", born="06-11-1991", mobile="06-32610205", email="fb@voorbeeld.example"
) | {"PersoonPersoneelsnummer": "000401", "PersoonPrivePlaats": "Utrecht", "PersoonPrivePostcode": "3501AB"}


def test_persons_are_narrowed_down() -> None:
    customer, by = SampleCustomer(), find.user("reader")
    linde, other = company("1", name="De Linde"), company("2", name="Anders")
    customer.import_(
        [
            person("1", first="An", surname="Bakker", department="Zorg 1") | linde,
            person("2", first="Bo", surname="Bakker", department="zorg 2", active="Nee") | linde,
            person("3", first="Cas", surname="Bakker", department="100%_!") | other,
            person("4", first="Do", surname="Visser") | linde,
            person("5", first="Ed", surname="Bakker"),
        ]
    )
    asked = {
        ("bakker", SearchFilter(company="linde")): ["An", "Bo"],
        ("bakker", SearchFilter(department="ZORG")): ["An", "Bo"],
        ("bakker", SearchFilter(department="orG")): [],
        ("bakker", SearchFilter(department="100%_!")): ["Cas"],
        ("bakker", SearchFilter(department="%")): [],
        ("bakker", SearchFilter(active="no")): ["Bo"],
        ("bakker", SearchFilter(active="yes")): ["An", "Cas", "Ed"],
        ("bakker", SearchFilter(active="yes", company="1", department="zorg")): ["An"],
        ("", SearchFilter(company="linde")): ["An", "Bo", "Do"],
        ("", SearchFilter(department="zorg")): [],
        ("", SearchFilter(company="%")): [],
        ("bakker", SearchFilter(company="niemand")): [],
        ("linde", SearchFilter(active="yes")): [""],  # the company itself
    }
    found = {
        one: [row.values.get("first_name", "") for row in look_up(customer.environment(), one[0], one[1], by=by)]
        for one in asked
    }
    assert found == asked


def test_by_what_a_dossier_was_found_is_said() -> None:
    customer = SampleCustomer()
    customer.import_([FINN | company("1", name="De Linde", cphone="030-1234567")])
    asked = {"06 32610205": ["mobile"], "fb@voor": ["work_email"], "finn utrecht": ["home_address.city"], "finn": []}
    asked |= {"06-11-1991": [], "100401": [], "finn linde": [], "030-1234567": ["phone"], "000401": ["employee_number"]}
    found = {text: look_up(customer.environment(), text, by=find.user("reader")) for text in asked}
    assert {text: list(rows[0].by) for text, rows in found.items()} == asked


def test_a_plan_asks_what_was_meant() -> None:
    customer = SampleCustomer()
    customer.import_([person("1", first="Finn", surname="Brouwer")])
    delivery = customer.deliver(
        [person("1", first="Finn", surname="Janssen"), person("2", first="Bo", surname="Jansen"), person("3")]
    )
    texts = ("Finn Brouer", "janssne", "Finn", "xyz", "Vorbeeld")
    pages = {text: plan_page(delivery, "live", ChangesFilter(text=text)) for text in texts}
    assert {text: page and page.suggestion for text, page in pages.items()} == {
        "Finn Brouer": "Finn Brouwer",
        "janssne": "janssen",
        "Finn": "",
        "xyz": "",
        "Vorbeeld": "Voorbeeld",
    }


def test_the_index_has_the_words_of_the_dossiers_whatever_happens() -> None:
    customer, other = SampleCustomer(), SampleCustomer()
    linde = company("1", name="Locatie 001 De Linde", city="Utrecht", cphone="030-1234567")
    steps = [
        lambda: customer.import_([FINN | linde, person("2", first="Zoë", surname="Ångström-d’Été")]),
        lambda: other.import_([person("100401", first="Finn", surname="Ander")]),
        lambda: customer.import_([FINN | linde | {"surname": "Janssen"}, person("3")]),
        lambda: customer.undo(customer.import_([FINN | {"surname": "Pieters"}, person("4")])),
        lambda: refresh_training(customer.record, by=find.user("operator")),
        lambda: erase(customer.record, "100401", "HR", "verzoek", by=find.user("operator")),
    ]
    for step in steps:
        step()
        assert indexed() == computed()
    assert names(customer, "Finn") == []
    assert names(other, "Finn") == ["Finn Ander"]


@pytest.mark.parametrize("gone", ["person", "customer", "name"])
def test_no_word_of_what_was_deleted_stays_in_the_file(gone: str) -> None:
    """PostgreSQL frees the place of its words by itself."""
    if connection.vendor == "sqlite":
        customer, other = SampleCustomer(), SampleCustomer()
        customer.import_([person("1", first="Xylofoon") | company("1", name="Xylofoon")])
        for number in range(3):  # each is a part of the index
            other.import_([person(f"{number}", first="Anna") | company(f"{number}", name="Anders")])
        assert has_bytes("lofoon") == {"person": True, "company": True}
        if gone == "person":
            erase(customer.record, "1", "HR", "verzoek", by=find.user("operator"))
        elif gone == "customer":
            customer_rows_gone(customer)
        else:
            Person.objects.filter(first_name="Xylofoon").update(first_name="Piano")
            clean()
        assert has_bytes("lofoon") == {"person": False, "company": gone != "customer"}


@transaction.atomic
def customer_rows_gone(customer: SampleCustomer) -> None:
    customer_rows.delete(customer.record.pk)


def has_bytes(word: str) -> dict[str, bool]:
    found = {}
    with connection.cursor() as cursor:
        for kind in KINDS:
            cursor.execute(f"SELECT max(instr(block, CAST(%s AS BLOB))) FROM store_{kind}_words_data", [word])  # noqa: S608 - ours
            found[kind] = bool(cursor.fetchone()[0])
    return found


TEXTS = st.text("abzABZ09 éÉøØßæœĳñकि'’-./@|+&:\\*()\"“—", max_size=12)
FIELD_OF = {kind: [name.replace(".", "_") for name in FIELDS[kind]] for kind in KINDS}


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    st.dictionaries(st.sampled_from(FIELD_OF["company"]), TEXTS, max_size=8),
    st.lists(st.dictionaries(st.sampled_from(FIELD_OF["person"]), TEXTS, max_size=8), min_size=1, max_size=3),
    TEXTS,
)
def test_whatever_the_fields_hold(firm: dict[str, str], versions: list[dict[str, str]], key: str) -> None:
    with contextlib.suppress(RolledBack), transaction.atomic():
        place = SampleCustomer().environment()
        Company.objects.create(environment=place, extern_source="HR", extern_id=key, extern_id_key=key, **firm)
        one = Person.objects.create(environment=place, extern_source="HR", extern_id=key, extern_id_key=key)
        for values in versions:
            Person.objects.filter(pk=one.pk).update(**values)
            assert indexed() == computed()
        one.delete()
        assert indexed() == computed()
        raise RolledBack


class RolledBack(Exception):
    """Nothing of it stays."""


@pytest.fixture
def customer() -> SampleCustomer:
    made = SampleCustomer()
    locations = [
        person(f"9{number:03d}") | company(f"{number}", name=f"Locatie {number:03d} De Wilg") for number in range(2)
    ]
    made.import_(
        [
            FINN | company("77", name="Locatie 042 De Linde", city="Utrecht", cphone="030-1234567"),
            person("2", first="Zoë", surname="Brouwer"),
            person("3", first="Anna", surname="Brouwer"),
            person("4", first="किरण"),
            *locations,
        ]
    )
    return made


FOUND = {
    "Finn": ["Finn Brouwer"],
    "zoe": ["Zoë Brouwer"],
    "Brouwer Finn": ["Finn Brouwer"],
    "f. brouwer": ["Finn Brouwer"],
    "brou": ["Anna Brouwer", "Finn Brouwer", "Zoë Brouwer"],
    "06-11-1991": ["Finn Brouwer"],
    "1991-11-06": ["Finn Brouwer"],
    "+31 6 32610205": ["Finn Brouwer"],
    "000401": ["Finn Brouwer"],
    "100401": ["Finn Brouwer"],
    "3501 ab": ["Finn Brouwer"],
    "De Linde": ["Locatie 042 De Linde"],
    "Utrecht": ["Locatie 042 De Linde", "Finn Brouwer"],
    "030 1234567": ["Locatie 042 De Linde"],
    "fb@voor": ["Finn Brouwer"],
    "Brouwer De Linde": ["Finn Brouwer"],
    "rouwer": [],
    "06": [],
    "e0": [],
    'NEAR("Finn", 3) OR * ^ : -': [],
    "Finn'; \\ \0 \u202e": ["Finn Brouwer"],
    "Finn 😀": [],
    "किरण": ["किरण Voorbeeld"],
    "محمد": [],
    "Brouwer " * 2000: ["Anna Brouwer", "Finn Brouwer", "Zoë Brouwer"],
}


def test_search_as_people_search(customer: SampleCustomer) -> None:
    assert {text: names(customer, text) for text in FOUND} == FOUND


def test_two_writes_of_a_dossier_in_one_statement_or_one_transaction(customer: SampleCustomer) -> None:
    """Of an upsert, SQLite gives the triggers its own way to solve conflicts."""
    place = customer.environment()
    with transaction.atomic():
        one = Company.objects.create(environment=place, extern_source="CRM", extern_id="x", extern_id_key="x", name="A")
        again = Company(pk=one.pk, environment=place, extern_source="CRM", extern_id="x", extern_id_key="x", name="B")
        Company.objects.bulk_create([again], update_conflicts=True, unique_fields=["id"], update_fields=["name"])
        with contextlib.suppress(RolledBack), transaction.atomic():
            Company.objects.filter(pk=one.pk).update(name="C")
            raise RolledBack
    assert indexed() == computed()


def test_nobody_finds_what_they_may_not_see(customer: SampleCustomer) -> None:
    """Nor is a word of it suggested."""
    other, place = SampleCustomer(), customer.environment()
    other.import_([person("100401", first="Guusje", surname="Elders")])
    limited = User.objects.create(username=f"limited-{customer.name}")
    Role.objects.create(customer=customer.record, user=limited, name="reader", sources=["CRM"])
    assert [one.name for one in look_up(place, "Utrecht", by=limited)] == ["Locatie 042 De Linde"]
    assert [look_up(place, text, by=limited) for text in ("Brouwer", "Brouwer De Linde", "100401")] == [[], [], []]
    assert suggest(place, "Brouer", by=limited) is None
    reader = find.user("reader")
    assert look_up(place, "Guusje", by=reader) == look_up(
        place, environment_word(other.environment().id.hex), by=reader
    )
    assert suggest(place, "Guusj", by=reader) is None
    for asks in (look_up, suggest):
        with pytest.raises(NotAllowed):
            asks(other.environment(), "Guusje", by=limited)


def test_what_an_older_version_writes_is_found_after_the_next_commit_of_ours(customer: SampleCustomer) -> None:
    if connection.vendor == "sqlite":
        with contextlib.closing(sqlite3.connect(connection.settings_dict["NAME"])) as theirs:
            theirs.execute("UPDATE store_person SET first_name = 'Wies' WHERE first_name = 'Finn'")
            theirs.execute("DELETE FROM store_person WHERE first_name = 'Anna'")
            theirs.commit()
        with transaction.atomic():
            pass
        assert [names(customer, text) for text in ("wies", "finn", "anna")] == [["Wies Brouwer"], [], []]


def test_an_untrue_index_shows_nothing_of_another_customer(customer: SampleCustomer) -> None:
    if connection.vendor == "sqlite":
        other, word = SampleCustomer(), environment_word(customer.environment().id.hex)
        other.import_([person("1", first="Guusje")])
        of_guusje = "SELECT %s, rowid, %s FROM store_person WHERE first_name = 'Guusje'"
        statement = f"INSERT INTO store_person_words(store_person_words, rowid, words) {of_guusje}"
        with connection.cursor() as cursor:
            cursor.execute(statement, [None, word])
            assert names(customer, "guusje") == []
            cursor.execute(statement, ["delete", word])


def test_one_wrong_letter_is_asked_back(customer: SampleCustomer) -> None:
    place, reader = customer.environment(), find.user("reader")
    asked = {
        text: suggest(place, text, by=reader) for text in ("Brouer", "finn brouewr", "Lnide", "Finn Zoe", "xyzzyxx")
    }
    assert asked == {
        "Brouer": ("Brouwer", 3),
        "finn brouewr": ("finn brouwer", 1),
        "Lnide": ("Linde", 1),
        "Finn Zoe": None,
        "xyzzyxx": None,
    }


def test_of_more_than_a_page_each_is_on_one(customer: SampleCustomer) -> None:
    customer.import_([person(f"x{number}", first=f"Ad{number:03d}", surname="Veel") for number in range(120)])
    seen, after = list[str](), ""
    while True:
        _, persons = hits(customer.environment(), "veel", "person", after, by=find.user("reader"))
        seen += [one.name for one in persons.items]
        assert (persons.total, persons.too_many) == (120, False)
        if not (after := persons.more):
            break
    assert seen == [f"Ad{number:03d} Veel" for number in range(120)]


def test_a_change_is_found_by_its_old_and_its_new_words(customer: SampleCustomer) -> None:
    delivery = customer.deliver([FINN | {"surname": "Janssen"}, person("2", first="Zoë", surname="Brouwer-Smit")])
    operator = find.user("operator")
    for text, wanted in (
        ("finn brouwer", 1),
        ("Janssen", 1),
        ("janssen finn", 1),
        ("brouwer", 2),
        ("zoe smit", 1),
        ("x", 0),
    ):
        page = plan_page(delivery, Environment.LIVE, ChangesFilter(text=text), by=operator)
        assert page is not None
        assert page.page.total == wanted, text
