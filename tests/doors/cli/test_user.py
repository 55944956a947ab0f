"""`instroom user`: add, invite, roles, and what is lost."""

import pytest
from django.utils import timezone
from tests.commands import Run

from instroom.flow.operations.init import DEMO_USERS, add_customer
from instroom.store.models import Mail, Role, User


@pytest.fixture
def demo() -> None:
    """The customer `demo` with its users."""
    add_customer("demo", "Demo", DEMO_USERS)


def roles_of(name: str) -> set[str]:
    """What a user may do for `demo`."""
    return set(Role.objects.filter(user__username=name, customer__name="demo").values_list("name", flat=True))


@pytest.mark.usefixtures("demo")
def test_a_user_is_added_and_given_roles(run: Run) -> None:
    added = run("user", "add", "nieuw", "--email", "nieuw@voorbeeld.example", "--role", "supplier")
    assert (added.code, "instroom user password nieuw" in added.err) == (0, True)
    assert roles_of("nieuw") == {"supplier"}
    assert not User.objects.get(username="nieuw").has_usable_password()
    changed = run("user", "roles", "nieuw", "--role", "reader", "--role", "approver", "--lang", "en")
    assert (changed.code, changed.err) == (0, "nieuw is now, for demo: approver, reader.\n")
    taken = run("user", "roles", "nieuw")
    assert (taken.code, taken.err, roles_of("nieuw")) == (0, "nieuw is voor demo nu: niets meer.\n", set())


@pytest.mark.usefixtures("demo")
@pytest.mark.parametrize(
    ("words", "code", "why"),
    [
        (("add", "Reader"), 1, "bezet"),
        (("add", "nieuw", "--email", "geen adres"), 1, "geen e-mailadres"),
        (("add", "nieuw", "--by", "reader"), 1, "mag voor demo niet gebruikers beheren"),
        (("add", "nieuw", "--customer", "nergens"), 2, "geen klant nergens"),
        (("add", "nieuw", "--role", "god"), 2, "kies uit operator"),
        (("roles", "niemand"), 2, "geen gebruiker niemand"),
        (("roles", "operator"), 1, "laatste beheerder"),
        (("invite", "nieuw@voorbeeld.example"), 1, "Kies een of meer rollen"),
        (("second-factor-off", "niemand"), 2, "geen gebruiker niemand"),
        (("off", "niemand"), 2, "geen gebruiker niemand"),
        (("off", "operator", "--by", "reader"), 1, "mag operator niet uitschakelen"),
        (("site-operator", "niemand"), 2, "geen gebruiker niemand"),
        (("site-operator", "niemand", "--off"), 2, "geen gebruiker niemand"),
    ],
)
def test_what_is_not_possible_says_why(run: Run, words: tuple[str, ...], code: int, why: str) -> None:
    ran = run("user", *words)
    assert (ran.code, why in ran.err) == (code, True), ran.err


@pytest.mark.usefixtures("demo")
def test_a_user_is_switched_off_and_on_again(run: Run) -> None:
    for word, active in (("off", False), ("on", True)):
        assert run("user", word, "reader").code == 0
        assert User.objects.get(username="reader").is_active is active


@pytest.mark.usefixtures("demo")
def test_an_invitation_is_written(run: Run) -> None:
    ran = run("user", "invite", "nieuw@voorbeeld.example", "--role", "reader", "--lang", "en")
    assert ran.code == 0
    mail = Mail.objects.get()
    assert (mail.kind, mail.to, mail.language) == ("invitation", "nieuw@voorbeeld.example", "en")


@pytest.mark.usefixtures("demo")
def test_users_are_listed(run: Run) -> None:
    assert run("user", "list", "--lang", "en").out.splitlines()[0] == "approver: approver"
    users = run("user", "list", "--format", "json").document["users"]
    assert [(one["name"], one["roles"]) for one in users][:2] == [
        ("approver", ["approver"]), ("operator", ["operator"])
    ]  # fmt: skip


@pytest.mark.usefixtures("demo")
def test_an_invitation_is_listed_sent_again_and_withdrawn(run: Run) -> None:
    assert "heeft geen openstaande uitnodigingen" in run("invitation", "list").err
    invited = run("user", "invite", "nieuw@voorbeeld.example", "--role", "reader", "--format", "json").document
    assert run("invitation", "list", "--format", "json").document == {"invitations": [invited]}
    again = run("invitation", "send-again", invited["id"], "--format", "json").document
    assert run("invitation", "withdraw", invited["id"]).code == 2
    assert run("invitation", "list", "--lang", "en").out.endswith("  reader  nieuw@voorbeeld.example\n")
    assert run("invitation", "withdraw", again["id"], "--by", "reader").code == 1
    assert run("invitation", "withdraw", again["id"]).code == 0
    assert run("invitation", "list", "--format", "json").document == {"invitations": []}
    for wrong in ("niets", again["id"]):
        assert run("invitation", "send-again", wrong).code == 2
    assert Mail.objects.filter(given_up_at=None).count() == 0


@pytest.mark.usefixtures("demo")
def test_a_lost_second_factor_is_taken_off(run: Run) -> None:
    User.objects.filter(username="reader").update(totp_since=timezone.now(), totp_secret="x")  # noqa: S106
    assert run("user", "second-factor-off", "reader").code == 0
    user = User.objects.get(username="reader")
    assert (user.totp_since, user.totp_secret) == (None, "")


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("INSTROOM_SECOND_FACTOR", "soms"),
        ("INSTROOM_SMTP", "mail.voorbeeld.example"),
        ("INSTROOM_MAIL_DAYS", "0"),
        ("INSTROOM_TOKEN_DAYS", "367"),
    ],
)
def test_a_setting_that_cannot_be_used_is_named(run: Run, setting: str, value: str) -> None:
    ran = run("deliveries", **{setting: value})
    assert (ran.code, ran.err.startswith(f"{setting}: ")) == (2, True), ran.err


@pytest.mark.usefixtures("demo")
def test_a_site_operator_comes_and_goes_but_not_the_last_one(run: Run) -> None:
    for name in ("operator", "reader"):
        assert run("user", "site-operator", name).code == 0
    ran = run("user", "site-operator", "reader", "--off")
    assert (ran.code, "reader is geen sitebeheerder meer" in ran.err) == (0, True)
    ran = run("user", "site-operator", "operator", "--off")
    assert (ran.code, "laatste sitebeheerder" in ran.err) == (1, True)
    assert list(User.objects.filter(is_superuser=True).values_list("username", flat=True)) == ["operator"]
