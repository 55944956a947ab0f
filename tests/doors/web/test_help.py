"""Help: the guides and what each finding means, for anybody; each page and each mail leads to its part."""

import re

import pytest
from django.test import Client, RequestFactory
from django.urls import resolve, reverse
from tests.doors.web import routes
from tests.doors.web.web_customer import ANNA, BAD_DATE, WebCustomer, browser, markup

from instroom.core.findings import CATALOGUE
from instroom.doors.web.frame.access import Visit
from instroom.doors.web.frame.help_parts import PARTS, help_address
from instroom.doors.web.help.views import GUIDES
from instroom.flow import find
from instroom.flow.news.links import HELP
from instroom.flow.news.mail_text import MAILS, render
from instroom.flow.permissions import allowed


@pytest.fixture(scope="module")
def reader() -> Client:
    """The browser of somebody who has not signed in."""
    return browser()


@pytest.fixture(scope="module")
def places(reader: Client, migrated_database: None) -> set[str]:
    """Every guide, and every part of one, as an address."""
    found = {"/help"}
    for guide in GUIDES:
        page = reader.get(f"/help/{guide}").content.decode()
        found |= {f"/help/{guide}", *(f"/help/{guide}#{part}" for part in re.findall(r'<h2 id="([^"]+)"', page))}
    return found


def test_each_page_leads_to_a_part_that_is_there(places: set[str]) -> None:
    named = {part for one in PARTS.values() for part in (one.values() if isinstance(one, dict) else [one]) if part}
    assert sorted(f"/help/{part}" for part in named if f"/help/{part}" not in places) == []


def test_each_page_has_its_part() -> None:
    """Also one that answers a form."""
    pages = {name for name, route in routes.OF_A_CUSTOMER.items() if route.page and route.post is None}
    pages |= routes.OF_ALL_CUSTOMERS | routes.FOR_SITE_OPERATORS | routes.FOR_ANYBODY | {"home", "account", "unsent"}
    pages |= {"second-factor", "recovery-codes", "api-tokens", "new-email"}
    assert sorted(pages - PARTS.keys() - {"language", "differences", "logo"}) == []


def test_each_mail_leads_to_a_part_that_is_there(places: set[str]) -> None:
    assert sorted(HELP.keys() - MAILS.texts("nl").keys()) == []
    assert sorted(f"/help/{part}" for part in HELP.values() if f"/help/{part}" not in places) == []


@pytest.mark.parametrize("language", ["nl", "en"])
def test_a_mail_has_its_part_as_text_and_as_html(language: str) -> None:
    facts = dict.fromkeys(("name", "Name", "customer", "link"), "x")
    mail = render("rejected", language, facts)  # type: ignore[arg-type]
    assert "/help/supplier#fouten-verbeteren\n" in mail.text
    assert '/help/supplier#fouten-verbeteren"' in mail.html


@pytest.mark.parametrize(
    ("role", "part"),
    [
        ("supplier", "supplier#de-uitslag-lezen"),
        ("approver", "approver#het-plan-lezen"),
        ("operator", "approver#het-plan-lezen"),
        ("reader", "reader#zien-wat-er-is-veranderd"),
    ],
)
def test_help_is_for_who_reads_the_page(role: str, part: str, customer: WebCustomer) -> None:
    request = RequestFactory().get("/")
    request.resolver_match = resolve(f"/customers/ons/deliveries/{routes.NOTHING}")
    user, ons = find.user(f"ons-{role}"), find.customer("ons")
    request.visit = Visit(user, ons, allowed(user, ons))  # type: ignore[attr-defined]
    assert help_address(request) == f"/help/{part}"


def test_a_page_has_the_link(customer: WebCustomer) -> None:
    page = customer.signed_in("supplier").get("/customers/ons/deliver").content.decode()
    assert '<a href="/help/supplier#aanleveren">Help</a>' in page
    nowhere = customer.signed_in("supplier").get("/nergens").content.decode()
    assert '<a href="/help">Help</a>' in nowhere


@pytest.mark.parametrize("guide", GUIDES)
def test_a_guide_is_read_before_signing_in(guide: str, reader: Client) -> None:
    page = markup(reader.get(f"/help/{guide}"))  # type: ignore[arg-type]
    assert page.count("<h1>") == 1
    assert "{" not in page.partition("<article")[2].partition("</article>")[0].replace("{yyyy}", "")


def test_there_is_no_other_guide(reader: Client) -> None:
    assert [reader.get(f"/help/{name}").status_code for name in ("nergens", "guide", "findings/nergens")] == [404] * 3


@pytest.mark.parametrize("language", ["nl", "en"])
def test_a_finding_is_explained_with_examples(language: str, reader: Client) -> None:
    reader.cookies["instroom-language"] = language
    page = markup(reader.get("/help/findings/value-date"))  # type: ignore[arg-type]
    assert {"nl": "Datum niet te lezen", "en": "Date cannot be read"}[language] in page
    assert "<td><mark>31-02-1980</mark></td>" in page
    assert "<td>29-02-2000</td>" in page
    assert {"nl": "het ene land januari", "en": "January in one country"}[language] in page


def test_every_finding_has_its_page(reader: Client) -> None:
    found = {code: reader.get(f"/help/findings/{code}").status_code for code in CATALOGUE}
    assert {code: status for code, status in found.items() if status != 200} == {}


def test_a_finding_leads_to_its_page(customer: WebCustomer) -> None:
    rejected = customer.deliver(ANNA, BAD_DATE)
    page = customer.signed_in("supplier").get(reverse("delivery", args=["ons", rejected.pk])).content.decode()
    assert 'href="/help/findings/value-date"' in page
