"""What the Dutch guides say can be done, as they say it: in a real browser, step by step, by who the guide is for."""

from collections.abc import Callable
from datetime import timedelta
from itertools import count
from typing import Any, NamedTuple

import pytest
from django.conf import settings
from django.utils import timezone
from playwright.sync_api import Browser, expect
from tests.doors.web.web_customer import ANNA, BAD_DATE, COMPANY, PASSWORD, WebCustomer
from tests.journeys.guides import Told, follow, steps
from tests.journeys.steps import SignIn

from instroom.core.errors import NotAllowed
from instroom.flow import find
from instroom.flow.connections import connections
from instroom.flow.delivery.decide import approve
from instroom.flow.file_server import accounts
from instroom.flow.file_server.account_sign_in import sign_in as account_sign_in
from instroom.flow.operations import customer_settings
from instroom.flow.people.invitations import invite
from instroom.store.models import Customer, Delivery, Mail, User

Prepare = Callable[[WebCustomer], str]
_numbers = count(100)
DELIVERY = "/customers/ons/deliveries/{}"


class Part(NamedTuple):
    """A part of a guide: who follows it, from which page, and what they see in the end."""

    role: str
    ends: str
    """What the page says then."""
    start: Prepare = lambda customer: "/customers/ons"
    """Makes what the part is about; the address at which its reader begins."""
    names: dict[str, str] = {}
    values: dict[str, str] = {}
    records: tuple[dict[str, str], ...] = ()
    """Of the file that they choose."""


def somebody() -> dict[str, str]:
    """A person whom nothing has named before."""
    return ANNA | COMPANY | {"PersoonExternId": f"P-{next(_numbers)}"}


def waiting(customer: WebCustomer) -> Delivery:
    return customer.deliver(somebody())


def at_plan(customer: WebCustomer) -> str:
    return DELIVERY.format(waiting(customer).pk) + "/plan"


def with_delivery(customer: WebCustomer) -> str:
    waiting(customer)
    return "/customers/ons"


def with_fault(customer: WebCustomer) -> str:
    return DELIVERY.format(customer.deliver(somebody(), BAD_DATE).pk)


def scheduled(customer: WebCustomer) -> str:
    approve(waiting(customer), by=find.user("ons-approver"), at=timezone.now() + timedelta(hours=3))
    return "/customers/ons"


def imported(customer: WebCustomer) -> str:
    customer.import_in_live(somebody())
    return "/customers/ons"


def with_connection(customer: WebCustomer) -> str:
    ons, operator = find.customer("ons"), find.user("ons-operator")
    if not ons.connections.exists():
        connections.add("nacht", ons, by=operator, file_name="personen.csv", schedule="daily 01:00")
    return "/customers/ons"


def with_closed_account(customer: WebCustomer) -> str:
    accounts.add("programma", find.customer("ons"), "een-lang-woord-7", by=find.user("ons-operator"))
    for _ in range(5):
        with pytest.raises(NotAllowed):
            account_sign_in("programma", "fout", "192.0.2.1", tls=True)
    return "/customers/ons"


def as_site_operator(customer: WebCustomer) -> str:
    User.objects.filter(username="ons-operator").update(is_superuser=True)
    return "/customers/ons"


def proposed(customer: WebCustomer) -> str:
    """A mail about a proposal, as its HTML."""
    ons = find.customer("ons")
    User.objects.filter(username="ons-approver").update(email="goedkeurder@voorbeeld.example")
    Customer.objects.update(policies={"approver_differs": True})
    ons.refresh_from_db()
    customer_settings.save(ons, {"quiet_above": 3000}, by=find.user("ons-operator"))
    return Mail.objects.get(kind="safeguards-proposed").html


def invited(customer: WebCustomer) -> str:
    invite(find.customer("ons"), "nieuw@voorbeeld.example", ["reader"], "nl", by=find.user("ons-operator"))
    return Mail.objects.get(kind="invitation").html


def dossier(customer: WebCustomer) -> str:
    customer.import_in_live(ANNA | COMPANY)
    return customer.dossier("P-1")


def known(customer: WebCustomer) -> str:
    dossier(customer)
    return "/customers/ons"


