"""The page where a person makes and ends the tokens of their programs."""

import re
import time
from uuid import uuid4

import pyotp
import pytest
from django.contrib.auth.hashers import make_password
from django.test import Client, override_settings
from django.urls import reverse
from tests.doors.web.web_customer import PASSWORD, WebCustomer, browser, give_second_factor, markup

from instroom.core.errors import NotAllowed, NotFound
from instroom.flow.people.api_tokens import SCOPES, add, end, holder
from instroom.store.models import ApiToken, Customer, Mail, Role, User

PAGE = "/account/programs"


@pytest.fixture(autouse=True)
def passwords(customer: WebCustomer) -> None:
    """Everybody here has one."""
    User.objects.update(password=make_password(PASSWORD))


def make(client: Client, **asked: object) -> tuple[int, str]:
    """Send the form; status, and the token that is shown."""
    form = {
        "name": "HR-systeem",
        "proof": PASSWORD,
        "customer": "ons",
        "scope": ["read", "deliver"],
        "days": "90",
        **asked,
    }
    response = client.post(PAGE, form)
    shown = re.search(r"instroom_[\w-]{43}", response.content.decode())
    return response.status_code, shown[0] if shown else ""


def test_a_token_is_made_and_shown_once(customer: WebCustomer) -> None:
    client = customer.signed_in("supplier")
    assert "You have no tokens yet." in client.get(PAGE).content.decode()
    status, token = make(client)
    visit = holder(token)
    assert status == 200
    assert visit is not None
    assert (visit.user.username, sorted(visit.actions)) == ("ons-supplier", ["deliver", "read"])
    page = client.get(PAGE).content.decode()
    assert token not in page
    assert ("HR-systeem" in page, "look up deliveries, plans and dossiers · deliver files" in page) == (True, True)


def test_none_is_made_where_what_it_rests_on_has_ended_meanwhile(customer: WebCustomer) -> None:
    """The token of the program that asks, or the password that was confirmed."""
    ons, user = Customer.objects.get(name="ons"), User.objects.get(username="ons-supplier")
    asking = add(ons, "een", ["read", "manage-tokens"], by=user)
    within = holder(asking.secret)
    end(asking.token.pk, by=user)
    with pytest.raises(NotFound):
        add(ons, "twee", ["read"], by=user, within=within)
    user.set_password("an earlier one")
    with pytest.raises(NotAllowed, match="not correct"):
        add(ons, "drie", ["read"], by=user)


def test_only_what_the_person_may_do_is_offered(customer: WebCustomer) -> None:
    def offered(role: str) -> list[str]:
        return re.findall(r'name="scope" value="([\w-]+)"', customer.signed_in(role).get(PAGE).content.decode())

    assert offered("reader") == ["read", "manage-tokens"]
    assert [scope for scope in SCOPES if scope not in offered("operator")] == ["manage-customers"]
    User.objects.filter(username="ons-operator").update(is_superuser=True)
    assert "manage-customers" in offered("operator")
    assert make(customer.signed_in("reader"), scope=["approve"])[0] == 400
    assert not ApiToken.objects.exists()


def test_what_is_wrong_is_said_at_the_form(customer: WebCustomer) -> None:
    client = customer.signed_in("supplier")
    for asked in ({"name": ""}, {"scope": []}, {"days": "400"}, {"days": "x"}):
        assert make(client, **asked) == (400, "")
    assert not ApiToken.objects.exists()


@override_settings(INSTROOM_TOKEN_DAYS=45)
def test_a_site_says_how_long_a_token_may_last(customer: WebCustomer) -> None:
    client = customer.signed_in("supplier")
    page = markup(client.get(PAGE))
    assert re.findall(r'<option value="(\d+)"', page) == ["30", "45"]
    assert "On this site a token lasts at most 45 days." in page
    refused = client.post(PAGE, {"name": "x", "customer": "ons", "proof": PASSWORD, "scope": ["read"], "days": "46"})
    assert "On this site a token lasts from 1 to 45 days." in markup(refused)
    assert make(client, days="45")[0] == 200
    usual = add(Customer.objects.get(name="ons"), "x", ["read"], by=User.objects.get(username="ons-supplier")).token
    assert (usual.expires_at - usual.made_at).days == 45


