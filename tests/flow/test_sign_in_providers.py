"""Signing in with the own organisation (product.md G6): what opens, and every way in which nothing does."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import time
from typing import Any, NamedTuple

import pytest
from django.test import override_settings
from joserfc.jwk import RSAKey
from tests.oidc_provider import KEYS, OidcProvider, oidc_provider

from instroom.config.listening import networks
from instroom.core.errors import NotAllowed
from instroom.flow import find, throttle
from instroom.flow.acting import only_for
from instroom.flow.operations.init import add_customer
from instroom.flow.people import invitations, members, sign_in
from instroom.flow.people.passwords import set_password
from instroom.flow.sign_in_providers import discovery, identities, manage, signing_in
from instroom.flow.sign_in_providers.manage import GroupRoles, ProviderSettings
from instroom.flow.sign_in_providers.refused import Refused
from instroom.flow.sign_in_providers.signing_in import Departure
from instroom.flow.sign_in_providers.signing_out import end_sessions
from instroom.flow.sign_in_providers.tokens import LOGOUT_EVENT
from instroom.store.models import AuditEntry, Customer, LinkedIdentity, Role, SignInProvider, User, WebSession
from instroom.store.sessions import SessionStore

pytestmark = pytest.mark.on_sqlite_alone  # but for what is marked otherwise

ADDRESS = "192.0.2.1"
FIRST: dict[str, Any] = {"client_id": "instroom", "client_secret": "geheim &?", "mail_domains": ["voorbeeld.example"]}


class Site(NamedTuple):
    """A customer, its people and its provider."""

    customer: Customer
    theirs: OidcProvider

    def user(self, role: str) -> User:
        return User.objects.get(username=f"ons-{role}")

    @property
    def provider(self) -> SignInProvider:
        return SignInProvider.objects.select_related("customer").get(customer=self.customer)

    def set_up(self, **settings: Any) -> None:
        chosen = {"issuer": self.theirs.issuer, **FIRST, **settings}
        manage.save(self.customer, ProviderSettings(**chosen), by=self.user("operator"))

    def link(self, role: str = "reader") -> User:
        """A user whom the provider knows as its person."""
        user = self.user(role)
        self.come_in(link=str(user.pk), here=user)
        return user

    def come_in(self, here: User | None = None, **asked: str) -> User:
        departure = signing_in.begin(self.provider, **asked)
        return self.arrive(departure, self.theirs.authorize(departure.address), here)

    def arrive(self, departure: Departure, answer: dict[str, str], here: User | None = None) -> User:
        found = identities.sign_in(self.provider, departure.cookie, answer, ADDRESS, here=here)
        return found.identity.user

    def refused(self, act: Callable[[], Any]) -> str:
        """The reason, as the person reads it and as the audit log has it."""
        with pytest.raises(Refused) as error:
            act()
        entry = AuditEntry.objects.filter(action="provider-refused").order_by("pk").last()
        assert entry is not None and entry.facts["reason"] == error.value.reason
        return error.value.reason


@contextmanager
def reachable() -> Iterator[None]:
    with override_settings(INSTROOM_PROVIDER_PRIVATE=networks("INSTROOM_PROVIDER_PRIVATE", "127.0.0.1")):
        yield


@pytest.fixture
def site() -> Iterator[Site]:
    discovery.forget()
    add_customer("ons", "Ons BV", {f"ons-{role}": (role,) for role in Role.NAMES})
    customer = find.customer("ons")
    with oidc_provider() as theirs, reachable():
        one = Site(customer, theirs)
        one.set_up()
        yield one


@pytest.mark.on_postgresql
def test_a_linked_user_signs_in_by_issuer_and_subject_whatever_the_mail_address(site: Site) -> None:
    reader = site.link()
    for email in ("anna@voorbeeld.example", "ons-operator@voorbeeld.example", None):
        site.theirs.person["email"] = email
        assert site.come_in() == reader
    assert site.theirs.asked["code_challenge_method"] == "S256"
    assert list(AuditEntry.objects.filter(action="identity-linked").values_list("user__username", flat=True)) == [
        "ons-reader"
    ]


def test_nothing_but_an_answer_to_our_own_question_opens(site: Site) -> None:
    """Each attack on one answer, with the reason by which it is refused; what is signed is right but for this."""
    site.link()
    now = int(time())
    stranger = "https://inlog.voorbeeld.example"
    claims: dict[str, tuple[dict[str, Any], str]] = {
        "issuer": ({"iss": stranger}, "iss"),
        "no issuer": ({"iss": None}, "iss"),
        "audience": ({"aud": "other"}, "aud"),
        "no audience": ({"aud": None}, "aud"),
        "party of several": ({"aud": ["instroom", "other"], "azp": "other"}, "azp"),
        "no party of several": ({"aud": ["other", "instroom"]}, "azp"),
        "nonce": ({"nonce": "of-another"}, "nonce"),
        "no nonce": ({"nonce": None}, "nonce"),
        "expired": ({"exp": now - 61}, "expired"),
        "no expiry": ({"exp": None}, "exp"),
        "old": ({"iat": now - 3600, "exp": now + 3600}, "expired"),
        "of the future": ({"iat": now + 300}, "iat"),
        "not yet": ({"nbf": now + 300}, "nbf"),
        "no subject": ({"sub": None}, "sub"),
        "empty subject": ({"sub": ""}, "sub"),
        "long subject": ({"sub": "s" * 256}, "sub"),
        "odd subject": ({"sub": "s\0"}, "sub"),
        "number as subject": ({"sub": 1}, "sub"),
        "access token of another": ({"at_hash": "AAAA"}, "at_hash"),
    }
    for name, (changed, reason) in claims.items():
        site.theirs.claims = changed
        assert site.refused(site.come_in) == reason, name
    site.theirs.claims = {}
    for algorithm in ("none", "HS256", "RS384"):
        site.theirs.algorithm = algorithm
        assert site.refused(site.come_in) == "signature", algorithm
    site.theirs.algorithm = "RS256"

    departure = signing_in.begin(site.provider)
    answer = site.theirs.authorize(departure.address)
    answers = {
        "of another's state": (departure, {**answer, "state": "x"}, "state"),
        "without a state": (departure, {"code": answer["code"]}, "state"),
        "of another browser": (departure._replace(cookie=""), answer, "state"),
        "of another provider": (departure, {**answer, "iss": stranger}, "issuer"),
    }
    for name, (mine, theirs, reason) in answers.items():
        assert site.refused(lambda mine=mine, theirs=theirs: site.arrive(mine, theirs)) == reason, name
    site.arrive(departure, answer)
    assert site.refused(lambda: site.arrive(departure, answer)) == "state"  # replayed
    later = signing_in.begin(site.provider)
    replayed = {**site.theirs.authorize(later.address), "code": answer["code"]}
    assert site.refused(lambda: site.arrive(later, replayed)) == "answer"
    assert site.refused(lambda: site.arrive(signing_in.begin(site.provider), {"error": "access_denied"})) == "state"


def test_an_answer_that_was_asked_of_another_provider_opens_nothing(site: Site) -> None:
    site.link()
    add_customer("ander", "Ander BV", {"ander-operator": ("operator",)})
    other = find.customer("ander")
    with oidc_provider() as theirs:
        manage.save(other, ProviderSettings(issuer=theirs.issuer, client_id="instroom"), by=find.user("ander-operator"))
        departure = signing_in.begin(SignInProvider.objects.select_related("customer").get(customer=other))
        answer = theirs.authorize(departure.address)
        assert site.refused(lambda: site.arrive(departure, answer)) == "state"
        theirs.metadata["authorization_response_iss_parameter_supported"] = True
        discovery.forget()
        departure = signing_in.begin(site.provider)
        assert (
            site.refused(lambda: site.arrive(departure, {**site.theirs.authorize(departure.address), "iss": ""}))
            == "issuer"
        )


def test_keys_are_asked_for_again_when_they_have_changed_and_no_oftener(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.link()
    site.theirs.key, site.theirs.algorithm = "second", "ES256"
    for _ in range(3):
        assert site.refused(site.come_in) == "signature"
    assert site.theirs.requests.count("/keys") == 1  # asked for a moment ago
    monkeypatch.setattr(discovery, "AGAIN_AFTER", 0.0)
    assert site.refused(site.come_in) == "signature"
    site.theirs.published = ["second"]
    assert site.come_in() == site.user("reader")


@pytest.mark.filterwarnings("ignore:Key size")
def test_a_key_that_can_be_broken_is_no_key(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    site.link()
    discovery.forget()
    monkeypatch.setitem(KEYS, "short", RSAKey.generate_key(1024, {"kid": "short"}))
    site.theirs.key, site.theirs.published = "short", ["short"]
    assert site.refused(site.come_in) == "keys"


def test_nobody_is_taken_over_by_a_mail_address(site: Site) -> None:
    User.objects.filter(username="ons-operator").update(email="anna@voorbeeld.example")
    site.set_up(first_roles=["supplier"])
    for verified, number in ((True, 1), (None, 2)):
        site.theirs.person |= {"sub": f"new-{number}", "email_verified": verified}
        made = site.come_in()
        assert made != site.user("operator")
        assert made.email == ""  # another has it
        assert [one.name for one in Role.objects.filter(user=made)] == ["supplier"]
    for email, verified in (
        ("anna@voorbeeld.example", False),
        ("anna@voorbeeld.example", "true"),
        ("x@ander.example", True),
        ("x@ander.example,y@voorbeeld.example", True),
    ):
        site.theirs.person |= {"sub": f"new {email} {verified}", "email": email, "email_verified": verified}
        assert site.refused(site.come_in) == "domain"
    assert User.objects.count() == len(Role.NAMES) + 2


@pytest.mark.on_postgresql
def test_an_identity_is_linked_to_one_user_and_a_user_to_one_identity(site: Site) -> None:
    site.link("reader")
    supplier = site.user("supplier")
    assert site.refused(lambda: site.come_in(link=str(supplier.pk), here=supplier)) == "linked-to-another"
    add_customer("ander", "Ander BV", {"ons-supplier": ("reader",)})
    with only_for(find.customer("ander").pk, supplier):  # who came by the provider of another customer
        site.theirs.person["sub"] = "s-2"
        assert site.refused(lambda: site.come_in(link=str(supplier.pk), here=supplier)) == "other-customer"
    reader = site.user("reader")
    assert site.refused(lambda: site.come_in(link=str(reader.pk), here=reader)) == "other-identity"
    assert site.refused(lambda: site.come_in(link=str(supplier.pk), here=reader)) == "linked-to-another"
    assert site.refused(lambda: site.come_in(link=str(supplier.pk))) == "linked-to-another"
    assert site.refused(site.come_in) == "unknown"  # no group or domain gives a role
    assert LinkedIdentity.objects.count() == 1
    User.objects.filter(pk=reader.pk).update(is_active=False)
    site.theirs.person["sub"] = "s-1"
    assert site.refused(site.come_in) == "user-off"


def test_an_invitation_links_who_works_for_nobody_else_and_makes_others_anew(site: Site) -> None:
    def invited() -> str:
        made: list[str] = []
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(invitations, "_write", lambda invitation, word, lang: made.append(word))
            invitations.invite(site.customer, "anna@voorbeeld.example", ["approver"], "nl", by=site.user("operator"))
        return made[0]

    User.objects.filter(username="ons-reader").update(email="anna@voorbeeld.example")
    assert site.come_in(invitation=invited()) == site.user("reader")
    assert site.refused(lambda: site.come_in(invitation="used-or-made-up")) == "invitation"
    User.objects.filter(username="ons-reader").update(email="")
    User.objects.filter(username="ons-supplier").update(email="anna@voorbeeld.example", is_superuser=True)
    site.theirs.person["sub"] = "s-2"
    made = site.come_in(invitation=invited())
    assert (made.username, made.email) == ("anna", "")
    assert [one.name for one in Role.objects.filter(user=made)] == ["approver"]


@pytest.mark.on_postgresql
def test_roles_follow_groups_and_those_given_by_hand_stay(site: Site) -> None:
    both = GroupRoles(["operator", "approver"])
    with pytest.raises(NotAllowed, match="operator cannot be limited"):
        site.set_up(groups={"baas": GroupRoles(["operator"], ["HR"])})
    site.set_up(groups={"hr": GroupRoles(["supplier"], ["HR"]), "af": GroupRoles(["supplier"], ["AF"]), "baas": both})

    def roles(groups: Any) -> list[str]:
        site.theirs.person["groups"] = groups
        return members.person(site.customer, site.come_in().pk).roles

    for odd in (["other"], {"hr": 1}, 7, [["hr"]]):
        assert site.refused(lambda odd=odd: roles(odd)) == "unknown"
    assert roles(["hr", "other"]) == ["supplier"]
    made = User.objects.get(username="anna")
    assert Role.objects.get(user=made).sources == ["HR"]
    assert roles(["hr", "af"]) == ["supplier"]
    assert Role.objects.get(user=made).sources == ["AF", "HR"]
    site.set_up(groups={"hr": GroupRoles(["supplier"]), "af": GroupRoles(["supplier"], ["AF"]), "baas": both})
    assert (roles(["hr", "af"]), Role.objects.get(user=made).sources) == (["supplier"], [])
    assert roles("baas") == ["operator", "approver"]
    members.set_roles(site.customer, made, ["operator", "approver", "reader"], by=site.user("operator"))
    Role.objects.filter(user=site.user("operator")).delete()
    assert roles([]) == ["operator", "reader"]  # nobody else is operator
    Role.objects.create(customer=site.customer, user=site.user("operator"), name="operator")
    assert roles(None) == ["reader"]
    Role.objects.filter(user=made).delete()
    assert site.refused(lambda: roles([])) == "no-roles"
    for overflow in ({"_claim_names": {"groups": "src1"}}, {"hasgroups": True}):
        site.theirs.claims = overflow
        assert site.refused(lambda: roles(None)) == "groups"


def test_passwords_are_switched_off_for_who_works_there_alone(site: Site) -> None:
    with pytest.raises(NotAllowed) as untried:
        site.set_up(passwords=False)
    assert untried.value.code == "provider-untried"
    site.link("operator")
    site.set_up(passwords=False)
    operator, reader = site.user("operator"), site.user("reader")
    for user in (operator, reader):
        set_password(user, "vier natte sokken")

    def by_password(user: User) -> str:
        try:
            return sign_in.by_password(user.username, "vier natte sokken", ADDRESS).username
        except NotAllowed as error:
            return error.code

    assert by_password(reader) == "password-switched-off"
    add_customer("ander", "Ander BV", {"ons-reader": ("reader",)})
    assert by_password(reader) == "ons-reader"  # who has to get in there
    find.customer("ander").delete()
    User.objects.filter(pk=operator.pk).update(is_superuser=True)
    assert by_password(operator) == "ons-operator"  # the way back in
    site.set_up(active=False, passwords=False)
    assert by_password(reader) == "ons-reader"


@pytest.mark.on_postgresql
def test_who_signs_out_at_the_provider_is_signed_out_here(site: Site) -> None:
    site.link()

    def sessions() -> int:
        return WebSession.objects.count()

    def begin() -> None:
        store = SessionStore()
        store.update({"identity": str(LinkedIdentity.objects.get().pk), "provider_session": "sid-1"})
        store["_auth_user_id"] = str(site.user("reader").pk)
        store.create()

    right = {
        "iss": site.theirs.issuer, "aud": "instroom", "iat": int(time()), "jti": "j-1", "events": {LOGOUT_EVENT: {}},
        "sub": "s-1",
    }  # fmt: skip
    wrong: dict[str, tuple[dict[str, Any], str]] = {
        "issuer": ({"iss": "https://inlog.voorbeeld.example"}, "iss"),
        "audience": ({"aud": "other"}, "aud"),
        "old": ({"iat": int(time()) - 3600}, "expired"),
        "no moment": ({"iat": None}, "iat"),
        "no id": ({"jti": None}, "jti"),
        "another event": ({"events": {"http://schemas.openid.net/event/other": {}}}, "events"),
        "an ID token": ({"nonce": "n"}, "events"),
        "nobody": ({"sub": None}, "sub"),
    }
    begin()
    for name, (changed, reason) in wrong.items():
        token = site.theirs.sign({**right, **changed})
        assert site.refused(lambda token=token: end_sessions(site.provider, token, ADDRESS)) == reason, name
    site.theirs.header = {"typ": "at+jwt"}
    token = site.theirs.sign(right)
    assert site.refused(lambda: end_sessions(site.provider, token, ADDRESS)) == "typ"
    malformed = "eyJhbGciOiJSUzI1NiIsImtpZCI6ImZpcnN0IiwiY3JpdCI6N30.e30.AAAA"  # {…, "crit": 7}
    assert site.refused(lambda: end_sessions(site.provider, malformed, ADDRESS)) == "signature"
    assert sessions() == 1
    site.theirs.header = {"typ": "logout+jwt"}
    others = ({"jti": "j-2", "sub": "s-2"}, {"jti": "j-3", "sid": "sid-2"}, {"jti": "j-4", "sub": None, "sid": "sid-2"})
    assert [end_sessions(site.provider, site.theirs.sign({**right, **one}), ADDRESS) for one in others] == [0, 0, 0]
    signed_out = site.theirs.sign(right)
    assert (end_sessions(site.provider, signed_out, ADDRESS), sessions()) == (1, 0)
    begin()
    assert site.refused(lambda: end_sessions(site.provider, signed_out, ADDRESS)) == "replayed"
    by_session = site.theirs.sign({**right, "jti": "j-5", "sub": None, "sid": "sid-1"})
    assert (end_sessions(site.provider, by_session, ADDRESS), sessions()) == (1, 0)


def test_what_a_provider_says_of_itself_is_judged(site: Site) -> None:
    before = dict(site.theirs.metadata)
    wrong: dict[str, tuple[dict[str, Any], str]] = {
        "another issuer": ({"issuer": f"{site.theirs.issuer}/"}, "issuer"),
        "no keys": ({"jwks_uri": None}, "discovery"),
        "keys of something else": ({"jwks_uri": f"{site.theirs.issuer}/.well-known/openid-configuration"}, "keys"),
        "a door inside": ({"token_endpoint": "file:///etc/passwd"}, "discovery"),
        "a script": ({"authorization_endpoint": "javascript://inlog.voorbeeld.example:443/%0aalert()"}, "discovery"),
    }
    for name, (changed, reason) in wrong.items():
        site.theirs.metadata = {**before, **changed}
        with pytest.raises(Refused) as error:
            manage.try_out(site.theirs.issuer, site.customer, by=site.user("operator"))
        assert error.value.reason == reason, name
    site.theirs.metadata = before
    assert manage.try_out(site.theirs.issuer, site.customer, by=site.user("operator")).issuer == site.theirs.issuer
    for names in ("", "10.0.0.0/8"):  # loopback is not among them
        discovery.forget()
        private = networks("INSTROOM_PROVIDER_PRIVATE", names)
        with override_settings(INSTROOM_PROVIDER_PRIVATE=private), pytest.raises(NotAllowed) as refusal:
            manage.try_out(site.theirs.issuer, site.customer, by=site.user("operator"))
        assert refusal.value.code in ("provider-issuer", "provider-refused")


@pytest.mark.on_postgresql
def test_names_cannot_be_probed(site: Site) -> None:
    add_customer("ander", "Ander BV", {})
    said = set()
    for wanted in ("ander", "bestaatniet", "x@bestaatniet.example", "", "\0"):
        with pytest.raises(NotAllowed) as error:
            signing_in.depart(wanted, ADDRESS)
        said.add(error.value.sentence("nl"))
    site.set_up(active=False)
    with pytest.raises(NotAllowed) as error:
        signing_in.depart("ons", ADDRESS)
    assert said == {error.value.sentence("nl")}
    site.set_up()
    for wanted in ("ons", "Anna@Voorbeeld.example", "voorbeeld.example"):
        assert signing_in.depart(wanted, ADDRESS).address.startswith(site.theirs.issuer)
    for _ in range(60):
        throttle.count(throttle.PROVIDER_SIGN_IN, address=ADDRESS)
    with pytest.raises(NotAllowed) as banned:
        signing_in.depart("ons", ADDRESS)
    assert banned.value.code == "too-many-attempts"
