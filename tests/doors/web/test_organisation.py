"""Signing in with the own organisation, in the browser."""

from collections.abc import Iterator
from html import unescape

import pytest
from django.http import HttpResponse
from django.test import Client, override_settings
from tests.doors.web.web_customer import PASSWORD, WebCustomer, browser, with_password
from tests.oidc_provider import OidcProvider, oidc_provider

from instroom.config.listening import networks
from instroom.flow import find
from instroom.flow.sign_in_providers import discovery, manage
from instroom.flow.sign_in_providers.manage import ProviderSettings
from instroom.store.models import LinkedIdentity, Role, User, WebSession

SETTINGS = {"client_id": "instroom", "groups": {"hr": ["supplier", "reader"]}}


@pytest.fixture
def provider(customer: WebCustomer) -> Iterator[OidcProvider]:
    """That of the customer `ons`."""
    discovery.forget()
    private = networks("INSTROOM_PROVIDER_PRIVATE", "127.0.0.1")
    with oidc_provider() as theirs, override_settings(INSTROOM_PROVIDER_PRIVATE=private):
        theirs.person["groups"] = ["hr"]
        chosen = ProviderSettings(issuer=theirs.issuer, **SETTINGS)  # type: ignore[arg-type]
        manage.save(find.customer("ons"), chosen, by=find.user("ons-operator"))
        yield theirs


def come_in(client: Client, theirs: OidcProvider, begun: HttpResponse) -> HttpResponse:
    """Go where the page leads, sign in there, and come back."""
    address = begun.headers.get("Location") or begun.headers["Refresh"].partition("url=")[2]
    return client.get("/sign-in/with/ons/back", theirs.authorize(address))


def test_a_visitor_goes_there_and_back(customer: WebCustomer, provider: OidcProvider) -> None:
    client = browser(checks_forms=True)
    page = client.get("/sign-in/organisation?next=/customers/ons/deliveries")
    token = {"csrfmiddlewaretoken": client.cookies["instroom-form"].value}
    form = {"wanted": "ons", "next": "/customers/ons/deliveries", **token}
    begun = client.post("/sign-in/organisation", form)
    assert f'href="{provider.issuer}/authorize?' in unescape(begun.content.decode())
    assert "form-action 'self'" in page.headers["Content-Security-Policy"]
    back = come_in(client, provider, begun)
    assert (back.status_code, back.headers["Location"]) == (302, "/customers/ons/deliveries")
    assert client.get("/customers/ons/deliveries").status_code == 200
    assert WebSession.objects.get(user__username="anna").identity == LinkedIdentity.objects.get()
    assert come_in(browser(), provider, browser().get("/sign-in/with/ons")).status_code == 403  # another browser


def test_a_provider_vouches_for_its_own_customer_alone(
    customer: WebCustomer, other_customer: WebCustomer, provider: OidcProvider
) -> None:
    client = browser()
    come_in(client, provider, client.get("/sign-in/with/ons"))
    anna = User.objects.get(username="anna")
    Role.objects.create(customer=find.customer("ander"), user=anna, name="operator")
    User.objects.filter(pk=anna.pk).update(is_superuser=True)
    statuses = {
        path: client.get(path).status_code
        for path in ("/customers/ons", "/customers/ander", "/operator", "/operator/audit", "/operator/customers/add")
    }
    assert statuses == {
        "/customers/ons": 200,
        "/customers/ander": 404,
        "/operator": 403,
        "/operator/audit": 403,
        "/operator/customers/add": 403,
    }
    assert "Ander BV" not in client.get("/", follow=True).content.decode()
    client = browser()
    client.force_login(anna)
    assert client.get("/customers/ander").status_code == 200


def test_an_account_is_linked_after_the_password(customer: WebCustomer, provider: OidcProvider) -> None:
    client = with_password(customer, "reader")
    refused = client.post("/sign-in/with/ons/link", {"proof": "een ander woord"})
    assert refused.headers["Location"] == "/account"
    begun = client.post("/sign-in/with/ons/link", {"proof": PASSWORD})
    assert come_in(client, provider, begun).headers["Location"] == "/account"
    fresh = browser()
    come_in(fresh, provider, fresh.get("/sign-in/with/ons"))
    assert "ons-reader" in fresh.get("/account").content.decode()


def test_what_comes_from_elsewhere_opens_and_ends_nothing(customer: WebCustomer, provider: OidcProvider) -> None:
    client = browser()
    for name in ("ons", "ander", "bestaatniet"):
        assert client.get(f"/sign-in/with/{name}/back", {"code": "c", "state": "s"}).status_code == 403
        assert client.post(f"/sign-in/with/{name}/signed-out", {"logout_token": "a.b.c"}).status_code == 400
    assert client.get("/sign-in/with/ons?next=https://elders.example/").status_code == 302
    assert client.get("/sign-in/with/bestaatniet").status_code == 403
    assert not WebSession.objects.exists()
