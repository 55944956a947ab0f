"""What a record does (product.md B), told as deliveries."""

import pytest

from instroom.flow import delivery_document
from instroom.store.sql import findings
from tests.contracts.customer import SampleCustomer, company, person

pytestmark = pytest.mark.on_sqlite_alone  # but for what is marked otherwise

C1, C2 = ("company", ("CRM", "1")), ("company", ("CRM", "2"))
P1, P2 = ("person", ("HR", "1")), ("person", ("HR", "2"))


def live(delivery):
    return delivery_document.document(delivery)["live"]


def test_company_person_and_both():
    customer = SampleCustomer()
    delivery = customer.import_(
        [company("1", name="Een"), person("1") | company("2", name="Twee"), person("2", first="Bo")]
    )
    stored = customer.snapshot()
    assert stored[C1] == {"extern_id": "1", "name": "Een", "active": "Ja"}
    assert stored[P1]["company"] == ("CRM", "2")
    assert "company" not in stored[P2]
    assert live(delivery)["companies"] == {"new": 2, "changed": 0, "unchanged": 0}
    assert live(delivery)["persons"] == {
        "new": 2, "changed": 0, "unchanged": 0, "linked": 1, "relinked": 0, "unlinked": 0,
    }  # fmt: skip
    assert customer.snapshot("training") == stored


def test_a_person_without_a_company_is_unlinked_and_the_company_stays():  # B2
    customer = SampleCustomer()
    customer.import_([person("1") | company("1", name="Een")])
    delivery = customer.import_([person("1")])
    assert customer.codes(delivery) == [("person-unlinked", 2)]
    assert findings.stored(delivery)[0].facts == {"company": "1"}
    assert live(delivery)["persons"]["unlinked"] == 1
    assert live(delivery)["persons"]["unchanged"] == 1
    assert "company" not in customer.snapshot()[P1]
    assert customer.snapshot()[C1]["active"] == "Ja"


@pytest.mark.on_postgresql
def test_a_person_at_another_company_is_relinked():  # B10
    customer = SampleCustomer()
    customer.import_([person("1") | company("1", name="Een"), company("2", name="Twee")])
    delivery = customer.import_([person("1") | company("2")])
    assert live(delivery)["persons"]["relinked"] == 1
    assert customer.snapshot()[P1]["company"] == ("CRM", "2")


def test_a_blank_on_a_repeated_company_says_nothing_under_leave():  # B3
    customer = SampleCustomer()
    customer.import_(
        [
            person("1") | company("1", name="Een", city="Delft"),
            person("2") | company("1", name="Een", cphone="+31 20 000 0012"),
        ]
    )
    assert customer.snapshot()[C1] == {
        "extern_id": "1", "name": "Een", "visiting_address.city": "Delft", "phone": "+31 20 000 0012", "active": "Ja",
    }  # fmt: skip


@pytest.mark.on_postgresql
def test_keys_meet_whatever_case_spaces_and_unicode_form():  # B4, B5
    customer = SampleCustomer()
    customer.import_([person("13DeRQé"), company("a", name="A")])
    delivery = customer.import_([person(" 13derqe\u0301 ", job="Docent") | company("A")])
    assert live(delivery)["persons"]["new"] == 0
    assert live(delivery)["persons"]["changed"] == 1
    assert live(delivery)["persons"]["linked"] == 1
    assert customer.snapshot()["person", ("HR", "13derqé")]["extern_id"] == "13DeRQé"


@pytest.mark.on_postgresql
def test_source_differs_by_case():  # B4
    customer = SampleCustomer()
    delivery = customer.import_([person("1", ps="HR"), person("1", ps="hr")])
    assert live(delivery)["persons"]["new"] == 2


@pytest.mark.on_postgresql
@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 2, 0)])
def test_of_a_new_key_written_in_several_ways_the_first_in_sort_order_is_kept(order):  # B5
    customer = SampleCustomer()
    rows = [
        person("1") | company("ab", name="X"),
        person("2") | company("AB", name="X"),
        person("3") | company("Ab", name="X"),
    ]
    customer.import_([rows[index] for index in order])
    assert customer.snapshot()["company", ("CRM", "ab")]["extern_id"] == "AB"


def test_blank_leaves_a_value_as_it_is():  # B6
    customer = SampleCustomer()
    customer.import_([person("1", job="Docent", first="Bo")])
    delivery = customer.import_([person("1", first="Bob")])
    assert customer.snapshot()[P1]["job_title"] == "Docent"
    assert customer.snapshot()[P1]["first_name"] == "Bob"
    (change,) = delivery_document.changes(delivery, "live")
    assert change["fields"] == {"first_name": ["Bo", "Bob"]}