def test_a_customer_of_others_is_one_that_does_not_exist(customer: WebCustomer, other_customer: WebCustomer) -> None:
    client = customer.signed_in("supplier")
    form, said = {"name": "x", "proof": PASSWORD, "scope": ["read"], "days": "90"}, {}
    for name in ("ander", "nergens"):
        response = client.post(PAGE, {**form, "customer": name})
        said[name] = (response.status_code, markup(response).partition("<main")[2].replace(name, "…"))
    assert said["ander"] == said["nergens"]
    assert said["ander"][0] == 404


def test_a_session_alone_makes_no_token_and_the_user_is_told_of_each(customer: WebCustomer) -> None:
    User.objects.filter(username="ons-supplier").update(email="levert@voorbeeld.example")
    client = customer.signed_in("supplier")
    for guess in ("", "een ander woord", "123456"):
        assert make(client, proof=guess) == (400, "")
    assert make(client)[0] == 200
    mail = Mail.objects.get(to="levert@voorbeeld.example")
    assert "toegangscode" in mail.text


def test_the_code_of_the_second_factor_will_do(customer: WebCustomer) -> None:
    user = User.objects.get(username="ons-supplier")
    secret, now = give_second_factor(user)[0], int(time.time())
    assert make(customer.signed_in("supplier"), proof=pyotp.TOTP(secret).at(now))[0] == 200
    assert make(customer.signed_in("supplier"), proof=pyotp.TOTP(secret).at(now))[0] == 400  # it opens once


def test_an_operator_sees_and_ends_the_tokens_of_a_user(customer: WebCustomer, other_customer: WebCustomer) -> None:
    secret = make(customer.signed_in("supplier"))[1]
    token, user = ApiToken.objects.get(), User.objects.get(username="ons-supplier")
    page = f"/customers/ons/users/{user.pk}"
    operator = customer.signed_in("operator")
    assert "HR-systeem" in markup(operator.get(page))
    stranger = User.objects.get(username="ons-reader")
    assert operator.post(f"/customers/ons/users/{stranger.pk}/tokens/{token.pk}/end").status_code == 404
    assert other_customer.signed_in("operator").post(f"{page}/tokens/{token.pk}/end").status_code == 404
    assert customer.signed_in("supplier").post(f"{page}/tokens/{token.pk}/end").status_code == 403
    assert operator.post(f"{page}/tokens/{token.pk}/end").status_code == 302
    assert holder(secret) is None


def test_a_token_is_ended(customer: WebCustomer) -> None:
    client = customer.signed_in("supplier")
    token = make(client)[1]
    response = client.post(reverse("api-token-end", args=[ApiToken.objects.get().pk]), follow=True)
    assert "The token of HR-systeem has been revoked." in response.content.decode()
    assert holder(token) is None


def test_nobody_ends_the_token_of_another(customer: WebCustomer, other_customer: WebCustomer) -> None:
    token = make(customer.signed_in("supplier"))[1]
    address = reverse("api-token-end", args=[ApiToken.objects.get().pk])
    for client in (customer.signed_in("reader"), other_customer.signed_in("operator")):
        assert client.post(address).status_code == 404
        assert "HR-systeem" not in client.get(PAGE).content.decode()
    assert browser().post(address).headers["Location"].startswith("/sign-in")
    assert customer.signed_in("supplier").post(reverse("api-token-end", args=[uuid4()])).status_code == 404
    assert holder(token) is not None


def test_of_several_customers_one_is_chosen(customer: WebCustomer, other_customer: WebCustomer) -> None:
    Role.objects.create(
        customer=Customer.objects.get(name="ander"), user=User.objects.get(username="ons-supplier"), name="reader"
    )
    client = customer.signed_in("supplier")
    assert 'name="customer"><option value="ander"' in markup(client.get(PAGE))
    assert make(client, customer="ander", scope=["deliver"])[0] == 400  # only a reader there
    visit = holder(make(client, customer="ander", scope=["read"])[1])
    assert visit is not None
    assert visit.customer.name == "ander"
