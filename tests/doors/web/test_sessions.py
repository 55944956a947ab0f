"""How long a session lasts, where it is seen, and how it is ended; and users who are switched off."""

import re
from datetime import timedelta

import pytest
from django.contrib.auth.hashers import make_password
from django.db.models import F
from django.test import Client
from tests.doors.web.test_sign_in import sign_in
from tests.doors.web.web_customer import PASSWORD, WebCustomer, browser, markup

from instroom.core.errors import NotAllowed, NotFound
from instroom.flow import acting, find
from instroom.flow.people import api_tokens, invitations, members, switching
from instroom.flow.people.passwords import set_password
from instroom.flow.people.sessions import describe, sessions_of
from instroom.store.models import AuditEntry, Customer, Invitation, Mail, User, WebSession
from instroom.store.sessions import IDLE, LONGEST, SessionStore

MINUTE = timedelta(minutes=1)
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:141.0) Gecko/20100101 Firefox/141.0"
EDGE = "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/139.0 Safari/537.36 Edg/139.0"


@pytest.fixture
def reader(customer: WebCustomer) -> User:
    """Somebody with a password."""
    User.objects.filter(username="ons-reader").update(password=make_password(PASSWORD), email="lezer@voorbeeld.example")
    return find.user("ons-reader")


def signed_in(address: str = "192.0.2.1", program: str = FIREFOX) -> Client:
    client = Client(SERVER_NAME="localhost", headers={"user-agent": program, "accept-language": "en"})
    client.cookies["instroom-language"] = "en"
    assert sign_in(client, "ons-reader", PASSWORD, address) == 302
    return client


def is_in(client: Client) -> bool:
    return client.get("/customers/ons").status_code == 200


def pass_by(time: timedelta) -> None:
    """As if this time had passed."""
    WebSession.objects.update(
        seen_at=F("seen_at") - time, expire_date=F("expire_date") - time, begun_at=F("begun_at") - time
    )
    for row in WebSession.objects.all():
        data = SessionStore().decode(row.session_data) | {"begun": row.begun_at.isoformat()}
        WebSession.objects.filter(pk=row.pk).update(session_data=SessionStore().encode(data))


def test_a_session_ends_after_an_hour_without_a_request(reader: User) -> None:
    client = signed_in()
    pass_by(IDLE - MINUTE)
    assert is_in(client)
    pass_by(IDLE - MINUTE)
    assert is_in(client)
    pass_by(IDLE + MINUTE)
    assert not is_in(client)


def test_a_session_ends_after_ten_hours_whatever_is_done_and_saved_in_it(reader: User) -> None:
    client = signed_in()
    for _ in range(int(LONGEST / IDLE) * 2 - 1):
        pass_by(IDLE / 2)
        assert client.post("/account/language", {"language": "en"}).status_code == 302  # with a message: it saves
        assert is_in(client)
    pass_by(IDLE / 2)
    assert not is_in(client)


@pytest.mark.on_postgresql
def test_the_database_opens_no_session(reader: User) -> None:
    client = signed_in()
    key = client.cookies["instroom"].value
    row = WebSession.objects.get()
    assert key not in (row.pk, row.session_data)
    assert row.user == reader
    thief = browser()
    thief.cookies["instroom"] = row.pk
    assert not is_in(thief)
    assert SessionStore(key).load()["_auth_user_id"] == str(reader.pk)
    assert SessionStore(row.pk).load() == {}


@pytest.mark.parametrize(
    ("program", "address", "shown"),
    [
        (FIREFOX, "192.0.2.17", ("Firefox", "192.0.2.x")),
        (EDGE, "2001:db8:1:2::3", ("Edge", "2001:db8:1::/48")),
        ("curl/8", "::ffff:192.0.2.9", ("", "192.0.2.x")),
        ("", "", ("", "")),
    ],
)
def test_a_session_is_described_by_browser_and_part_of_the_address(
    program: str, address: str, shown: tuple[str, str]
) -> None:
    where = describe(program, address)["where"]
    assert (where["browser"], where["network"]) == shown


