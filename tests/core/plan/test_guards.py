"""The guards of a standing approval: each at its edge, and over time, as data (product.md E3, E3a)."""

import random
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from instroom.core.fields import FIELDS
from instroom.core.plan.guards import (
    ACTED_ON,
    LEAST,
    NAMES,
    OF_DOSSIERS,
    USUAL,
    ComparedFile,
    Exceeded,
    Guard,
    Measured,
    Name,
    Since,
    Step,
    exceeded,
    guard_of,
    guards_of,
    measure,
)
from instroom.core.report.connection_text import exceeded_text, guard_word

NOTHING = {name: [Measured(0, 0)] for name in NAMES}
NOW = datetime(2027, 5, 3, 1, tzinfo=UTC)
EDGES: list[tuple[Name, int, int, bool]] = [
    # guard, so many, out of how many, still within it
    ("created", 20, 100, True),
    ("created", 21, 100, False),
    ("created", 500, 10_000, True),
    ("created", 501, 10_000, False),
    ("changed", 30, 100, True),
    ("changed", 31, 100, False),
    ("changed", 1000, 10_000, True),
    ("changed", 1001, 10_000, False),
    ("sensitive", 5, 100, True),
    ("sensitive", 6, 100, False),
    ("sensitive", 100, 10_000, True),
    ("sensitive", 101, 10_000, False),
    ("unlinked", 5, 100, True),
    ("unlinked", 6, 100, False),
    ("unlinked", 50, 10_000, True),
    ("unlinked", 51, 10_000, False),
    ("left_out", 5, 100, True),
    ("left_out", 6, 100, False),
    ("left_out", 100, 10_000, True),
    ("left_out", 101, 10_000, False),
    ("fewer", 10, 100, True),
    ("fewer", 11, 100, False),
    ("fewer", 250, 10_000, True),
    ("fewer", 251, 10_000, False),
]


@pytest.mark.parametrize(("name", "number", "of", "within"), EDGES)
def test_a_guard_at_its_edge(name: Name, number: int, of: int, within: bool) -> None:
    found = exceeded({**NOTHING, name: [Measured(number, of)]}, {})
    assert found == ([] if within else [Exceeded(name, number, of, *USUAL[name][:2])])
    own = {name: [100, 20_000]}
    assert exceeded({**NOTHING, name: [Measured(number, of)]}, own) == []
    assert exceeded({**NOTHING, name: [Measured(number, of)]}, {name: [0, 0]}) != []


def test_every_guard_has_its_edges_here() -> None:
    assert {name for name, *_ in EDGES} == set(NAMES) == set(USUAL)


@pytest.mark.parametrize("since", [None, "2027-05-01T01:00:00+02:00"])
@pytest.mark.parametrize("name", NAMES)
def test_why_it_is_held_is_said_in_numbers(name: Name, since: str | None) -> None:
    if name == "left_out" and since:
        return  # of one delivery, always
    facts = Exceeded(name, 1_234, 2_000, 10, 250, since, 3)._asdict()
    dutch, english = exceeded_text(facts, "nl"), exceeded_text(facts, "en")
    if since:
        assert "01-05-2027 01:00" in dutch
        assert "in 3 aanleveringen" in dutch
        assert "n 3 deliveries" in english
    assert "1.234" in dutch
    assert "61,7 %" in dutch
    assert "1,234" in english
    assert "61.7 %" in english
    assert guard_word(name, "nl") != guard_word(name, "en")


def test_fewer_says_how_many_there_are_now() -> None:
    assert exceeded_text(Exceeded("fewer", 5, 10, 10, 250)._asdict(), "nl").startswith(
        "Regels: 5, de vorige keer 10. Dat zijn er 5 minder (50 %)"
    )


@given(
    st.sampled_from(NAMES), st.integers(0, 10_000), st.integers(0, 10_000), st.integers(0, 100), st.integers(0, 9999)
)
def test_within_means_neither_is_passed(name: Name, number: int, of: int, percent: int, most: int) -> None:
    number = min(number, of)
    held = bool(exceeded({**NOTHING, name: [Measured(number, of)]}, {name: [percent, most]}))
    assert held == (number > most or (number > LEAST and number / of > percent / 100 + 1e-12))


