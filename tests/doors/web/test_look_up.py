"""The reader: finds companies and persons, and reads their dossiers (product.md D9, G2)."""

import html
import re
from datetime import UTC, datetime
from urllib.parse import unquote, urlencode
from uuid import UUID

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import translation
from tests.database import Kept
from tests.doors.web.web_customer import ANNA, BRAM, COMPANY, WebCustomer, markup

from instroom.doors.web.frame import kept_searches
from instroom.doors.web.words.filters import moment
from instroom.flow import find
from instroom.flow.delivery.advance import advance_all
from instroom.flow.delivery.decide import approve
from instroom.flow.delivery.undo import undo
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
def reader(customer: WebCustomer, kept: Kept) -> Client:
    """The reader's browser, with dossiers in live."""
    live = (ANNA | COMPANY | {"BedrijfBezoekPostcode": "4321 BA"}, BRAM, ELLEN)
    kept.begin(lambda: customer.import_in_live(*live))
    return customer.signed_in("reader")


def unmarked(response: HttpResponse) -> str:
    """A page without the marks of what was sought."""
    response.content = re.sub(rb"</?mark>", b"", response.content)
    return markup(response)


def found(client: Client, text: str, environment: str = "live") -> set[str]:
    """The names that a search finds."""
    page = unmarked(client.post(f"/customers/ons/{environment}/search", {"q": text}, follow=True))
    names = ("Anna de Voorbeeld", "Bram de Voorbeeld", "Ellen Verzonnen", "Voorbeeld BV")
    return {name.split()[0] for name in names if f'">{name}</a>' in page}


FOUND = {
    "voorbeeld": {"Anna", "Bram", "Voorbeeld"},
    "VOORB": {"Anna", "Bram", "Voorbeeld"},
    "Verz": {"Ellen"},
    "anna de voorbeeld": {"Anna"},
    "bram voorb": {"Bram"},
    "p-1": {"Anna"},
    "P-2": {"Bram"},
    "0042": {"Ellen"},
    "c-1": {"Voorbeeld"},
    "1234 AB": {"Anna", "Bram"},
    "1234ab": {"Anna", "Bram"},
    "4321 ba": {"Voorbeeld"},
    "ellen@voorbeeld.EXAMPLE": {"Ellen"},
    "eeld": set(),
    "%": set(),
    "_oorbeeld": set(),
    "x": set(),
    "": set(),
    "\0": set(),
    "niemand@voorbeeld.example": set(),
}


@pytest.mark.on_postgresql
def test_by_name_key_postal_code_or_email(reader: Client) -> None:
    assert {text: found(reader, text) for text in FOUND} == FOUND


def test_nothing_of_another_customer_is_found(reader: Client, other_customer: WebCustomer) -> None:
    client = other_customer.signed_in("reader")
    page = client.post("/customers/ander/live/search", {"q": "voorbeeld"}, follow=True).content.decode()
    assert "Nothing found" in page


@pytest.mark.on_postgresql
def test_training_and_live_are_apart(customer: WebCustomer) -> None:
    customer.deliver(ANNA)
    client = customer.signed_in("reader")
    assert found(client, "Voorbeeld", "training") == {"Anna"}
    assert found(client, "Voorbeeld", "live") == set()


def test_the_environment_is_named_in_word_and_colour(reader: Client, customer: WebCustomer) -> None:
    for environment in ("training", "live"):
        dossiers = [customer.dossier(extern_id, environment) for extern_id in ("P-1", "C-1")]
        for address in (f"/customers/ons/{environment}/search", *dossiers):
            text = markup(reader.get(address))
            assert f'<div class="place {environment}"><strong>{environment}</strong>' in text, address


def test_what_was_sought_is_marked_and_narrowed_down(reader: Client) -> None:
    address = "/customers/ons/live/search"
    sent = reader.post(address, {"q": "voorb", "company": "voorbeeld bv", "department": "", "active": "yes"})
    assert re.fullmatch(rf"{address}\?search=[\w-]+&company=[\w-]+&active=yes", sent.headers["Location"])
    page = markup(reader.get(sent.headers["Location"]))
    assert "Anna de<mark>Voorb</mark>eeld</a>" in page
    assert "Bram" not in page
    assert 'name="company" value="voorbeeld bv"' in page
    assert '<option value="yes" selected>Active</option>' in page
    page = markup(reader.post(address, {"q": "ellen@voor"}, follow=True))
    assert "Ellen Verzonnen</a>" in page
    assert "<mark>Ellen@Voorbeeld.example</mark>" in page
    page = markup(reader.post(address, {"q": "bram", "company": "voorbeeld"}, follow=True))
    assert "Nothing found for" in page and "Search without these filters" in page
    page = markup(reader.post(address, {"company": "voorbeeld"}, follow=True))
    assert "Anna de Voorbeeld</a>" in page and "Bram" not in page