def test_ones_own_sessions_are_listed_and_another_one_is_ended(reader: User) -> None:
    here, there = signed_in(), signed_in("198.51.100.7", EDGE)
    page = markup(here.get("/account"))
    assert page.count("this session") == 1
    assert "Edge" in page
    assert "198.51.100.x" in page
    assert "198.51.100.7" not in page
    other = next(one for one in sessions_of(reader) if one.browser == "Edge")
    for _ in range(2):  # the second finds nothing to end, and says so
        assert here.post("/account/sessions/end", {"session": other.id}).status_code == 302
    assert is_in(here)
    assert not is_in(there)
    assert AuditEntry.objects.filter(action="session-ended").count() == 1


def test_nobody_ends_a_session_of_another(customer: WebCustomer, reader: User) -> None:
    theirs = signed_in()
    customer.signed_in("approver").post("/account/sessions/end", {"session": sessions_of(reader)[0].id})
    assert is_in(theirs)


def test_a_new_password_leaves_one_session_in_the_list(reader: User) -> None:
    here, there = signed_in(), signed_in()
    here.post("/account/password", {"old": PASSWORD, "new": "acht droge sokken"})
    assert is_in(here)
    assert not is_in(there)
    assert len(sessions_of(reader)) == 1


def test_tokens_end_with_a_reset_and_with_a_change_where_asked(reader: User) -> None:
    ons = Customer.objects.get(name="ons")
    secrets = [api_tokens.add(ons, name, ["read"], by=reader).secret for name in ("een", "twee")]
    here = signed_in()
    here.post("/account/password", {"old": PASSWORD, "new": "acht droge sokken"})
    assert all(api_tokens.holder(one) for one in secrets)
    here.post("/account/password", {"old": "acht droge sokken", "new": PASSWORD, "end_tokens": "on"})
    assert not any(api_tokens.holder(one) for one in secrets)
    secret = api_tokens.add(ons, "drie", ["read"], by=find.user("ons-reader")).secret
    set_password(reader, "negen blauwe jassen")
    assert api_tokens.holder(secret) is None


@pytest.mark.on_postgresql
def test_who_is_switched_off_is_out_everywhere_at_once(customer: WebCustomer) -> None:
    leaver, ons = find.user("ons-operator"), Customer.objects.get(name="ons")
    members.add(ons, "blijft", "", ["operator"], by=leaver)
    User.objects.filter(pk=leaver.pk).update(email="weg@voorbeeld.example", password=make_password(PASSWORD))
    leaver.refresh_from_db(fields=["password"])
    client, secret = customer.signed_in("operator"), api_tokens.add(ons, "hr", ["read"], by=leaver).secret
    invited = invitations.invite(ons, "nieuw@voorbeeld.example", ["reader"], "nl", by=leaver)
    switching.switch_off(find.user("ons-operator"), by=find.user("blijft"))
    assert not is_in(client)
    assert sign_in(browser(), "ons-operator", PASSWORD) == 403
    assert api_tokens.holder(secret) is None
    assert Invitation.objects.get(pk=invited.pk).ended_at is not None
    assert Mail.objects.filter(kind="account-changed", to="weg@voorbeeld.example").count() == 1
    facts = AuditEntry.objects.get(action="user-off", customer=ons).facts
    assert facts == {"of": "ons-operator", "sessions": 1, "tokens": 1, "invitations": 1}
    switching.switch_on(find.user("ons-operator"), by=find.user("blijft"))
    assert not is_in(client)
    assert api_tokens.holder(secret) is None
    assert sign_in(browser(), "ons-operator", PASSWORD) == 302


