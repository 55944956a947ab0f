"""The guards of a standing approval: each at its edge, as data (product.md E3)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from instroom.core.plan.guards import LEAST, NAMES, USUAL, Exceeded, Measured, Name, exceeded, guard_of, measure
from instroom.core.report.connection_text import exceeded_text, guard_word

NOTHING = {name: Measured(0, 0) for name in NAMES}
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
    found = exceeded({**NOTHING, name: Measured(number, of)}, {})
    assert found == ([] if within else [Exceeded(name, number, of, *USUAL[name][:2])])
    own = {name: [100, 20_000]}
    assert exceeded({**NOTHING, name: Measured(number, of)}, own) == []
    assert exceeded({**NOTHING, name: Measured(number, of)}, {name: [0, 0]}) != []


def test_every_guard_has_its_edges_here() -> None:
    assert {name for name, *_ in EDGES} == set(NAMES) == set(USUAL)


@pytest.mark.parametrize("name", NAMES)
def test_why_it_is_held_is_said_in_numbers(name: Name) -> None:
    facts = Exceeded(name, 1_234, 2_000, 10, 250)._asdict()
    dutch, english = exceeded_text(facts, "nl"), exceeded_text(facts, "en")
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
    held = bool(exceeded({**NOTHING, name: Measured(number, of)}, {name: [percent, most]}))
    assert held == (number > most or (number > LEAST and number / of > percent / 100 + 1e-12))


@pytest.mark.parametrize("of", range(1, 10))
@pytest.mark.parametrize("name", NAMES)
def test_of_a_few_persons_one_or_two_are_not_held(name: Name, of: int) -> None:
    """Under ten persons every change would be a large share."""
    for number in range(of + 1):
        held = bool(exceeded({**NOTHING, name: Measured(number, of)}, {}))
        assert held == (number > 2 and 100 * number > USUAL[name].percent * of)


def test_a_guard_has_a_least_number_of_its_own() -> None:
    measured = {**NOTHING, "fewer": Measured(3, 10)}
    assert exceeded(measured, {"fewer": [10, 250, 3]}) == []
    assert exceeded(measured, {"fewer": [10, 250, 2]}) == [Exceeded("fewer", 3, 10, 10, 250)]
    assert exceeded({**NOTHING, "fewer": Measured(1, 1000)}, {"fewer": [10, 0, 3]}) != [], "the number holds always"
    assert exceeded({**NOTHING, "fewer": Measured(1, 9)}, {"fewer": [10, 250, 0]}) != []


def test_what_is_measured() -> None:
    totals = {
        "left_out": 2,
        "companies": {"new": 1, "changed": 2, "unchanged": 3},
        "persons": {"new": 4, "changed": 5, "unchanged": 6, "linked": 1, "relinked": 1, "unlinked": 7},
    }
    assert measure(totals, [], 30, 40) == {
        "created": Measured(5, 21),
        "changed": Measured(0, 21),
        "unlinked": Measured(7, 15),
        "left_out": Measured(2, 30),
        "fewer": Measured(10, 40),
    }
    assert measure(totals, [], 30, None)["fewer"] == Measured(0, 0)
    assert measure(totals, [], 30, 20)["fewer"] == Measured(0, 20)
    assert guard_of("fewer", {"fewer": [1, 2]}) == (1, 2, LEAST)