def test_there_is_no_third_environment(reader: Client) -> None:
    assert reader.get("/customers/ons/test/search").status_code == 404


def test_a_dossier_has_its_fields_its_company_and_its_history(reader: Client, customer: WebCustomer) -> None:
    customer.import_in_live(ANNA | COMPANY | {"PersoonVoornaam": "Annelies"})
    text = reader.get(customer.dossier("P-1")).content.decode()
    for said in (
        "<h1>Annelies de Voorbeeld</h1>",
        "01-02-1980",
        "Voorbeeld BV",
        '<td class="lines" data-label="Was">Anna</td>',
    ):
        assert said in text
    assert text.count('class="past"') == 2


def test_a_company_has_its_persons(reader: Client, customer: WebCustomer) -> None:
    text = reader.get(customer.dossier("C-1")).content.decode()
    assert "Anna de Voorbeeld" in text
    assert "Bram de Voorbeeld" not in text


def test_a_sight_of_a_dossier_is_in_the_audit_log(reader: Client, customer: WebCustomer) -> None:
    reader.get(customer.dossier("P-1"))
    entry = AuditEntry.objects.get(action="dossier-seen")
    assert entry.user and entry.user.username == "ons-reader"


def test_a_dossier_that_is_not_there(reader: Client) -> None:
    for address in ("person", "person/P-1", "person?source=HR&id=P-1", f"person/{UUID(int=7)}"):
        assert reader.get(f"/customers/ons/live/{address}").status_code == 404, address


def test_a_dossier_is_one_of_its_customer_environment_and_kind(
    reader: Client, customer: WebCustomer, other_customer: WebCustomer
) -> None:
    other_customer.import_in_live(ANNA)
    foreign = other_customer.dossier("P-1").replace("/ander/", "/ons/")
    in_training = customer.dossier("P-1").replace("/live/", "/training/")
    as_company = customer.dossier("P-1").replace("/person/", "/company/")
    assert [reader.get(one).status_code for one in (foreign, in_training, as_company)] == [404] * 3


def test_a_dossier_that_is_in_one_environment_alone_leads_to_the_search_of_the_other(customer: WebCustomer) -> None:
    customer.deliver(ANNA)
    page = customer.signed_in("reader").get(customer.dossier("P-1", "training")).content.decode()
    assert 'href="/customers/ons/live/search"' in page


def test_what_is_sought_stays_in_the_session_that_sought_it(reader: Client, customer: WebCustomer) -> None:
    sought = [
        reader.post("/customers/ons/live/search", {"q": text}).headers["Location"] for text in ("Verzonnen", "anna de")
    ]
    assert "Verzonnen" not in sought[0]
    assert "Ellen Verzonnen" in unmarked(reader.get(sought[0]))  # Back works
    other = customer.signed_in("approver").get(sought[0]).content.decode()
    assert "Verzonnen" not in other
    for number in range(kept_searches._MOST):
        reader.post("/customers/ons/live/search", {"q": f"iets {number}"})
    assert "Verzonnen" not in reader.get(sought[0]).content.decode()


DATA = ("HR", "P-1", "P-2", "0042", "C-1", "anna", "bram", "ellen", "voorbeeld bv", "verzonnen", "1234", "1980")


def test_no_address_names_a_person(reader: Client, customer: WebCustomer) -> None:
    """All links, forms and redirects that a reader and an operator come by, from their first pages on."""
    waiting = customer.deliver(ANNA | COMPANY | {"PersoonVoornaam": "Annelies"}, BRAM)
    for role in ("reader", "operator"):
        client = customer.signed_in(role)
        found = client.post("/customers/ons/live/search", {"q": "voorbeeld"}).headers["Location"]
        todo, seen = ["/customers/ons", f"/customers/ons/deliveries/{waiting.pk}/plan", found], set[str]()
        while todo:
            address = todo.pop()
            path, _, query = address.partition("?")
            kind = (re.sub(r"[0-9a-f-]{36}", "ID", path), re.sub(r"=[^&]*", "", query))
            if path.startswith("/customers/ons") and kind not in seen:
                seen.add(kind)
                page = client.get(address)
                text = html.unescape(page.getvalue().decode(errors="replace"))
                page.close()
                forms = re.findall(r"<form[^>]*>.*?</form>", text, re.DOTALL)
                assert all('method="post"' in one for one in forms if 'type="search"' in one), address
                linked = re.findall(r'(?:href|action|src|hx-[a-z]+)="(/[^"]*)"', text)
                todo += [*linked, *filter(None, [page.headers.get("Location")])]
            words = re.split(r"[/?&=+%]", address.casefold())
            assert not {one.casefold() for one in DATA} & set(words), address
            assert "@" not in unquote(address)
        assert ("/customers/ons/live/person/ID", "") in seen


