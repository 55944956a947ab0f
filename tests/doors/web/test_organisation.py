"""Signing in with the own organisation, in the browser."""

import re
from collections.abc import Iterator
from datetime import timedelta
from html import unescape

import pytest
from django.db.models import F
from django.http import HttpResponse
from django.test import Client, override_settings
from tests.doors.web.web_customer import PASSWORD, WebCustomer, browser, with_password
from tests.oidc_provider import OidcProvider, oidc_provider

from instroom.config.listening import networks
from instroom.flow import find
from instroom.flow.people import invitations
from instroom.flow.sign_in_providers import discovery, manage
from instroom.flow.sign_in_providers.manage import GroupRoles, ProviderSettings
from instroom.store.models import LinkedIdentity, Mail, Role, SignInProvider, User, WebSession

SETTINGS = {"client_id": "instroom", "groups": {"hr": GroupRoles(["supplier", "reader"])}}


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


def test_an_operator_sets_it_up_on_a_page(customer: WebCustomer, provider: OidcProvider) -> None:
    client, path = with_password(customer, "operator"), "/customers/ons/sign-in-provider"
    form = {
        "issuer": provider.issuer,
        "client_id": "instroom",
        "client_secret": "geheim",
        "groups_claim": "groups",
        "groups": "hr = supplier\nbaas=operator, approver\n",
        "mail_domains": "voorbeeld.example, ander.example",
        "passwords": "on",
        "active": "on",
        "proof": PASSWORD,
    }
    tried = client.post(path, {**form, "proof": "", "try": "yes"})
    assert f"People sign in at {provider.issuer}/authorize" in unescape(tried.content.decode())
    assert client.post(path, {**form, "proof": "een ander woord"}).status_code == 400
    assert client.post(path, form).headers["Location"] == path
    page = unescape(client.get(path).content.decode())
    assert "baas = operator, approver" in page and "geheim" not in page
    mistakes = (
        {"groups": "hr = supplier, baas"},
        {"mail_domains": "nee"},
        {"issuer": f"{provider.issuer}?x"},
        {"passwords": ""},
    )
    for wrong in mistakes:
        assert client.post(path, {**form, **wrong}).status_code == 400, wrong
    client.post(f"{path}/remove", {"proof": PASSWORD})
    assert not SignInProvider.objects.exists()


def test_who_has_no_password_proves_it_by_having_just_signed_in(customer: WebCustomer, provider: OidcProvider) -> None:
    client = browser()
    provider.person["groups"] = ["baas"]
    SignInProvider.objects.update(groups={"baas": {"roles": ["operator"], "sources": []}}, passwords=False)
    come_in(client, provider, client.get("/sign-in/with/ons"))
    client.post("/customers/ons/sign-in-provider/remove", {"proof": ""})
    assert not SignInProvider.objects.exists()
    assert client.get("/customers/ons").status_code == 302  # a session that it began has ended


def test_a_session_that_began_longer_ago_proves_nothing(customer: WebCustomer, provider: OidcProvider) -> None:
    client = browser()
    SignInProvider.objects.update(groups={"hr": {"roles": ["operator"], "sources": []}})
    come_in(client, provider, client.get("/sign-in/with/ons"))
    WebSession.objects.update(begun_at=F("begun_at") - timedelta(minutes=11))
    client.post("/customers/ons/sign-in-provider/remove", {"proof": ""})
    assert SignInProvider.objects.exists()


def test_an_invitation_is_accepted_with_the_organisation_alone(customer: WebCustomer, provider: OidcProvider) -> None:
    SignInProvider.objects.update(passwords=False)
    operator = find.user("ons-operator")
    invitations.invite(find.customer("ons"), "bram@voorbeeld.example", ["approver"], "nl", by=operator)
    path = re.findall(r"/invitations/[\w-]+", Mail.objects.latest("made_at").text)[0]
    client = browser()
    assert "password" not in client.get(path).content.decode().replace("new-password", "")
    assert client.post(path, {"name": "bram", "password": PASSWORD}).status_code == 400
    come_in(client, provider, client.post(f"{path}/organisation"))
    assert set(Role.objects.filter(user__username="anna").values_list("name", flat=True)) == {
        "approver",
        "supplier",
        "reader",
    }


def test_a_forgotten_password_that_is_switched_off_is_told_of(customer: WebCustomer, provider: OidcProvider) -> None:
    User.objects.filter(username="ons-reader").update(email="bram@voorbeeld.example")
    SignInProvider.objects.update(passwords=False)
    with override_settings(INSTROOM_SMTP="smtp://localhost"):
        browser().post("/forgotten", {"email": "bram@voorbeeld.example"})
    mail = Mail.objects.get(to="bram@voorbeeld.example")
    assert (mail.kind, "/sign-in/with/ons" in mail.text, "/new-password/" in mail.text) == ("no-password", True, False)
