"""Invitations, roles, one's own account and a forgotten password, as people go through them."""

import re
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from functools import partial
from types import FrameType

import pytest
from django.test import Client
from django.utils import timezone
from tests.doors.web.web_customer import PASSWORD, WebCustomer, browser
from tests.mail_sink import MailSink, mail_sink

from instroom.core.errors import NotAllowed
from instroom.flow import find, throttle
from instroom.flow.mails import mailing
from instroom.flow.news import outbox
from instroom.flow.people import api_tokens, members, new_email, new_password, own_account
from instroom.flow.people.passwords import set_password
from instroom.store.models import AuditEntry, Customer, Invitation, Mail, Role, User

NEW = "nieuw@voorbeeld.example"
OTHER_PASSWORD = "acht droge sokken"  # noqa: S105 - of nobody
LINK = re.compile(r"http://127\.0\.0\.1:8000(/\S+)")


@pytest.fixture
def sink() -> Iterator[MailSink]:
    """A mail server."""
    with mail_sink() as listening:
        yield listening


@pytest.fixture
def reader(customer: WebCustomer) -> User:
    """Somebody with an address and a password."""
    set_password(find.user("ons-reader"), PASSWORD)
    User.objects.filter(username="ons-reader").update(email="lezer@voorbeeld.example")
    Mail.objects.all().delete()
    return User.objects.get(username="ons-reader")


def english() -> Client:
    """A browser in which English was chosen."""
    client = browser()
    client.cookies["instroom-language"] = "en"
    return client


def invite(customer: WebCustomer, email: str = NEW, roles: tuple[str, ...] = ("supplier", "reader")) -> str:
    """As the operator does on the page; the address of the mail's link."""
    data = {"email": email, "roles": roles, "language": "en"}
    assert customer.signed_in("operator").post("/customers/ons/users/invite", data).status_code == 302
    found = LINK.search(Mail.objects.filter(kind="invitation").latest("made_at").text)
    assert found is not None
    return found[1]


def said(response: object) -> str:
    """The text of a page."""
    return str(response.content.decode())  # type: ignore[attr-defined]


def actions() -> list[str]:
    """What the audit log has, in order."""
    return list(AuditEntry.objects.order_by("at", "pk").values_list("action", flat=True))


def ask(client: Client, email: str, address: str = "192.0.2.1") -> tuple[int, str]:
    """Ask for a new password; the status and the words of the answer."""
    response = client.post("/forgotten", {"email": email}, REMOTE_ADDR=address)
    return response.status_code, re.sub(r'value="[^"]+"', "", said(response).partition("<main")[2])


# Invitations


def test_somebody_new_accepts_and_is_in_with_the_roles(customer: WebCustomer) -> None:
    link, client = invite(customer), english()
    assert "You are invited to work here as" in said(client.get(link))
    response = client.post(link, {"name": "Nieuw.Iemand", "password": PASSWORD})
    assert response.headers["Location"] == "/customers/ons"
    assert client.get("/customers/ons/deliver").status_code == 200
    user = User.objects.get(username="Nieuw.Iemand")
    assert (user.email, user.language) == (NEW, "en")
    assert sorted(user.roles.values_list("name", flat=True)) == ["reader", "supplier"]
    assert actions()[-3:] == ["invited", "invitation-accepted", "signed-in"]


def test_an_invitation_opens_once(customer: WebCustomer) -> None:
    link = invite(customer)
    english().post(link, {"name": "eerste", "password": PASSWORD})
    late = english().post(link, {"name": "tweede", "password": PASSWORD})
    assert late.status_code == 404
    assert "has been used" in said(late)
    assert not User.objects.filter(username="tweede").exists()
    assert Mail.objects.get(kind="invitation").text == ""


def test_an_invitation_ends_after_a_week_when_taken_back_and_when_given_anew(customer: WebCustomer) -> None:
    first = invite(customer)
    second = invite(customer)
    assert english().get(first).status_code == 404
    Invitation.objects.update(expires_at=timezone.now())
    assert english().get(second).status_code == 404
    third = invite(customer)
    customer.signed_in("operator").post(f"/customers/ons/invitations/{Invitation.objects.latest('made_at').pk}/end")
    assert english().get(third).status_code == 404
    assert english().get("/invitations/geen-woord").status_code == 404


