"""Who gets in at the file server, and how guessing is slowed down (product.md F2)."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils import timezone
from tests.elapsed import elapse

from instroom.core.errors import NotAllowed, NotFound
from instroom.flow import find, throttle
from instroom.flow.file_server import accounts
from instroom.flow.file_server.account_bans import bans_of, lift_bans
from instroom.flow.file_server.account_sign_in import (
    Banned,
    SignedIn,
    may_come_plain,
    sign_in,
)
from instroom.flow.operations.init import DEMO_USERS, add_customer
from instroom.store.models import AttemptCounter, AuditEntry, FileAccount

pytestmark = pytest.mark.on_sqlite_alone  # but for what is marked otherwise

PASSWORD = "een-lang-woord-7"  # noqa: S105 - of nobody
HOME, ELSEWHERE, FAR = "192.0.2.7", "192.0.2.8", "2001:db8::1"


@pytest.fixture(autouse=True)
def account(empty_database: None, monkeypatch: pytest.MonkeyPatch) -> FileAccount:
    """The account `hr` of `demo`, where fewer guesses are enough."""
    few = {"pair": 2, "address": 3, "name": 4}
    limits = (replace(limit, attempts=few[limit.by]) for limit in throttle.FILE_SERVER)
    monkeypatch.setattr(throttle, "FILE_SERVER", tuple(limits))
    add_customer("demo", "Demo", DEMO_USERS)
    return accounts.add("hr", find.customer("demo"), PASSWORD, by=find.user("operator"))


def come(password: str = PASSWORD, address: str = HOME, name: str = "hr", tls: bool = True) -> SignedIn:
    """Sign in."""
    return sign_in(name, password, address, tls=tls)


def guess(times: int, address: str = HOME, name: str = "hr") -> None:
    """Be wrong, so often."""
    for _ in range(times):
        with pytest.raises(NotAllowed):
            come("verkeerd", address, name)


def test_the_right_password_opens() -> None:
    signed_in = come(name=" HR ")
    assert (signed_in.name, signed_in.customer) == ("hr", "demo")
    seen = FileAccount.objects.get().last_seen_at
    assert seen is not None
    assert seen > timezone.now() - timedelta(minutes=1)


@pytest.mark.parametrize(("name", "password"), [("hr", "x"), ("niemand", PASSWORD), ("", ""), ("hr\0", PASSWORD)])
def test_what_is_wrong_is_not_told(name: str, password: str) -> None:
    with pytest.raises(NotAllowed, match=r"^The name or the password is not correct\.$"):
        come(password, name=name)


def test_without_tls_only_who_may() -> None:
    with pytest.raises(NotAllowed):
        come(tls=False)
    assert not may_come_plain("hr", HOME)
    accounts.change(accounts.account("hr"), by=find.user("operator"), plain_ftp=True)
    assert come(tls=False).name == "hr"
    assert may_come_plain("HR", HOME)
    assert not may_come_plain("niemand", HOME)


def test_names_are_not_tried_out_without_tls() -> None:
    """The answer tells which accounts may come without it: a name that nobody has counts as a guess."""
    accounts.change(accounts.account("hr"), by=find.user("operator"), plain_ftp=True)
    come(address=ELSEWHERE)
    for _ in range(3):
        assert not may_come_plain("niemand", HOME)
        may_come_plain("niemand", ELSEWHERE)
    for name in ("hr", "niemand"):
        with pytest.raises(Banned):
            may_come_plain(name, HOME)
    assert may_come_plain("hr", ELSEWHERE)  # where it has been before
    with pytest.raises(Banned):
        may_come_plain("niemand", ELSEWHERE)


@pytest.mark.on_postgresql
def test_a_pair_of_account_and_address_is_banned_first() -> None:
    guess(2)
    with pytest.raises(Banned):
        come()
    assert come(address=ELSEWHERE).name == "hr"


def test_a_ban_ends_and_the_next_is_longer() -> None:
    guess(2)
    elapse(minutes=16)
    assert come().name == "hr"
    guess(2, name="ander")
    elapse(minutes=16)
    guess(2, name="ander")
    elapse(minutes=16)
    with pytest.raises(Banned):
        come(name="ander")
    elapse(minutes=15)
    guess(1, name="ander")


def test_an_address_that_tries_many_names_is_banned() -> None:
    for name in ("een", "twee", "drie"):
        guess(1, name=name)
    with pytest.raises(Banned):
        come()
    assert come(address=FAR).name == "hr"


@pytest.mark.on_postgresql
def test_nobody_can_keep_a_customer_out() -> None:
    """The account is banned for the guesses of others, but not from where it has been before."""
    come(address=HOME)
    for address in ("198.51.100.1", "198.51.100.2", "198.51.100.3", "198.51.100.4"):
        guess(1, address)
    with pytest.raises(Banned):
        come(address=ELSEWHERE)
    assert come(address=HOME).name == "hr"
    assert AuditEntry.objects.get(action="account-banned").facts["account"] == "hr"


def test_failures_of_long_ago_do_not_count() -> None:
    guess(1)
    elapse(minutes=16)
    guess(1)
    assert come().name == "hr"


def test_an_operator_can_lift_a_ban() -> None:
    account = accounts.account("hr")
    assert bans_of(account) == []
    guess(2)
    (ban,) = bans_of(account)
    assert (ban.address, ban.until > timezone.now()) == (HOME, True)
    with pytest.raises(NotAllowed):
        lift_bans(account, by=find.user("supplier"))
    assert lift_bans(account, by=find.user("operator")) > 0
    assert (bans_of(account), come().name) == ([], "hr")
    assert AuditEntry.objects.filter(action="account-bans-lifted", facts__account="hr").count() == 1


def test_a_new_password_lifts_the_bans_of_the_account() -> None:
    account = accounts.account("hr")
    assert bans_of(account) == []
    guess(2)
    (ban,) = bans_of(account)
    assert (ban.address, ban.until > timezone.now()) == (HOME, True)
    accounts.change(account, by=find.user("operator"), password=accounts.new_password())
    assert bans_of(account) == []
    assert AuditEntry.objects.filter(action="account-bans-lifted", facts__account="hr").count() == 1


def test_bans_are_of_everywhere_or_of_where_the_guesses_came_from() -> None:
    come()
    for address in (ELSEWHERE, FAR, "198.51.100.1", "198.51.100.2"):
        guess(1, address)
    assert [one.address for one in bans_of(accounts.account("hr"))] == [""]
    guess(2)
    assert sorted(one.address for one in bans_of(accounts.account("hr"))) == ["", HOME]
    guess(1, name="anders")  # now the address too
    assert AttemptCounter.objects.filter(banned_until__isnull=False).count() == 3
    assert sorted(one.address for one in bans_of(accounts.account("hr"))) == ["", HOME]


def test_who_guesses_under_a_name_with_a_space_bans_nobody_else() -> None:
    for address in (HOME, HOME, ELSEWHERE, FAR, "198.51.100.1"):
        with pytest.raises(NotAllowed):
            come("fout", address, "x hr")
    assert not AuditEntry.objects.filter(action="account-banned").exists()
    assert bans_of(accounts.account("hr")) == []


def test_what_stays_the_same_is_no_change() -> None:
    account = accounts.account("hr")
    assert not accounts.change(account, by=find.user("operator"), plain_ftp=False, active=True)
    assert accounts.change(account, by=find.user("operator"), plain_ftp=True, active=True)
    assert AuditEntry.objects.get(action="account-changed").facts == {
        "account": "hr", "password": False, "plain_ftp": True,
    }  # fmt: skip


def test_a_made_password_will_do_and_is_another_one_each_time() -> None:
    made = {accounts.new_password() for _ in range(100)}
    assert len(made) == 100
    accounts.change(accounts.account("hr"), by=find.user("operator"), password=(one := made.pop()))
    assert come(one).name == "hr"


def test_an_account_is_found_for_its_own_customer_alone() -> None:
    add_customer("ander", "Ander", {})
    assert accounts.account("HR", find.customer("demo")).name == "hr"
    for customer, name in (("ander", "hr"), ("demo", "h\0r")):
        with pytest.raises(NotFound):
            accounts.account(name, find.customer(customer))


def test_another_password_or_a_switch_holds_at_once() -> None:
    come()
    accounts.change(accounts.account("hr"), by=find.user("operator"), password="een-ander-woord")  # noqa: S106
    with pytest.raises(NotAllowed):
        come()
    assert come("een-ander-woord").name == "hr"
    accounts.change(accounts.account("hr"), by=find.user("operator"), active=False)
    with pytest.raises(NotAllowed):
        come("een-ander-woord")


@pytest.mark.parametrize(
    ("name", "password"),
    [("hr", PASSWORD), ("HR", PASSWORD), ("../x", PASSWORD), ("", PASSWORD), ("a b", PASSWORD), ("x" * 61, PASSWORD),
     ("nieuw", "kort"), ("nieuw", "x" * 2000), ("personeel", "personeel1"), ("nieuw", "regel\x07einde")],
)  # fmt: skip
@pytest.mark.on_postgresql
def test_accounts_that_are_not_made(name: str, password: str) -> None:
    with pytest.raises(NotAllowed):
        accounts.add(name, find.customer("demo"), password, by=find.user("operator"))
    assert FileAccount.objects.count() == 1


@pytest.mark.parametrize("by", ["supplier", "approver", "reader"])
def test_only_an_operator_makes_and_changes_accounts(by: str) -> None:
    with pytest.raises(NotAllowed):
        accounts.add("nieuw", find.customer("demo"), PASSWORD, by=find.user(by))
    with pytest.raises(NotAllowed):
        accounts.change(accounts.account("hr"), by=find.user(by), plain_ftp=True)


def test_the_password_is_nowhere() -> None:
    stored = FileAccount.objects.get()
    assert PASSWORD not in stored.password
    assert not any(PASSWORD in str(one.facts) for one in AuditEntry.objects.all())


def test_no_account_no_change() -> None:
    with pytest.raises(NotFound):
        accounts.account("niemand")


def test_others_at_a_shared_address_ban_only_themselves() -> None:
    come(address=HOME)
    for name in ("een", "twee", "drie"):
        guess(1, name=name)
    with pytest.raises(Banned):
        come(name="ander")
    assert come(address=HOME).name == "hr"
    guess(2, HOME)
    with pytest.raises(Banned):  # who guesses at the account itself from there
        come(address=HOME)


def test_an_account_that_is_guessed_at_takes_a_long_password_from_anywhere() -> None:
    """A short one could be guessed so, and has to wait, or to come from where it has been before."""
    long = accounts.new_password()
    for number in range(4):
        guess(1, f"198.51.100.{number}")
    with pytest.raises(Banned):
        come(address=FAR)
    with pytest.raises(NotAllowed, match="not correct"):
        come(long, address=ELSEWHERE)
    accounts.change(accounts.account("hr"), by=find.user("operator"), password=long)
    for number in range(4):
        guess(1, f"198.51.100.{number}")
    assert come(long, address=FAR).name == "hr"