def test_an_invitation_of_who_may_not_give_its_roles_any_more_opens_nothing(customer: WebCustomer) -> None:
    ons = Customer.objects.get(name="ons")
    leaver = members.add(ons, "gaat", "", ["operator"], by=find.user("ons-operator"))
    invitations.invite(ons, "nieuw@voorbeeld.example", ["approver"], "nl", by=leaver)
    link = re.search(r"/invitations/\S+", Mail.objects.get(kind="invitation").text)
    assert link is not None
    assert browser().get(link[0]).status_code == 200
    members.set_roles(ons, leaver, ["reader"], by=find.user("ons-operator"))
    assert browser().get(link[0]).status_code == 404
    assert browser().post(link[0], {"name": "terug", "password": PASSWORD}).status_code == 404
    assert not User.objects.filter(username="terug").exists()


def test_an_operator_switches_users_of_their_own_customers_alone(
    customer: WebCustomer, other_customer: WebCustomer
) -> None:
    operator, ander = find.user("ons-operator"), Customer.objects.get(name="ander")
    members.give_roles(ander, find.user("ons-supplier"), ["supplier"], by=None)
    for name in ("ons-supplier", "ander-reader", "ons-operator"):
        with pytest.raises(NotAllowed):
            switching.switch_off(find.user(name), by=operator)
    page = f"/customers/ons/users/{find.user('ons-supplier').pk}/switch"
    assert customer.signed_in("operator").post(page).status_code == 400
    switching.switch_off(find.user("ons-reader"), by=operator)
    User.objects.filter(username="ander-operator").update(is_superuser=True)
    with pytest.raises(NotAllowed) as last:  # the only operator of `ons`
        switching.switch_off(operator, by=find.user("ander-operator"))
    assert last.value.code == "last-operator"
    switching.switch_off(find.user("ons-supplier"), by=find.user("ander-operator"))
    with pytest.raises(NotFound):
        find.active_user("ons-supplier")


def test_the_page_of_a_user_has_the_switch_and_names_what_goes_on(customer: WebCustomer, reader: User) -> None:
    from instroom.flow.file_server import accounts

    accounts.add("hr", Customer.objects.get(name="ons"), "een-lang-woord-7", by=find.user("ons-operator"))
    theirs, operator, page = signed_in(), customer.signed_in("operator"), f"/customers/ons/users/{reader.pk}"
    assert ">hr</a>" in markup(operator.get(page))
    assert operator.post(f"{page}/sign-out").status_code == 302
    assert not is_in(theirs)
    assert operator.post(f"{page}/switch").status_code == 302
    assert "switched off" in markup(operator.get("/customers/ons/users"))
    assert sign_in(browser(), "ons-reader", PASSWORD) == 403
    assert "Switch on" in markup(operator.get(page))
    assert operator.post(f"{page}/switch", {"active": "on"}).status_code == 302
    assert sign_in(browser(), "ons-reader", PASSWORD) == 302


@pytest.mark.parametrize("site_operator", [False, True])
def test_a_program_switches_users_of_its_own_customer_alone(
    customer: WebCustomer, other_customer: WebCustomer, site_operator: bool
) -> None:
    """Also where its user may decide on those of other customers."""
    operator, ander = find.user("ons-operator"), Customer.objects.get(name="ander")
    members.give_roles(ander, operator, ["operator"], by=None)
    User.objects.filter(pk=operator.pk).update(is_superuser=site_operator)
    operator.refresh_from_db()
    members.give_roles(ander, find.user("ons-supplier"), ["supplier"], by=None)
    token = api_tokens.add(Customer.objects.get(name="ons"), "Programma", ["manage-users"], by=operator).token
    with acting.one_request():
        acting.work_by(token)
        for name in ("ons-supplier", "ander-reader"):
            with pytest.raises(NotAllowed):
                switching.switch_off(find.user(name), by=operator)
        switching.switch_off(find.user("ons-reader"), by=operator)
    switching.switch_off(find.user("ons-supplier"), by=operator)