@pytest.mark.parametrize("of", range(1, 10))
@pytest.mark.parametrize("name", NAMES)
def test_of_a_few_persons_one_or_two_are_not_held(name: Name, of: int) -> None:
    """Under ten persons every change would be a large share."""
    for number in range(of + 1):
        held = bool(exceeded({**NOTHING, name: [Measured(number, of)]}, {}))
        assert held == (number > 2 and 100 * number > USUAL[name].percent * of)


def test_a_guard_has_a_least_number_of_its_own() -> None:
    measured = {**NOTHING, "fewer": [Measured(3, 10)]}
    assert exceeded(measured, {"fewer": [10, 250, 3]}) == []
    assert exceeded(measured, {"fewer": [10, 250, 2]}) == [Exceeded("fewer", 3, 10, 10, 250)]
    assert exceeded({**NOTHING, "fewer": [Measured(1, 1000)]}, {"fewer": [10, 0, 3]}) != [], "the number holds always"
    assert exceeded({**NOTHING, "fewer": [Measured(1, 9)]}, {"fewer": [10, 250, 0]}) != []


def dossiers(**ids: Iterable[object]) -> dict[Name, set[str]]:
    """What a delivery touches, by guard."""
    return {name: set(map(str, ids.get(name, ()))) for name in OF_DOSSIERS}


def totals_of(companies: int, persons: int, left_out: int = 0) -> dict[str, object]:
    """The totals of a plan that names so many; how many are new is counted elsewhere."""
    named = {"companies": companies, "persons": persons}
    return {"left_out": left_out} | {
        kind: {"new": 0, "changed": 0, "unchanged": count} for kind, count in named.items()
    }


def test_what_is_measured_of_one_delivery() -> None:
    touched = dossiers(created=range(5), changed=range(3), sensitive=range(2), unlinked=range(7))
    since = Since(21, 15, [], ComparedFile(40, None, 1))
    assert measure(totals_of(6, 15, left_out=2), touched, 30, since, NOW) == {
        "created": [Measured(5, 21)],
        "changed": [Measured(3, 21)],
        "sensitive": [Measured(2, 21)],
        "unlinked": [Measured(7, 15)],
        "left_out": [Measured(2, 30)],
        "fewer": [Measured(10, 40)],
    }
    assert measure(totals_of(6, 15), touched, 30, since._replace(largest=None), NOW)["fewer"] == [Measured(0, 0)]
    assert guard_of("fewer", {"fewer": [1, 2]}) == (1, 2, LEAST)


def test_a_file_does_not_make_its_changes_small_by_naming_more() -> None:
    since = Since(100, 100, [], None)
    measured = measure(totals_of(0, 1000), dossiers(changed=range(40)), 1000, since, NOW)
    assert measured["changed"] == [Measured(40, 100)]


def test_a_dossier_counts_once_however_often_it_is_touched() -> None:
    nights = [Step(NOW - timedelta(days=day), dossiers(changed=range(20))) for day in range(1, 6)]
    measured = measure(totals_of(0, 100), dossiers(changed=range(20)), 100, Since(100, 100, nights, None), NOW)
    assert {one.number for one in measured["changed"]} == {20}
    assert exceeded(measured, {}) == []


def test_four_steps_of_29_percent_are_116() -> None:
    """Of as many dossiers as there were at the last approval: those created since are beside it."""
    steps = [
        Step(NOW - timedelta(hours=hour), dossiers(changed=range(29 * hour, 29 * hour + 29))) for hour in (1, 2, 3)
    ]
    measured = measure(totals_of(0, 100), dossiers(changed=range(29)), 100, Since(100, 100, steps, None), NOW)
    assert [one.number for one in measured["changed"]] == [29, 58, 87, 116]
    first = (NOW - timedelta(hours=1)).isoformat()
    assert exceeded(measured, {}) == [Exceeded("changed", 58, 100, 30, 1000, first, 2)]
    assert exceeded(measured, {"changed": [100, 20_000]}) == [], "100 % is no share to exceed"


def test_what_was_created_since_counts_as_being_there() -> None:
    steps = [Step(NOW - timedelta(days=day), dossiers(created=range(10 * day, 10 * day + 10))) for day in (1, 2)]
    measured = measure(totals_of(0, 125), dossiers(created=range(5)), 125, Since(100, 100, steps, None), NOW)
    assert measured["created"] == [
        Measured(5, 125),
        Measured(15, 125, steps[0].at, 2, 1),
        Measured(25, 125, steps[1].at, 3, 2),
    ]