@pytest.mark.on_postgresql
def test_blank_clears_under_clear_and_the_preview_counts_it():  # B6
    customer = SampleCustomer()
    customer.import_(
        [person("1", job="Docent", active="Nee", group="Rol", category="Docent", free="VrijveldA", value="1")]
    )
    delivery = customer.deliver([person("1")], blank="clear")
    assert delivery_document.plan_of(delivery, "live").totals["cleared"] == 1
    customer.approve(delivery)
    # A field with a default, a category and a free field are not emptied by a blank cell.
    assert customer.snapshot()[P1] == {
        "extern_id": "1", "surname": "Voorbeeld", "active": "Nee",
        "categories": (("Rol", "Docent"),), "free_fields": {"VrijveldA": "1"},
    }  # fmt: skip


@pytest.mark.parametrize("blank", ["leave", "clear"])
def test_a_company_by_key_alone_is_not_changed(blank):  # B7
    customer = SampleCustomer()
    customer.import_([company("1", name="Een", city="Delft")])
    delivery = customer.import_([person("1") | company("1")], blank=blank)
    assert live(delivery)["companies"] == {"new": 0, "changed": 0, "unchanged": 1}
    assert customer.snapshot()[C1]["visiting_address.city"] == "Delft"
    assert customer.snapshot()[P1]["company"] == ("CRM", "1")


def test_an_unknown_company_by_key_alone_is_an_error():  # B7
    customer = SampleCustomer()
    delivery = customer.deliver([person("1") | company("9"), person("2")])
    assert delivery.state == "rejected"
    assert customer.codes(delivery) == [("company-unknown", 2)]
    assert customer.snapshot() == customer.snapshot("training") == {}


def test_a_company_by_key_alone_may_stand_elsewhere_in_the_file():  # B7, B11
    customer = SampleCustomer()
    customer.import_([person("1") | company("1"), person("2") | company("1", name="Een")])
    assert customer.snapshot()[P1]["company"] == ("CRM", "1")


@pytest.mark.on_postgresql
def test_categories_are_added_and_never_removed():  # B8
    customer = SampleCustomer()
    customer.import_([company("1", name="Een", cgroup="Branche", ccategory="Zorg")])
    customer.import_([company("1", name="Een", cgroup="Branche", ccategory="Bouw")])
    customer.import_([company("1", name="Een")])
    assert customer.snapshot()[C1]["categories"] == (("Branche", "Bouw"), ("Branche", "Zorg"))


@pytest.mark.on_postgresql
def test_a_free_field_is_set_by_its_definition():  # B8
    customer = SampleCustomer()
    customer.import_([company("1", name="Een", cfree="VrijveldA", cvalue="1")])
    customer.import_([company("1", name="Een", cfree="VrijveldB", cvalue="2")])
    customer.import_([company("1", name="Een", cfree="VrijveldA", cvalue="3")])
    assert customer.snapshot()[C1]["free_fields"] == {"VrijveldA": "3", "VrijveldB": "2"}


@pytest.mark.on_postgresql
def test_what_is_not_in_the_file_stays_and_is_counted():  # B9
    customer = SampleCustomer()
    customer.import_([person("1") | company("1", name="Een"), person("2") | company("2", name="Twee")])
    before = customer.snapshot()
    delivery = customer.import_([person("2") | company("2")])
    assert delivery_document.plan_of(delivery, "live").totals["not_in_file"] == {"companies": 1, "persons": 1}
    assert customer.snapshot() == before


def test_skip_leaves_out_what_is_wrong_and_all_that_is_at_odds():  # C3, B11
    customer = SampleCustomer()
    rows = [
        person("1") | company("1", name="Een"),
        person("2") | company("1", name="Eén"),  # conflicts with the first: both are left out
        person("3", born="31-02-1980"),
        person("4"),
        person("5") | company("1"),  # leans on a company that is left out
        *[person(str(number)) for number in range(10, 20)],
    ]
    delivery = customer.import_(rows, on_error="skip", skip_limit_percent=30)
    assert ("company-unknown", 6) in customer.codes(delivery)
    assert live(delivery)["left_out"] == 4
    assert live(delivery)["records"] == 15
    assert {key[1][1] for key in customer.snapshot()} == {"4", *map(str, range(10, 20))}


def test_skip_over_its_limit_rejects():  # C3
    customer = SampleCustomer()
    delivery = customer.deliver([person("1", born="31-02-1980"), person("2")], on_error="skip", skip_limit_percent=49)
    assert (delivery.state, delivery.reason) == ("rejected", "skip-limit")