def test_an_invitation_that_is_sent_again_has_another_link_and_the_same_roles(customer: WebCustomer) -> None:
    first, before = invite(customer), Invitation.objects.get()
    address = f"/customers/ons/invitations/{before.pk}/again"
    assert customer.signed_in("operator").post(address).status_code == 302
    mail = Mail.objects.latest("made_at")
    link, after = LINK.search(mail.text), Invitation.objects.get(ended_at=None)
    assert link is not None
    assert [english().get(one).status_code for one in (first, link[1])] == [404, 200]
    assert (after.email, after.roles, mail.language) == (before.email, before.roles, "en")
    assert customer.signed_in("operator").post(address).status_code == 404


def test_the_word_of_an_invitation_is_kept_nowhere_but_in_its_mail(customer: WebCustomer, sink: MailSink) -> None:
    word = invite(customer).rpartition("/")[2]
    assert len(word) >= 43
    assert word not in str(list(Invitation.objects.values())) + str(list(AuditEntry.objects.values()))
    mailing.send_due()
    assert word not in str(list(Mail.objects.values()))
    assert word in str(sink.messages[0])


def test_who_is_here_already_accepts_with_the_account_of_that_address(
    customer: WebCustomer, other_customer: WebCustomer
) -> None:
    User.objects.filter(username="ander-reader").update(email=NEW.upper())
    link, client = invite(customer), other_customer.signed_in("reader")
    assert client.get("/customers/ons").status_code == 404
    assert client.post(link).headers["Location"] == "/customers/ons"
    assert client.get("/customers/ons/deliver").status_code == 200


def test_an_invitation_is_not_for_whoever_is_signed_in_by_another_address(
    customer: WebCustomer, other_customer: WebCustomer
) -> None:
    link, client = invite(customer), other_customer.signed_in("reader")
    assert "this invitation is for nieuw@" in said(client.get(link))
    assert client.post(link).status_code == 400
    assert not Role.objects.filter(user__username="ander-reader", customer__name="ons").exists()
    assert english().get(link).status_code == 200  # and it has not been used up


@pytest.mark.parametrize(
    ("name", "password", "why"),
    [
        ("ONS-reader", PASSWORD, "taken"),
        ("a b", PASSWORD, "no spaces"),
        ("x", PASSWORD, "2 to 60"),
        ("nieuw", "kort", "too short"),
        ("nieuw.iemand", "nieuw.iemand", "names that belong to this account"),
    ],
)
def test_a_name_or_password_that_will_not_do_says_why(
    customer: WebCustomer, name: str, password: str, why: str
) -> None:
    link = invite(customer)
    response = english().post(link, {"name": name, "password": password})
    assert response.status_code == 400
    assert why in said(response)
    assert english().get(link).status_code == 200