def test_a_delivery_that_touches_nothing_is_not_held_for_what_came_before() -> None:
    steps = [Step(NOW - timedelta(days=1), dossiers(changed=range(90)))]
    measured = measure(totals_of(0, 100), dossiers(created=[1]), 100, Since(100, 100, steps, None), NOW)
    assert exceeded(measured, {}) == []


OVER = [
    (0, (30, 1000, 2)), (7, (30, 1000, 2)), (8, (31, 1142, 2)), (14, (37, 2000, 2)), (21, (45, 3000, 3)),
    (35, (60, 5000, 4)), (364, (412, 52_000, 27)),
]  # fmt: skip


@pytest.mark.parametrize(("days", "most"), OVER)
def test_what_a_guard_lets_pass_of_so_many_days_together(days: int, most: tuple[int, int, int]) -> None:
    assert Guard(30, 1000).over(days) == most


ACTIONS = [
    ("new", "linked", False, {"created"}),
    ("changed", "", False, {"changed"}),
    ("changed", "relinked", True, {"changed", "sensitive"}),
    ("changed", "unlinked", True, {"changed", "sensitive", "unlinked"}),
    ("unchanged", "linked", False, {"changed"}),
    ("unchanged", "relinked", False, {"changed"}),
    ("unchanged", "unlinked", False, {"unlinked"}),
    ("removed", "", False, set()),
]


@pytest.mark.parametrize(("action", "link", "sensitive", "guards"), ACTIONS)
def test_which_guards_count_a_change(action: str, link: str, sensitive: bool, guards: set[str]) -> None:
    assert set(guards_of(action, link, sensitive)) == guards


def test_what_others_act_on() -> None:
    addresses = {f"invoice.address.{part}" for part in ("street", "house_number", "postal_code", "city", "country")}
    mails = {"email", "work_email", "home_email", "invoice.email"}
    assert addresses | mails | {"debtor_number", "invoice.attention"} <= ACTED_ON
    assert {field for fields in FIELDS.values() for field in fields} >= ACTED_ON
    assert not ACTED_ON & {"postal_address.city", "job_title", "mobile", "surname"}


Nights = Callable[[int], Iterable[int]]
_chance = random.Random(1)


def in_turn(count: int, size: int, every: int = 1) -> Nights:
    """So many other dossiers each time."""
    return lambda night: () if night % every else [(count * night // every + place) % size for place in range(count)]


# What changes, of how many dossiers, in which nights; how often a person is asked in a year, and the first time.
YEARS: list[tuple[str, Name, int, Nights, int, int | None]] = [
    ("1 % a night, each in turn", "changed", 1000, in_turn(10, 1000), 0, None),
    ("1 % a night, each in turn", "changed", 10_000, in_turn(100, 10_000), 0, None),
    ("2 % a night, anybody", "changed", 200, lambda _: _chance.sample(range(200), 4), 0, None),
    ("the same fifth each night", "changed", 100, lambda _: range(20), 0, None),
    ("an e-mail address a week", "sensitive", 500, lambda night: [] if night % 7 else [night], 0, None),
    ("29 % a night", "changed", 500, in_turn(145, 500), 182, 1),
    ("29 % each eight nights", "changed", 500, in_turn(145, 500, every=8), 23, 8),
    ("5 % a night, each in turn", "changed", 500, in_turn(25, 500), 52, 6),
    ("a seventh each week", "changed", 500, in_turn(71, 500, every=7), 17, 14),
    ("1 % of the e-mail addresses a night", "sensitive", 500, in_turn(5, 500), 60, 5),
]


@pytest.mark.parametrize(("what", "name", "size", "nights", "asked", "first"), YEARS)
def test_a_year_of_nights(what: str, name: Name, size: int, nights: Nights, asked: int, first: int | None) -> None:
    """A person who is asked approves. What offices do goes on by itself; what adds up is seen."""
    steps: list[Step] = []
    held = []
    for night in range(365):
        at, touched = NOW + timedelta(days=night), dossiers(**{name: nights(night)})
        measured = measure(totals_of(0, size), touched, size, Since(size, size, steps, None), at)
        if exceeded(measured, {}):
            held.append(night)
            steps = []
        else:
            steps.insert(0, Step(at, touched))
    assert (len(held), held[0] if held else None) == (asked, first), what