def named(client: Client, address: str) -> list[str]:
    """The numbers of the persons on a page, in its order."""
    page = client.get(address).content.decode()
    return re.findall(r"<td>(P-\d+) ", page)


def next_of(client: Client, address: str, kind: str) -> str:
    """Where the page leads on, of one kind."""
    found = re.search(rf'rel="next" href="([^"]*kind={kind}[^"]*)"', client.get(address).content.decode())
    return html.unescape(found[1]) if found else ""


def many(amount: int) -> list[dict[str, str]]:
    """Persons of one company."""
    return [
        ANNA | COMPANY | {"PersoonExternId": f"P-{n:03}", "PersoonGeboortedatum": "", "PersoonVoornaam": f"Voor{n:03}"}
        for n in range(amount)
    ]


@pytest.mark.on_postgresql
def test_what_is_found_beyond_the_first_page_is_reached(customer: WebCustomer) -> None:
    customer.import_in_live(*many(120))
    client = customer.signed_in("reader")
    for text in ("voorbeeld", "1234 AB", "anna@voorbeeld.example", "de voorbeeld"):
        address, pages = client.post("/customers/ons/live/search", {"q": text}).headers["Location"], []
        while address:
            pages.append(named(client, address))
            address = next_of(client, address, "person")
        assert [len(page) for page in pages] == [50, 50, 20], text
        assert len({number for page in pages for number in page}) == 120


@pytest.mark.on_postgresql
def test_a_page_that_begins_nowhere_begins_at_the_start(reader: Client) -> None:
    address = reader.post("/customers/ons/live/search", {"q": "voorbeeld"}).headers["Location"]
    for after in ("", "x", "name-", "name-zzz", "name-" + "0" * 32, "postal-" + "f" * 32, "key-'"):
        response = reader.get(f"{address}&{urlencode({'kind': 'person', 'after': after})}")
        assert "Anna de Voorbeeld" in unmarked(response), after


def test_a_page_of_one_kind_holds_that_kind(reader: Client) -> None:
    address = reader.post("/customers/ons/live/search", {"q": "voorbeeld"}).headers["Location"]
    page = unmarked(reader.get(f"{address}&kind=person"))
    assert "Anna de Voorbeeld" in page
    assert ">Voorbeeld BV</a>" not in page


def test_the_persons_of_a_company_come_in_pages(customer: WebCustomer) -> None:
    customer.import_in_live(*many(120))
    client = customer.signed_in("reader")
    address = customer.dossier("C-1")
    pages = [named(client, f"{address}?page={page}") for page in (1, 2, 3)]
    assert [len(page) for page in pages] == [50, 50, 20]
    assert [number for page in pages for number in page] == [f"P-{n:03}" for n in range(120)]


def test_the_history_says_who_delivered_and_who_approved(reader: Client, customer: WebCustomer) -> None:
    page = reader.get(customer.dossier("P-1")).content.decode()
    assert "delivered by ons-supplier" in page
    assert "approved by ons-approver" in page
    page = reader.get(customer.dossier("P-1", "training")).content.decode()
    assert "approved by" not in page


def test_an_undo_is_in_the_history(customer: WebCustomer) -> None:
    customer.import_in_live(ANNA)
    changed = customer.import_in_live(ANNA | COMPANY | {"PersoonVoornaam": "Annelies"})
    back = undo(changed, by=find.user("ons-operator"))
    advance_all()
    back.refresh_from_db()
    approve(back, by=find.user("ons-approver"))
    advance_all()
    page = markup(customer.signed_in("reader").get(customer.dossier("P-1")))
    past = page[page.index('id="history"') :].split('class="past"')[1:]
    assert len(past) == 3
    assert "Undo of levering.csv" in past[0] and "requested by ons-operator" in past[0]
    assert '<td class="lines" data-label="Was">Annelies</td><td class="lines" data-label="Became">Anna</td>' in past[0]
    assert '<td class="lines" data-label="Was">C-1</td>' in past[0]
    assert "undone later" in past[1]


def test_a_long_history_comes_in_pages(customer: WebCustomer) -> None:
    for n in range(21):
        customer.import_in_live(ANNA | {"PersoonVoornaam": f"Anna{n}"})
    client = customer.signed_in("reader")
    address = customer.dossier("P-1")
    first, second = (client.get(f"{address}?history={page}").content.decode() for page in (1, 2))
    assert (first.count('class="past"'), second.count('class="past"')) == (20, 1)
    assert "Anna20" in first and "Page 1 of 2" in first


@pytest.mark.parametrize(("lang", "month"), [("nl", "november"), ("en", "November")])
def test_moments_are_written_as_in_the_language_of_the_page(customer: WebCustomer, lang: str, month: str) -> None:
    at = datetime(2030, 11, 22, 13, 5, tzinfo=UTC)
    with translation.override(lang):
        assert moment(at) == f"22 {month} 2030, 14:05"