def test_few_names_of_users_are_found_out_by_an_invitation(
    customer: WebCustomer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However many a customer makes."""
    of_invitation, of_customer = throttle.INVITED_NAMES
    limits = replace(of_invitation, attempts=2), replace(of_customer, attempts=3)
    monkeypatch.setattr(throttle, "INVITED_NAMES", limits)
    first, second = invite(customer), invite(customer, "tweede@voorbeeld.example")
    tries = [(first, "ons-reader"), (first, "ons-approver"), (first, "vrij"), (second, "ons-reader"), (second, "vrij")]
    told = [said(english().post(link, {"name": name, "password": PASSWORD})) for link, name in tries]
    assert ["This name is taken" in one for one in told] == [True, True, False, True, False]
    assert ["Try again tomorrow" in one for one in told] == [False, False, True, False, True]


def test_of_two_who_take_a_name_at_once_one_is_told(customer: WebCustomer) -> None:
    first, second = members.new_user("samen", ""), members.new_user("samen", "")
    members.keep_new(first)
    with pytest.raises(NotAllowed, match="taken"):
        members.keep_new(second)


@pytest.mark.parametrize(("email", "roles"), [("geen adres", ["reader"]), (NEW, []), (NEW, ["god"])])
def test_an_invitation_takes_an_address_and_a_role(customer: WebCustomer, email: str, roles: list[str]) -> None:
    data = {"email": email, "roles": roles, "language": "nl"}
    response = customer.signed_in("operator").post("/customers/ons/users/invite", data)
    assert response.status_code == 400
    assert 'role="alert"' in said(response)
    assert not Invitation.objects.exists()


def test_a_customer_invites_so_many_a_day(customer: WebCustomer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(throttle, "INVITATIONS", (replace(throttle.INVITATIONS[0], attempts=1),))
    invite(customer)
    data = {"email": "x@voorbeeld.example", "roles": ["reader"], "language": "nl"}
    response = customer.signed_in("operator").post("/customers/ons/users/invite", data)
    assert "Too many people have been invited today." in said(response)


# Users and roles


def test_the_list_shows_who_may_what_and_who_gets_no_mail(
    customer: WebCustomer, reader: User, other_customer: WebCustomer
) -> None:
    page = said(customer.signed_in("operator").get("/customers/ons/users"))
    assert "lezer@voorbeeld.example" in page
    assert page.count("no address, so no mail") == 4
    assert "ander-" not in page


def test_roles_are_changed_and_taken_away(customer: WebCustomer, reader: User) -> None:
    operator, client = customer.signed_in("operator"), customer.signed_in("reader")
    page = f"/customers/ons/users/{reader.pk}"
    assert operator.post(page, {"roles": ["approver", "supplier"]}).status_code == 302
    assert client.get("/customers/ons/deliver").status_code == 200
    assert operator.post(page, {}).status_code == 302
    assert client.get("/customers/ons").status_code == 404
    assert operator.get(page).status_code == 404
    entries = AuditEntry.objects.filter(action="roles-changed").order_by("pk")
    assert [entry.facts["after"] for entry in entries] == ["supplier, approver", ""]
    assert {entry.facts["of"] for entry in entries} == {"ons-reader"}


def test_a_customer_keeps_an_operator(customer: WebCustomer) -> None:
    operator = User.objects.get(username="ons-operator")
    client, page = customer.signed_in("operator"), f"/customers/ons/users/{operator.pk}"
    refused = client.post(page, {"roles": ["reader"]})
    assert refused.status_code == 400
    assert "is the last operator" in said(refused)
    second = User.objects.get(username="ons-reader")
    client.post(f"/customers/ons/users/{second.pk}", {"roles": ["operator"]})
    assert client.post(page, {"roles": ["reader"]}).status_code == 302
    assert client.get("/customers/ons/users").status_code == 403


def test_an_operator_gives_no_roles_for_another_customer(customer: WebCustomer, other_customer: WebCustomer) -> None:
    stranger = User.objects.get(username="ander-reader")
    operator = customer.signed_in("operator")
    assert operator.post(f"/customers/ons/users/{stranger.pk}", {"roles": ["operator"]}).status_code == 404
    assert operator.post(f"/customers/ander/users/{stranger.pk}", {"roles": ["operator"]}).status_code == 404
    assert not Role.objects.filter(customer__name="ander", user=stranger, name="operator").exists()


# One's own account


def test_a_new_password_takes_the_old_one_and_ends_the_other_sessions(customer: WebCustomer, reader: User) -> None:
    here, elsewhere = customer.signed_in("reader"), customer.signed_in("reader")
    wrong = here.post("/account/password", {"old": "iets anders", "new": OTHER_PASSWORD})
    assert (wrong.status_code, "Your password is not correct." in said(wrong)) == (400, True)
    weak = here.post("/account/password", {"old": PASSWORD, "new": "kort"})
    assert (weak.status_code, "too short" in said(weak)) == (400, True)
    assert elsewhere.get("/account").status_code == 200
    assert here.post("/account/password", {"old": PASSWORD, "new": OTHER_PASSWORD}).status_code == 302
    assert here.get("/account").status_code == 200
    assert elsewhere.get("/account").status_code == 302
    assert Mail.objects.get(kind="account-changed").to == reader.email
    assert Mail.objects.get().customer is None  # nobody else's affair


def test_of_two_who_change_it_at_once_the_second_is_refused(reader: User) -> None:
    """Also where both gave the right password before the first had changed it."""
    second = User.objects.get(pk=reader.pk)
    own_account.change_password(reader, PASSWORD, OTHER_PASSWORD, "192.0.2.1")
    with pytest.raises(NotAllowed, match="not correct"):
        own_account.change_password(second, PASSWORD, "zes blauwe manden", "192.0.2.1")
    with pytest.raises(NotAllowed, match="not correct"):
        new_email.ask(second, NEW, PASSWORD, "192.0.2.1")
    reader.refresh_from_db()
    assert (reader.check_password(OTHER_PASSWORD), reader.email) == (True, "lezer@voorbeeld.example")


def test_guessing_the_old_password_is_slowed_down(customer: WebCustomer, reader: User) -> None:
    client = customer.signed_in("reader")
    for _ in range(5):
        client.post("/account/password", {"old": "gegokt", "new": OTHER_PASSWORD})
    response = client.post("/account/password", {"old": PASSWORD, "new": OTHER_PASSWORD})
    assert "Too many failed attempts. Try again in 15 minutes." in said(response)


def ask_address(client: Client, email: str) -> str:
    """Ask for another address; the link in the mail to it."""
    assert client.post("/account/email", {"email": email, "password": PASSWORD}).status_code == 302
    found = LINK.search(Mail.objects.filter(kind="new-email", to=email).latest("made_at").text)
    assert found is not None
    return found[1]


def test_another_address_counts_once_its_link_is_followed(customer: WebCustomer, reader: User) -> None:
    client, before = customer.signed_in("reader"), reader.email
    assert client.post("/account/email", {"email": NEW, "password": "gegokt"}).status_code == 400
    assert client.post("/account/email", {"email": "geen adres", "password": PASSWORD}).status_code == 400
    assert not Mail.objects.exists()
    link = ask_address(client, NEW)
    assert NEW not in link
    assert "counts once you follow the link" in said(client.get("/account"))
    assert said(client.get(link)).count(NEW) == 1  # looking changes nothing
    reader.refresh_from_db()
    assert (reader.email, Mail.objects.exclude(kind="new-email").get().to) == (before, before)
    assert customer.signed_in("approver").post(link).status_code == 404
    assert browser().post(link).headers["Location"].startswith("/sign-in")
    assert client.post(link).headers["Location"] == "/account"
    reader.refresh_from_db()
    assert (reader.email, reader.new_email) == (NEW, "")
    assert Mail.objects.filter(kind="account-changed", to=before).count() == 2
    assert client.post(link).status_code == 404
    assert client.post("/account/email", {"email": "", "password": PASSWORD}).status_code == 302
    assert "Without an address you get no mail" in said(client.get("/account"))
    assert actions()[-3:] == ["email-asked", "email-changed", "email-changed"]


def test_the_link_to_another_address_ends(
    customer: WebCustomer, reader: User, sink: MailSink, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After an hour, by another request, by the present address, and with a new password; it is in its mail alone."""
    client = customer.signed_in("reader")
    first, second = ask_address(client, NEW), ask_address(client, "ander@voorbeeld.example")
    assert [client.get(one).status_code for one in (first, second)] == [404, 200]
    mailing.send_due()
    assert second.rpartition("/")[2] not in str(list(Mail.objects.values())) + str(list(AuditEntry.objects.values()))
    later = new_email.TOKENS._now() + timedelta(minutes=61)
    with monkeypatch.context() as at:
        at.setattr(new_email.TOKENS, "_now", lambda: later)
        assert client.post(second).status_code == 404
    client.post("/account/password", {"old": PASSWORD, "new": OTHER_PASSWORD})
    assert client.post(second).status_code == 404
    client.post("/account/password", {"old": OTHER_PASSWORD, "new": PASSWORD})
    third = ask_address(client, NEW)
    assert client.post("/account/email", {"email": reader.email, "password": PASSWORD}).status_code == 302
    assert client.post(third).status_code == 404
    refused = [client.post("/account/email", {"email": NEW, "password": PASSWORD}).status_code for _ in range(2)]
    assert refused == [302, 400]  # three an hour to one address
    others = [{"email": f"{name}@voorbeeld.example", "password": PASSWORD} for name in ("vijfde", "zesde")]
    assert [client.post("/account/email", form).status_code for form in others] == [302, 400]  # five an hour in all


def test_the_language_is_that_of_mails_and_of_the_next_browser(customer: WebCustomer, reader: User) -> None:
    client = customer.signed_in("reader")
    assert client.post("/account/language", {"language": "xx"}).status_code == 400
    assert client.post("/account/language", {"language": "en"}).status_code == 302
    new = browser()
    new.post("/sign-in", {"name": "ons-reader", "password": PASSWORD})
    assert "Your account" in said(new.get("/account"))


# A forgotten password


def test_a_forgotten_password_is_set_by_the_link_once(customer: WebCustomer, reader: User, sink: MailSink) -> None:
    client, elsewhere = english(), customer.signed_in("reader")
    assert ask(client, "Lezer@Voorbeeld.example")[0] == 200
    mailing.send_due()
    (message,) = sink.messages
    found = LINK.search(message.get_body(("plain",)).get_content())  # type: ignore[union-attr]
    assert (message["To"], found is not None) == (reader.email, True)
    link = found[1]  # type: ignore[index]
    token = api_tokens.add(find.customer("ons"), "hr", ["read"], by=reader)
    assert "ons-reader" in said(client.get(link))
    assert client.post(link, {"password": "kort"}).status_code == 400
    assert client.post(link, {"password": OTHER_PASSWORD}).headers["Location"] == "/sign-in"
    assert client.post(link, {"password": PASSWORD}).status_code == 404
    assert (elsewhere.get("/account").status_code, api_tokens.holder(token.secret)) == (302, None)
    assert client.post("/sign-in", {"name": "ons-reader", "password": OTHER_PASSWORD}).status_code == 302
    assert "password-set-by-mail" in actions()


def test_the_link_ends_after_an_hour(reader: User, sink: MailSink, monkeypatch: pytest.MonkeyPatch) -> None:
    ask(english(), reader.email)
    link = LINK.search(Mail.objects.get().text)[1]  # type: ignore[index]
    now = new_password.default_token_generator._now()
    for minutes, status in ((59, 200), (61, 404)):
        later = now + timedelta(minutes=minutes)
        monkeypatch.setattr(new_password.default_token_generator, "_now", lambda later=later: later)
        assert english().get(link).status_code == status


def test_a_link_of_somebody_else_or_of_nobody_opens_nothing(
    customer: WebCustomer, reader: User, sink: MailSink
) -> None:
    ask(english(), reader.email)
    link = LINK.search(Mail.objects.get().text)[1]  # type: ignore[index]
    other = User.objects.get(username="ons-operator")
    assert english().get(link.replace(str(reader.pk), str(other.pk))).status_code == 404
    assert english().get(link[:-1] + ("0" if link[-1] != "0" else "1")).status_code == 404
    User.objects.filter(pk=reader.pk).update(is_active=False)
    assert english().get(link).status_code == 404


@pytest.mark.parametrize("email", ["niemand@voorbeeld.example", "", "geen adres", "x" * 400])
def test_the_answer_does_not_tell_whether_an_address_is_known(reader: User, sink: MailSink, email: str) -> None:
    client = english()
    client.get("/forgotten")
    assert ask(client, email) == ask(client, reader.email)
    assert Mail.objects.count() == 1


def test_the_answer_takes_as_much_work_for_who_is_not_known(reader: User, sink: MailSink) -> None:
    """Within a third, and no hash more for one of the two."""
    emails = ("niemand@voorbeeld.example", reader.email)
    for email in emails:
        ask(english(), email)  # what is loaded at first
    (unknown, hashes), (known, as_many) = (work_of(partial(ask, english(), email)) for email in emails)
    assert abs(known - unknown) < max(known, unknown) / 3
    assert hashes == as_many


def work_of(act: Callable[[], object]) -> tuple[int, int]:
    """How many functions are called, and how many passwords hashed: what makes it take long on any machine."""
    called: Counter[str] = Counter()

    def watch(frame: FrameType, event: str, argument: object) -> None:
        if event in ("call", "c_call"):
            called[frame.f_code.co_name if event == "call" else argument.__name__] += 1  # type: ignore[attr-defined]

    sys.setprofile(watch)
    try:
        act()
    finally:
        sys.setprofile(None)
    return called.total(), called["make_password"] + called["verify_password"]


def test_asking_again_and_again_fills_nobodys_mailbox(reader: User, sink: MailSink) -> None:
    client = english()
    answers = {ask(client, reader.email, f"192.0.2.{turn}") for turn in range(6)}
    assert len(answers) == 1
    assert Mail.objects.count() == 3


def test_one_address_asks_only_so_often(reader: User, sink: MailSink) -> None:
    client = english()
    statuses = [ask(client, f"{turn}@voorbeeld.example")[0] for turn in range(21)]
    assert (statuses[:20], statuses[20]) == ([200] * 20, 403)


def test_without_a_mail_server_the_page_says_whom_to_ask(reader: User) -> None:
    assert "Ask the people who run it" in said(english().get("/forgotten"))
    assert ask(english(), reader.email)[0] == 403
    assert not Mail.objects.exists()


def test_the_audit_log_has_no_address_and_no_secret(reader: User, customer: WebCustomer, sink: MailSink) -> None:
    ask(english(), reader.email)
    word = invite(customer).rpartition("/")[2]
    kept = str(list(AuditEntry.objects.values()))
    assert not any(text in kept for text in (reader.email, NEW, word, PASSWORD))


# Mails


def test_mails_are_read_in_the_web_in_a_frame_that_can_do_nothing(customer: WebCustomer) -> None:
    invite(customer)
    operator, mail = customer.signed_in("operator"), Mail.objects.get()
    assert "Pass on the link yourself" in said(operator.get("/customers/ons/users"))
    assert "no mail server is set" in said(operator.get("/customers/ons/mails"))
    page = operator.get(f"/customers/ons/mails/{mail.pk}")
    assert "frame-src 'self'" in page.headers["Content-Security-Policy"]
    assert '<iframe class="mail" sandbox' in said(page)
    assert LINK.search(said(page))
    framed = operator.get(f"/customers/ons/mails/{mail.pk}/html")
    assert framed.headers["X-Frame-Options"] == "SAMEORIGIN"
    policy = framed.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "; sandbox" in policy
    assert "script-src" not in policy


def test_mails_about_a_persons_own_account_are_on_no_page(customer: WebCustomer, reader: User, sink: MailSink) -> None:
    ask(english(), reader.email)
    mail = Mail.objects.get()
    operator = customer.signed_in("operator")
    assert reader.email not in said(operator.get("/customers/ons/mails"))
    assert operator.get(f"/customers/ons/mails/{mail.pk}").status_code == 404
    assert operator.get(f"/customers/ons/mails/{mail.pk}/html").status_code == 404


def test_a_mail_that_was_given_up_can_be_tried_again(customer: WebCustomer, sink: MailSink) -> None:
    invite(customer)
    mail = Mail.objects.get()
    again = f"/customers/ons/mails/{mail.pk}/again"
    operator = customer.signed_in("operator")
    assert operator.post(again).status_code == 403
    Mail.objects.update(given_up_at=timezone.now(), attempts=8)
    assert "failed for good: 1" in said(operator.get("/customers/ons/users"))
    assert operator.post(again).status_code == 302
    assert "failed for good" not in said(operator.get("/customers/ons/users"))
    assert mailing.send_due() == 1


def test_a_refused_address_stands_with_the_user_the_mail_and_the_own_account(
    customer: WebCustomer, reader: User
) -> None:
    facts = {"name": "x.csv", "Name": "x.csv", "customer": "Ons", "link": ""}
    outbox.write("imported", reader, "nl", facts, customer=Customer.objects.get(name="ons"))
    Mail.objects.update(refused_at=timezone.now(), given_up_at=timezone.now())
    operator, own = customer.signed_in("operator"), customer.signed_in("reader")
    for client, path, words in (
        (operator, "/customers/ons/users", "the mail server refuses this address"),
        (operator, f"/customers/ons/users/{reader.pk}", "The mail server has refused this address since"),
        (operator, "/customers/ons/mails", "address refused"),
        (operator, f"/customers/ons/mails/{Mail.objects.get().pk}", "does not take mail for this address"),
        (own, "/account", "so you get no mail"),
    ):
        assert words in said(client.get(path))
    User.objects.filter(pk=reader.pk).update(email="ander@voorbeeld.example")
    assert "refuses this address" not in said(operator.get("/customers/ons/users"))
    assert "so you get no mail" not in said(own.get("/account"))
