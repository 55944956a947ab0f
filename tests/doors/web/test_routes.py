"""Who may go where (product.md G2). Every address of the web stands in `routes.py`; one that does not fails a test."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.urls import URLPattern, get_resolver, reverse
from tests.doors.web.one_of_each import CALL_ID, customer, delivery, other_customer
from tests.doors.web.routes import (
    FILES_FOR_SITE_OPERATORS,
    FOR_ANYBODY,
    FOR_SITE_OPERATORS,
    FOR_WHO_IS_SIGNED_IN,
    HELP,
    OF_A_CUSTOMER,
    OF_ALL_CUSTOMERS,
    OF_AN_ORGANISATION,
    OF_ONE_PERSON,
    OF_ONES_OWN_MAILBOX,
    Route,
)
from tests.doors.web.web_customer import WebCustomer, browser

from instroom.doors import web
from instroom.flow.delivery.reports import make_asked
from instroom.store.models import Company, Delivery, Invitation, Mail, Person, Role, User, WebhookCall

THINGS: dict[str, Callable[[], Any]] = {
    "user_id": lambda: User.objects.get(username="ons-reader"),
    "mail_id": lambda: Mail.objects.get(kind="invitation"),
    "invitation_id": lambda: Invitation.objects.get(),
    "company": lambda: Company.objects.get(environment__customer__name="ons", environment__name="training"),
    "person": lambda: Person.objects.get(
        environment__customer__name="ons", environment__name="training", extern_id="P-1"
    ),
    "call_id": lambda: WebhookCall.objects.get(pk=CALL_ID),
}

DOSSIERS = {"company": "dossier_id", "person": "dossier_id"}

__all__ = ["customer", "delivery", "other_customer"]
pytestmark = pytest.mark.rolled_back


def ask(client: Client, name: str, customer: str, delivery: Delivery | None, route: Route) -> Any:
    """Go to an address as a browser would."""
    arguments = {"customer": customer, **route.arguments}
    if route.of:
        arguments[DOSSIERS.get(route.of, route.of)] = str(THINGS[route.of]().pk)
    if route.of_delivery and delivery:
        arguments["delivery_id"] = str(delivery.pk)
    address = reverse(name, kwargs=arguments) + route.query
    response = client.get(address) if route.post is None else client.post(address, route.post)
    if response.status_code == 503 and make_asked():  # a report, which the worker makes
        response = client.get(address)
    if response.streaming:  # to its end, at which the client closes it
        response.streamed = b"".join(response.streaming_content)
    return response


def test_every_route_is_known() -> None:
    patterns = get_resolver().url_patterns
    names = {pattern.name for pattern in patterns if isinstance(pattern, URLPattern)}
    assert [str(one.pattern) for one in patterns if not isinstance(one, URLPattern)] == ["api/v1/"]  # has its own test
    assert names == {
        *OF_A_CUSTOMER,
        *OF_ALL_CUSTOMERS,
        *FOR_SITE_OPERATORS,
        *FILES_FOR_SITE_OPERATORS,
        *OF_ONE_PERSON,
        *OF_AN_ORGANISATION,
        *OF_ONES_OWN_MAILBOX,
        *FOR_WHO_IS_SIGNED_IN,
        *FOR_ANYBODY,
        *HELP,
    }


def test_each_page_names_its_methods() -> None:
    """So none takes TRACE, and none takes GET for what changes something."""
    request = RequestFactory().generic("TRACE", "/")
    pages = [one for one in get_resolver().url_patterns if isinstance(one, URLPattern)]
    assert [one.name for one in pages if one.callback(request).status_code != 405] == []


def test_an_anonymous_person_is_asked_to_sign_in(delivery: Delivery) -> None:
    for name, route in OF_A_CUSTOMER.items():
        response = ask(browser(), name, "ons", delivery, route)
        assert response.status_code == 302, name
        assert response.headers["Location"].startswith("/sign-in?next=")


@pytest.mark.parametrize("name", sorted(OF_ALL_CUSTOMERS | FOR_SITE_OPERATORS | FILES_FOR_SITE_OPERATORS))
def test_only_operators_oversee(name: str, customer: WebCustomer, delivery: Delivery) -> None:
    assert browser().get(reverse(name)).headers["Location"].startswith("/sign-in")
    for role in ("supplier", "approver", "reader"):
        assert customer.signed_in(role).get(reverse(name)).status_code == 403
    assert customer.signed_in("operator").get(reverse(name)).status_code == (200 if name in OF_ALL_CUSTOMERS else 403)


@pytest.mark.parametrize("name", sorted(OF_ALL_CUSTOMERS))
def test_an_operator_of_another_customer_oversees_that_one_alone(
    name: str, other_customer: WebCustomer, delivery: Delivery
) -> None:
    """Also a site operator without a role for it."""
    for superuser in (False, True):
        User.objects.filter(username="ander-operator").update(is_superuser=superuser)
        client = other_customer.signed_in("operator")
        for query in ("", "?group=waiting"):
            page = words(client.get(reverse(name) + query))
            assert "Ander BV" in page
            assert "levering.csv" not in page
            assert "Ons BV" not in page
        nowhere, theirs = (client.get(f"{reverse(name)}?customer={one}") for one in ("nergens", "ons"))
        assert (nowhere.status_code, theirs.status_code) == (404, 404)
        assert words(nowhere).replace("nergens", "ons") == words(theirs)


@pytest.mark.parametrize("name", sorted(FOR_WHO_IS_SIGNED_IN))
def test_an_anonymous_person_has_no_home(name: str) -> None:
    assert browser().post(reverse(name)).headers["Location"].startswith("/sign-in")


@pytest.mark.parametrize("role", Role.NAMES)
@pytest.mark.parametrize("name", OF_A_CUSTOMER)
def test_each_role_gets_what_is_its_own(name: str, role: str, customer: WebCustomer, delivery: Delivery) -> None:
    """A page says where it stands: exactly one item of each navigation that it shows is the current one."""
    route = OF_A_CUSTOMER[name]
    response = ask(customer.signed_in(role), name, "ons", delivery, route)
    assert response.status_code == (route.gives if role in route.allowed else 403)
    if response.status_code == 200 and route.page:
        page = response.content.decode()
        navigations = re.findall(r'<nav (?:class="ways" )?aria-label="(Main|Manage)">(.*?)</nav>', page, re.DOTALL)
        assert {label: items.count('aria-current="page"') for label, items in navigations} == {
            label: 1 for label, _ in navigations
        }
        assert navigations != []


def test_each_template_of_a_customer_says_where_it_stands() -> None:
    """Those too that no route above shows."""
    texts = {path.name: path.read_text(encoding="utf-8") for path in Path(web.__file__).parent.rglob("*.html")}
    pages = [name for name, text in texts.items() if '{% extends "base.html" %}' in text and "visit.customer" in text]
    assert [name for name in pages if not re.search(r"{% block section %}.+{% endblock %}", texts[name])] == []


@pytest.mark.parametrize("name", sorted(OF_ALL_CUSTOMERS | FOR_SITE_OPERATORS))
def test_each_page_of_all_customers_says_where_it_stands(name: str, customer: WebCustomer, delivery: Delivery) -> None:
    User.objects.filter(username="ons-operator").update(is_superuser=True)
    page = customer.signed_in("operator").get(reverse(name)).content.decode()
    assert page.count('aria-current="page"') == 1


@pytest.mark.parametrize("role", ["operator", "supplier"])
def test_a_person_of_another_customer_sees_nothing(role: str, other_customer: WebCustomer, delivery: Delivery) -> None:
    """Neither under the customer's own name nor under theirs, and in the words of what does not exist."""
    client = other_customer.signed_in(role)
    nowhere = ask(client, "customer", "nergens", None, OF_A_CUSTOMER["customer"])
    for name, route in OF_A_CUSTOMER.items():
        for tried in ["ons", "ander"] if route.of_delivery or route.of else ["ons"]:
            response = ask(client, name, tried, delivery, route)
            if role in route.allowed:
                assert words(response) == words(nowhere), name
            assert response.status_code in (404, 403), name
            assert b"levering.csv" not in response.content, name
            assert b"Voorbeeld" not in response.content, name
    delivery.refresh_from_db()
    assert delivery.state == "awaiting-approval"


