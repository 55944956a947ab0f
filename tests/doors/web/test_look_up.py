"""The reader: finds companies and persons, and reads their dossiers (product.md D9, G2)."""

import pytest
from django.test import Client
from tests.doors.web.desk import ANNA, BRAM, COMPANY, Desk

from instroom.store.models import AuditEntry

ELLEN = ANNA | {
    "PersoonExternId": "0042",
    "PersoonVoornaam": "Ellen",
    "PersoonTussenvoegsel": "",
    "PersoonAchternaam": "Verzonnen",
    "PersoonGeboortedatum": "05-06-1970",
    "PersoonEmailWerk": "Ellen@Voorbeeld.example",
    "PersoonPrivePostcode": "9999 ZZ",
}


@pytest.fixture
def reader(desk: Desk) -> Client:
    """The reader's browser, with dossiers in live."""
    desk.import_in_live(ANNA | COMPANY | {"BedrijfBezoekPostcode": "4321 BA"}, BRAM, ELLEN)
    return desk.signed_in("reader")


def found(client: Client, text: str, environment: str = "live") -> set[str]:
    """The names that a search finds."""
    page = client.get(f"/customers/ons/{environment}/search", {"q": text}).content.decode()
    names = ("Anna de Voorbeeld", "Bram de Voorbeeld", "Ellen Verzonnen", "Voorbeeld BV")
    return {name.split()[0] for name in names if f'">{name}</a>' in page}


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("voorbeeld", {"Anna", "Bram", "Voorbeeld"}),
        ("VOORB", {"Anna", "Bram", "Voorbeeld"}),
        ("Verz", {"Ellen"}),
        ("anna de voorbeeld", {"Anna"}),
        ("bram voorb", {"Bram"}),
        ("p-1", {"Anna"}),
        ("P-2", {"Bram"}),
        ("0042", {"Ellen"}),
        ("c-1", {"Voorbeeld"}),
        ("1234 AB", {"Anna", "Bram"}),
        ("1234ab", {"Anna", "Bram"}),
        ("4321 ba", {"Voorbeeld"}),
        ("ellen@voorbeeld.EXAMPLE", {"Ellen"}),
        ("eeld", set()),
        ("%", set()),
        ("_oorbeeld", set()),
        ("x", set()),
        ("", set()),
        ("\0", set()),
        ("niemand@voorbeeld.example", set()),
    ],
)
def test_by_name_key_postal_code_or_email(reader: Client, text: str, names: set[str]) -> None:
    assert found(reader, text) == names


def test_nothing_of_another_customer_is_found(reader: Client, other_desk: Desk) -> None:
    client = other_desk.signed_in("reader")
    page = client.get("/customers/ander/live/search", {"q": "voorbeeld"}).content.decode()
    assert "Nothing found" in page


def test_training_and_live_are_apart(desk: Desk) -> None:
    desk.deliver(ANNA)
    client = desk.signed_in("reader")
    assert found(client, "Voorbeeld", "training") == {"Anna"}
    assert found(client, "Voorbeeld", "live") == set()


@pytest.mark.parametrize("environment", ["training", "live"])
@pytest.mark.parametrize("page", ["search?q=anna", "person?source=HR&id=P-1", "company?source=HR&id=C-1"])
def test_the_environment_is_named_in_word_and_colour(reader: Client, page: str, environment: str) -> None:
    text = reader.get(f"/customers/ons/{environment}/{page}").content.decode()
    assert f'<div class="place {environment}"><strong>{environment}</strong>' in text


def test_there_is_no_third_environment(reader: Client) -> None:
    assert reader.get("/customers/ons/test/search").status_code == 404


def test_a_dossier_has_its_fields_its_company_and_its_history(reader: Client, desk: Desk) -> None:
    desk.import_in_live(ANNA | COMPANY | {"PersoonVoornaam": "Annelies"})
    text = reader.get("/customers/ons/live/person?source=HR&id=p-1").content.decode()
    for said in ("<h1>Annelies de Voorbeeld</h1>", "01-02-1980", "Voorbeeld BV", '<td data-label="Was">Anna</td>'):
        assert said in text
    assert text.count('class="past"') == 2


def test_a_company_has_its_persons(reader: Client) -> None:
    text = reader.get("/customers/ons/live/company?source=HR&id=c-1").content.decode()
    assert "Anna de Voorbeeld" in text
    assert "Bram de Voorbeeld" not in text


def test_a_sight_of_a_dossier_is_in_the_audit_log(reader: Client) -> None:
    reader.get("/customers/ons/live/person?source=HR&id=P-1")
    entry = AuditEntry.objects.get(action="dossier-seen")
    assert entry.user and entry.user.username == "ons-reader"


@pytest.mark.parametrize("query", ["", "?source=HR", "?id=P-1", "?source=HR&id=nergens", "?source=%00&id=%00"])
def test_a_dossier_that_is_not_there(reader: Client, query: str) -> None:
    assert reader.get(f"/customers/ons/live/person{query}").status_code == 404
