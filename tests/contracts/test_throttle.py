"""The throttle: what each policy allows, that attempts at once all count, and that its cost does not grow."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from instroom.flow import throttle
from instroom.flow.throttle import Limit, Policy
from instroom.store.models import AttemptCounter
from tests.elapsed import elapse

pytestmark = pytest.mark.on_sqlite_alone  # but for what is marked otherwise

HERE, ELSEWHERE = "192.0.2.7", "192.0.2.8"
MINUTES = {
    "sign-in by pair": (5, 15, 15, None),
    "sign-in by name": (20, 15, 15, None),
    "sign-in by address": (50, 15, 15, None),
    "sign-in by device": (5, 15, 15, None),
    "code": (5, 15, 15, None),
    "code a day": (20, 1440, 1440, None),
    "token": (20, 15, 15, None),
    "file server by pair": (5, 15, 15, 1440),
    "file server by address": (20, 15, 15, 1440),
    "file server by account": (30, 15, 15, 1440),
    "password reset": (20, 60, 60, None),
    "password mail": (3, 60, 60, None),
    "webhook call by hand": (10, 1, 1, None),
    "name that is taken": (10, 1440, 1440, None),
    "name that is taken, by invitation": (10, 1440, 1440, None),
    "name that is taken, by customer": (50, 1440, 1440, None),
    "invitation": (100, 1440, 1440, None),
    "new e-mail address": (5, 60, 60, None),
    "export": (30, 1, 1, None),
    "sign-in by provider": (50, 15, 15, None),
    "answer": (120, 1, 1, None),
    "check": (20, 1, 1, None),
}
"""Of each limit: so many attempts, in so many minutes, are a ban of so many, and the longest one is of so many."""
LIMITS = {limit.name: limit for policy in throttle.POLICIES for limit in policy}


def banned(policy: Policy, address: str = HERE, name: str = "anna", *, known: bool = False) -> bool:
    """Whether an attempt is refused."""
    return throttle.banned_until(policy, address=address, name=name, is_known=lambda: known) is not None


def attempt(policy: Policy, times: int = 1, address: str = HERE, name: str = "anna") -> None:
    """Try and fail, so often."""
    with transaction.atomic():  # each would be a transaction of its own, which takes a disk its time
        for _ in range(times):
            throttle.count(policy, address=address, name=name)


def in_minutes(time: timedelta | None) -> float | None:
    """How long it is."""
    return time and time / timedelta(minutes=1)


def test_each_limit_is_in_the_table() -> None:
    assert {
        limit.name: (limit.attempts, in_minutes(limit.window), in_minutes(limit.ban), in_minutes(limit.longest_ban))
        for limit in LIMITS.values()
    } == MINUTES
    assert len(LIMITS) == sum(len(policy) for policy in throttle.POLICIES)
    column = AttemptCounter._meta.get_field("limit")
    assert max(map(len, LIMITS)) <= (column.max_length or 0)  # PostgreSQL refuses what is longer


@pytest.mark.parametrize("limit", LIMITS.values(), ids=LIMITS)
def test_a_limit_bans_whose_attempts_it_counts_and_nobody_else(limit: Limit) -> None:
    policy = (limit,)
    attempt(policy, limit.attempts - 1)
    assert not banned(policy)
    attempt(policy)
    assert banned(policy)
    assert banned(policy, address=ELSEWHERE) == (limit.by == "name")
    assert banned(policy, name="bert") == (limit.by == "address")
    assert banned(policy, known=True) != limit.spares_known_addresses
    elapse(seconds=limit.ban.total_seconds() - 10)
    assert banned(policy)
    elapse(seconds=20)
    assert not banned(policy)


@pytest.mark.parametrize("limit", LIMITS.values(), ids=LIMITS)
def test_attempts_count_within_their_window_alone(limit: Limit) -> None:
    limit = replace(limit, attempts=3)
    policy = (limit,)
    attempt(policy, limit.attempts - 1)
    elapse(seconds=limit.window.total_seconds() + 10)
    attempt(policy, limit.attempts - 1)
    assert not banned(policy)


@pytest.mark.on_postgresql
@pytest.mark.parametrize("limit", LIMITS.values(), ids=LIMITS)
def test_each_ban_is_longer_only_where_the_limit_says_so(limit: Limit) -> None:
    limit = replace(limit, attempts=1)
    policy, lengths = (limit,), []
    for _ in range(9):
        attempt(policy, limit.attempts)
        until = throttle.banned_until(policy, address=HERE, name="anna")
        assert until is not None
        lengths.append(round((until - timezone.now()) / limit.ban))
        elapse(seconds=lengths[-1] * limit.ban.total_seconds() + 10)
    assert lengths == ([1, 2, 4, 8, 16, 32, 64, 96, 1] if limit.longest_ban else [1] * 9)  # a day later it is forgotten


def test_bans_of_long_ago_are_forgotten() -> None:
    policy = throttle.FILE_SERVER
    attempt(policy, 5)
    elapse(days=1, minutes=16)
    attempt(policy, 5)
    until = throttle.banned_until(policy, address=HERE, name="anna")
    assert until is not None
    assert until < timezone.now() + timedelta(minutes=16)


def test_success_resets_the_pair_at_the_file_server_and_nothing_else() -> None:
    attempt(throttle.FILE_SERVER, 4)
    throttle.record_success(throttle.FILE_SERVER, address=HERE, name="anna")
    assert sorted(AttemptCounter.objects.values_list("limit", "attempts")) == [
        ("file server by account", 4), ("file server by address", 4)
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("2001:db8::1", "2001:db8::ffff:1", True),
        ("2001:db8::1", "2001:db8:0:1::1", False),
        ("fe80::1%eth0", "fe80::2", True),
        ("::ffff:192.0.2.7", "192.0.2.7", True),
        ("192.0.2.7", "192.0.2.8", False),
        ("", "unix:", False),
    ],
)
def test_an_ipv6_address_counts_with_its_64(one: str, other: str, same: bool) -> None:
    attempt(throttle.API_TOKENS, 20, address=one)
    assert banned(throttle.API_TOKENS, address=other) == same


@pytest.mark.on_postgresql
@pytest.mark.parametrize("name", ["", "a\0b", "\udcff", "x" * 5000, "pair 192.0.2.7 hr"])
def test_any_name_can_be_counted(name: str) -> None:
    attempt(throttle.SIGN_IN, 5, name=name)
    assert banned(throttle.SIGN_IN, name=name)


def test_no_name_is_kept() -> None:
    attempt(throttle.SIGN_IN, name="een lang geheim")
    assert "geheim" not in str(list(AttemptCounter.objects.values()))


@pytest.mark.on_postgresql
def test_attempts_at_once_all_count() -> None:
    """Two programs, the same name, other addresses: six of eight rows are shared."""
    ready = Barrier(4)

    def guess(address: str) -> None:
        ready.wait()
        attempt(throttle.FILE_SERVER, 4, address=address)
        connection.close()

    guessers = [Thread(target=guess, args=[address]) for address in (HERE, HERE, ELSEWHERE, ELSEWHERE)]
    for one in guessers:
        one.start()
    for one in guessers:
        one.join()
    assert AttemptCounter.objects.get(limit="file server by account").attempts == 16
    pairs = AttemptCounter.objects.filter(limit="file server by pair")
    assert [(row.attempts, row.bans) for row in pairs] == [(3, 1), (3, 1)]


def queries_of_a_failure(address: str, name: str) -> int:
    """How many statements one attempt takes, looked at and counted."""
    with CaptureQueriesContext(connection) as asked:
        assert not banned(throttle.SIGN_IN, address, name)
        attempt(throttle.SIGN_IN, 1, address, name)
    return len(asked)


def rows(limit: Limit, count: int) -> Iterator[AttemptCounter]:
    """What so many others have left behind, each in a slot of its own."""
    now = timezone.now()
    for number in range(count):
        yield AttemptCounter(
            limit=limit.name,
            slot=number,
            network=f"2001:db8:{number:x}::/64",
            name_hash=f"{number:032x}",
            attempts=1,
            since=now,
            expires_at=now + limit.window,
        )


def test_the_ten_thousandth_failure_costs_what_the_first_one_did() -> None:
    first = queries_of_a_failure(HERE, "anna")
    assert queries_of_a_failure(HERE, "anna") == first
    AttemptCounter.objects.bulk_create(rows(throttle.SIGN_IN[1], 10_000), ignore_conflicts=True)
    before = AttemptCounter.objects.count()
    assert queries_of_a_failure("2001:db8::1", "bert") == first
    assert AttemptCounter.objects.count() - before <= len(throttle.SIGN_IN)
    assert queries_of_a_failure("2001:db8::1", "bert") == first


def test_no_number_of_names_and_addresses_makes_more_rows_than_there_are_slots() -> None:
    policy = tuple(Limit(by, by, 5, slots=8) for by in ("address", "name", "pair"))  # type: ignore[arg-type]
    for number in range(100):
        attempt(policy, address=f"2001:db8:{number:x}::1", name=f"naam{number}")
    assert AttemptCounter.objects.count() <= 24
    assert AttemptCounter.objects.filter(limit="pair").count() <= 8


@pytest.mark.on_postgresql
def test_who_comes_later_takes_the_slot_and_begins_at_one() -> None:
    policy = (Limit("narrow", "name", 5, slots=1),)
    attempt(policy, 5, name="anna")
    attempt(policy, 1, name="bert")
    assert not banned(policy, name="anna")
    assert not banned(policy, name="bert")
    assert AttemptCounter.objects.get().attempts == 1


@pytest.mark.on_postgresql
def test_bans_are_shown_and_lifted_with_those_of_the_addresses_that_tried() -> None:
    policy = throttle.FILE_SERVER
    for number in range(20):
        attempt(policy, address="2001:db8::5", name="anna" if number < 5 else f"naam{number}")
    attempt(policy, 5, address=ELSEWHERE, name="bert")
    assert [(one.address, one.until > timezone.now()) for one in throttle.bans(policy, "anna")] == [
        ("2001:db8::/64", True)
    ]
    assert throttle.lift(policy, "anna") == 3
    assert throttle.bans(policy, "anna") == []
    assert banned(policy, ELSEWHERE, "bert")