def test_who_is_limited_to_another_source_sees_nothing_of_it(customer: WebCustomer, delivery: Delivery) -> None:
    """With every role that can be limited: nothing of a company or a person, of the file or of who delivered it."""
    client, user = customer.signed_in("reader"), User.objects.get(username="ons-reader")
    for role in set(Role.NAMES) - {Role.OPERATOR}:
        Role.objects.update_or_create(
            customer=delivery.customer, user=user, name=role, defaults={"sources": ["ELDERS"]}
        )
    for name, route in OF_A_CUSTOMER.items():
        response = ask(client, name, "ons", delivery, route)
        hidden = route.of_delivery or route.of in DOSSIERS
        assert response.status_code in ((403, 404) if hidden else (route.gives, 403, 404)), name
        shown = response.streamed.decode("utf-8", "replace") if response.streaming else words(response)
        for value in ("levering.csv", "Voorbeeld BV", "Anna", "P-1", "C-1", "01-02-1980"):
            assert value not in shown, (name, value)
    delivery.refresh_from_db()
    assert delivery.state == "awaiting-approval"


def test_who_has_lost_the_role_sees_nothing_more(customer: WebCustomer, delivery: Delivery) -> None:
    client = customer.signed_in("operator")
    Role.objects.filter(user__username="ons-operator").delete()
    for name, route in OF_A_CUSTOMER.items():
        assert ask(client, name, "ons", delivery, route).status_code == 404, name


def test_who_is_no_longer_active_is_signed_out(customer: WebCustomer) -> None:
    client = customer.signed_in("reader")
    user = Role.objects.get(user__username="ons-reader").user
    user.is_active = False
    user.save()
    assert client.get("/customers/ons").status_code == 302


def words(response: HttpResponse) -> str:
    """What the page says between the frame's own."""
    return response.content.decode().partition("<main")[2].partition("</main>")[0]