SEARCH = "Naam, geboortedatum, nummer, e-mail, telefoon of postcode"
FILE = {"uw bestand": "levering.csv", "het bestand": "levering.csv"}
FIXED = BAD_DATE | {"PersoonGeboortedatum": "03-04-1990"}
PARTS = {
    "aanleveraar": {
        "Het bestand maken": Part("supplier", "Met voorbeelden"),
        "Alleen controleren": Part("supplier", "Datum niet te lezen", records=(ANNA | COMPANY, BAD_DATE)),
        "Aanleveren": Part(
            "supplier", "wacht op akkoord", with_connection, {}, {"Koppeling": "nacht"}, (ANNA | COMPANY,)
        ),
        "Fouten verbeteren": Part("supplier", "wacht op akkoord", with_fault, records=(ANNA | COMPANY, FIXED)),
        "Intrekken": Part("supplier", "ingetrokken", with_delivery, FILE),
        "Elke nacht vanzelf": Part("supplier", "personen.csv", with_connection, {"de naam van uw koppeling": "nacht"}),
    },
    "goedkeurder": {
        "Het plan lezen": Part("approver", "Uw besluit", with_delivery),
        "Akkoord geven": Part("approver", "ingepland", at_plan),
        "Een vraag stellen": Part("approver", "vraag open", at_plan, {}, {"Uw vraag of opmerking": "Klopt regel 2?"}),
        "Weigeren": Part("approver", "niet akkoord", at_plan, {}, {"Reden": "De afdeling ontbreekt."}),
        "Een akkoord wijzigen of intrekken": Part(
            "approver", "wacht op akkoord", scheduled, FILE, {"Reden": "Eerst navragen."}
        ),
        "Terugdraaien": Part("approver", "geïmporteerd", imported, FILE),
        "Voorstellen om een grens te verruimen": Part(
            "approver", "Bevestigd. De waarborgen zijn versoepeld.", proposed, {}, {"Uw huidige wachtwoord": PASSWORD}
        ),
    },
    "beheerder": {
        "Elke ochtend": Part("operator", "Klanten"),
        "Mensen uitnodigen": Part(
            "operator", "nieuw@voorbeeld.example", values={"E-mailadres": "nieuw@voorbeeld.example"}
        ),
        "Een koppeling maken": Part(
            "operator",
            "Koppeling aangemaakt.",
            values={
                "Naam van het account": "hr",
                "Korte naam": "nacht",
                "Account van de bestandsserver": "hr",
                "Bestandsnaam": "personen.csv",
            },
        ),
        "Een account dat dicht is": Part(
            "operator",
            "Het account kan zich weer aanmelden.",
            with_closed_account,
            {"de naam van het account": "programma"},
        ),
        "Afspraken met een klant": Part("operator", "Opgeslagen."),
        "Uitzoeken wat er is gebeurd": Part("operator", "Logboek"),
        "Training verversen": Part("operator", "Training"),
        "Een klant toevoegen": Part(
            "operator", "Nieuw BV", as_site_operator, {}, {"Naam van de klant": "Nieuw BV", "Korte naam": "nieuw-bv"}
        ),
    },
    "lezer": {
        "Zoeken": Part("reader", "Anna de Voorbeeld", known, {"de naam": "Anna de Voorbeeld"}, {SEARCH: "anna vo"}),
        "Zien wat er is veranderd": Part(
            "reader", "Verloop", dossier, {"het aantal velden": "8 velden", "de naam van het bestand": "levering.csv"}
        ),
    },
    "uw-account": {
        "Een account maken": Part(
            "",
            "Er wacht nu niets op akkoord.",
            invited,
            {},
            {
                "Voornaam": "Noor",
                "Achternaam, met tussenvoegsel": "van Elders",
                "Gebruikersnaam, zonder spaties": "n.vanelders",
                "Kies een wachtwoord": "drie droge hemden",
            },
        ),
        "Aanmelden": Part(
            "",
            "Ons BV",
            lambda customer: "/sign-in",
            {},
            {"E-mailadres of gebruikersnaam": "ons-reader", "Wachtwoord": PASSWORD},
        ),
        "Uw gegevens wijzigen": Part("reader", "Waar u bent aangemeld", names={"uw naam": "ons-reader"}),
        "Veiliger aanmelden": Part("reader", "Toon de code voor de app", names={"uw naam": "ons-reader"}),
    },
}


@pytest.fixture
def walk(customer: WebCustomer, sign_in: SignIn, browser: Browser, address: str) -> Any:
    """Follow a part of a guide."""

    def walked(guide: str, name: str) -> None:
        part = PARTS[guide][name]
        page = sign_in(part.role) if part.role else browser.new_context(locale="nl-NL").new_page()
        start = part.start(customer)
        page.set_default_timeout(60_000)
        if start.startswith("/"):
            page.goto(address + start)
        else:  # a mail
            page.goto("about:blank")  # which has no policy that would refuse its style
            page.set_content(start.replace(settings.INSTROOM_ADDRESS, address))
        file = customer.file(*part.records) if part.records else None
        follow(page, steps()[guide, name], Told(part.names, part.values, file))
        expect(page.locator("main").get_by_text(part.ends).locator("visible=true").first).to_be_visible()
        page.context.close()

    return walked


def test_each_part_that_has_steps_is_followed() -> None:
    assert sorted((guide, name) for guide, parts in PARTS.items() for name in parts) == sorted(steps())


def test_a_file_is_delivered_and_approved_as_the_guides_say(walk: Any) -> None:
    """The rest in `make test-all`."""
    walk("aanleveraar", "Fouten verbeteren")
    walk("goedkeurder", "Akkoord geven")


@pytest.mark.slow
@pytest.mark.parametrize("guide", PARTS)
def test_a_guide_can_be_followed(guide: str, walk: Any) -> None:
    for name in PARTS[guide]:
        walk(guide, name)