def test_whole_imports_nothing_for_one_error_and_tells_them_all():  # C1, C3
    customer = SampleCustomer()
    delivery = customer.deliver([person("1", born="31-02-1980"), person("2", email="y"), person("3") | company("9")])
    assert (delivery.state, delivery.reason) == ("rejected", "errors")
    assert customer.codes(delivery) == [("value-date", 2), ("value-email", 3), ("company-unknown", 4)]
    assert customer.snapshot("training") == {}


def test_one_fault_under_whole_does_not_bring_false_ones():
    customer = SampleCustomer()
    delivery = customer.deliver([person("1", born="31-02-1980") | company("1", name="Een"), person("2") | company("1")])
    assert customer.codes(delivery) == [("value-date", 2)]


def test_a_company_that_exists_needs_no_name_and_a_new_one_does():
    customer = SampleCustomer()
    customer.import_([company("1", name="Een")])
    customer.import_([company("1", city="Delft")])
    assert customer.snapshot()[C1] == {
        "extern_id": "1",
        "name": "Een",
        "visiting_address.city": "Delft",
        "active": "Ja",
    }
    delivery = customer.deliver([company("2", city="Delft")])
    assert customer.codes(delivery) == [("required-missing", 2)]


def test_a_repeated_person_is_left_out_and_its_company_counts():
    customer = SampleCustomer()
    delivery = customer.import_(
        [person("1") | company("1", name="Een"), person("1") | company("1", name="Een", city="Delft")]
    )
    assert customer.codes(delivery) == [("person-repeated", 3)]
    assert live(delivery)["left_out"] == 1
    assert customer.snapshot()[C1]["visiting_address.city"] == "Delft"


@pytest.mark.parametrize(
    ("stored", "new", "by"),
    [
        (person("1", first="Bo", born="01-02-1980"), person("2", first="bo", born="01-02-1980"), "name-date"),
        (person("1", email="bo@example.org"), person("2", home_email="BO@example.org", surname="Anders"), "email"),
        (
            company("1", name="Een", BedrijfBezoekPostcode="1234 AB"),
            company("2", name="EEN", BedrijfPostPostcode="1234ab"),
            "name-postal",
        ),
        (
            company("1", name="Een", BedrijfIdentificatieNr="00000018", BedrijfIdentificatieNrType="KVK"),
            company("2", name="Twee", BedrijfIdentificatieNr="00000018", BedrijfIdentificatieNrType="KVK"),
            "registration",
        ),
    ],
)
@pytest.mark.on_postgresql
def test_a_new_dossier_that_resembles_a_stored_one_is_told(stored, new, by):
    customer = SampleCustomer()
    customer.import_([stored])
    delivery = customer.deliver([new])
    assert [(item.code, item.facts["by"], item.facts["extern_id"]) for item in findings.stored(delivery)] == [
        ("possible-duplicate", by, "1")
    ]
    assert customer.deliver([stored]).verdict == "clean"


def test_another_first_name_is_no_resemblance():
    customer = SampleCustomer()
    customer.import_([person("1", first="Bo", born="01-02-1980")])
    assert customer.codes(customer.deliver([person("2", first="Jo", born="01-02-1980")])) == []


@pytest.mark.on_postgresql
def test_an_extern_id_that_exists_with_leading_zeros_is_told():
    customer = SampleCustomer()
    customer.import_([person("00123")])
    delivery = customer.deliver([person("123", first="Bo")])
    (found,) = findings.stored(delivery)
    assert (found.code, found.column, found.facts) == (
        "value-leading-zero", "PersoonExternId", {"problem": "stored", "likely": "00123"},
    )  # fmt: skip


@pytest.mark.parametrize(
    ("stored", "delivered", "code"),
    [
        ("1001", "1001.0", "value-converted"),
        ("3-5", "3-mei", "value-converted"),
        ("José-1", "JosÃ©-1", "value-garbled"),
        ("José-1", "Jos%C3%A9-1", "value-garbled"),
    ],
)
@pytest.mark.on_postgresql
def test_an_extern_id_that_exists_as_it_was_before_a_program_spoilt_it_is_told(stored, delivered, code):  # A5
    customer = SampleCustomer()
    customer.import_([person(stored)])
    delivery = customer.deliver([person(delivered, first="Bo")])
    (told,) = [item for item in findings.stored(delivery) if item.facts.get("problem") == "stored"]
    assert (told.code, told.row, told.column, told.value) == (code, 2, "PersoonExternId", delivered)
    assert told.facts["likely"] == stored
