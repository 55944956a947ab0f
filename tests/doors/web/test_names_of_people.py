"""People have names: pages and mails say `Noor van Dam` for the user `ons-supplier`. Programs keep to the user name."""

from html import escape

import pytest
from django.test import Client, override_settings
from tests.doors.web.test_accounts import NEW, invite
from tests.doors.web.test_organisation import come_in, provider  # noqa: F401 - a fixture
from tests.doors.web.web_customer import ANNA, PASSWORD, WebCustomer, browser
from tests.oidc_provider import OidcProvider

from instroom.flow import find
from instroom.flow.news.safeguard_news import tell_new_approver
from instroom.flow.people import members
from instroom.store.models import Mail, Role, User


def text_of(client: Client, address: str) -> str:
    return client.get(address).content.decode()


def give_name(customer: WebCustomer, role: str, first: str, last: str) -> int:
    """On the page of their account; the status of the answer."""
    return customer.signed_in(role).post("/account/name", {"first_name": first, "last_name": last}).status_code


def test_who_accepts_an_invitation_says_who_they_are(customer: WebCustomer) -> None:
    link = invite(customer)
    form = {"first_name": " Noor ", "last_name": "van  Dam", "name": "noor", "password": PASSWORD}
    assert browser().post(link, form).status_code == 302
    user = User.objects.get(username="noor")
    assert (user.first_name, user.last_name, user.called, user.email) == ("Noor", "van Dam", "Noor van Dam", NEW)


def test_pages_and_mails_say_the_name_and_programs_the_user_name(customer: WebCustomer) -> None:
    assert give_name(customer, "supplier", "Noor", "van Dam") == 302
    assert give_name(customer, "operator", "Jaap", "d'Hont") == 302
    delivery = customer.deliver(ANNA)
    for page in ("/customers/ons/deliveries", f"/customers/ons/deliveries/{delivery.pk}"):
        shown = text_of(customer.signed_in("approver"), page)
        assert "Noor van Dam" in shown
        assert "ons-supplier" not in shown
    shown = text_of(customer.signed_in("operator"), "/customers/ons/users")
    assert "Noor van Dam" in shown
    assert "ons-supplier" in shown
    invite(customer)
    assert "Jaap d'Hont" in Mail.objects.get(kind="invitation").text
    assert (
        members.document(members.person(find.customer("ons"), find.user("ons-supplier").pk))["name"] == "ons-supplier"
    )


def test_a_mail_that_warns_says_both_names_as_people_choose_their_own(customer: WebCustomer) -> None:
    User.objects.update(email="iemand@voorbeeld.example")
    give_name(customer, "supplier", "Noor", "van Dam")
    tell_new_approver(find.customer("ons"), find.user("ons-supplier"), find.user("ons-operator"))
    told = Mail.objects.filter(kind="new-approver").first()
    assert told and "Noor van Dam (ons-supplier)" in told.subject
    assert "ons-operator heeft" in told.text


def test_who_gave_no_name_is_called_by_the_user_name(customer: WebCustomer) -> None:
    assert find.user("ons-supplier").called == "ons-supplier"


@pytest.mark.parametrize("name", ["http://voorbeeld.example", "Bel 030", "<b>Anna</b>", "A" * 61, "a\nb"])
def test_what_is_no_name_is_refused(customer: WebCustomer, name: str) -> None:
    """It stands in mails to others. Who mistyped it finds it back."""
    answer = customer.signed_in("supplier").post("/account/name", {"first_name": "Noor", "last_name": name})
    assert (answer.status_code, find.user("ons-supplier").last_name) == (400, "")
    assert f'name="last_name" value="{escape(name)}"' in answer.content.decode()


def test_what_is_invisible_in_a_name_goes(customer: WebCustomer) -> None:
    assert give_name(customer, "supplier", "Noor", "Anna\u202eannA ") == 302
    assert find.user("ons-supplier").last_name == "AnnaannA"


def test_a_provider_says_what_somebody_is_called(customer: WebCustomer, provider: OidcProvider) -> None:  # noqa: F811
    for last, called in (("de Wit", "Anna de Wit"), ("Wit-Bakker", "Anna Wit-Bakker"), ("<b>", "Anna Wit-Bakker")):
        provider.person |= {"given_name": "Anna", "family_name": last}
        client = browser()
        come_in(client, provider, client.get("/sign-in/with/ons"))
        assert User.objects.get(username="anna").called == called


def test_a_provider_renames_nobody_who_works_for_another_customer_too(
    customer: WebCustomer,
    other_customer: WebCustomer,
    provider: OidcProvider,  # noqa: F811
) -> None:
    client = browser()
    come_in(client, provider, client.get("/sign-in/with/ons"))
    anna = User.objects.get(username="anna")
    Role.objects.create(customer=find.customer("ander"), user=anna, name=Role.READER)
    provider.person |= {"given_name": "Noor", "family_name": "van Dam"}
    client = browser()
    assert come_in(client, provider, client.get("/sign-in/with/ons")).status_code == 302
    assert User.objects.get(username="anna").called == anna.called


def test_who_has_no_address_is_asked_for_one_where_mails_are_sent(customer: WebCustomer) -> None:
    asked = "your account has no e-mail address"
    supplier = customer.signed_in("supplier")
    assert asked not in text_of(supplier, "/customers/ons")
    with override_settings(INSTROOM_SMTP="smtp://127.0.0.1:9"):
        assert asked in text_of(supplier, "/customers/ons")
        User.objects.filter(username="ons-supplier").update(email="iemand@voorbeeld.example")
        assert asked not in text_of(supplier, "/customers/ons")
