"""File names with parts that differ: which names fit, which date they have, and whether two patterns can meet (E1)."""

import time
import unicodedata
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from instroom.core.errors import SettingsError
from instroom.core.file_pattern import file_pattern, may_both_match, pattern_in

NOTHING = None


@pytest.mark.parametrize(
    ("pattern", "name", "expected"),
    [
        ("personen_*.csv", "personen_2027.csv", True),
        ("personen_*.csv", "PERSONEN_.CSV", True),
        ("personen_*.csv", "personen.csv", False),
        ("personen_*.csv", "personen_x.csv.part", False),
        ("personen_*.csv", "oud_personen_x.csv", False),
        ("*", "wat dan ook", True),
        ("*_*.csv", "a_b_c.csv", True),
        ("*ab*ab", "abab", True),
        ("*ab*ab", "aab", False),
        ("a*b*c", "a-c-b-c", True),
        ("a+(b)[c].*", "a+(b)[c].csv", True),
        ("a.c", "abc", False),
        ("één_*.csv", "e\u0301e\u0301n_1.csv", True),
        ("stra\u00dfe_*.csv", "STRASSE_1.csv", True),
        ("p_{date}.csv", "p_20270504.csv", date(2027, 5, 4)),
        ("p_{date}.csv", "p_2027-05-04.csv", date(2027, 5, 4)),
        ("p_{date}.csv", "p_04-05-2027.csv", date(2027, 5, 4)),
        ("p_{date}.csv", "p_2027_05_04.csv", date(2027, 5, 4)),
        ("p_{DATE}.csv", "P_04.05.2027.csv", date(2027, 5, 4)),
        ("p_{date}.csv", "p_20270230.csv", False),
        ("p_{date}.csv", "p_20271301.csv", False),
        ("p_{date}.csv", "p_04052027.csv", False),
        ("p_{date}.csv", "p_270504.csv", False),
        ("p_{date}.csv", "p_2027-5-4.csv", False),
        ("p_{date}.csv", "p_\u0662\u0660270504.csv", False),
        ("p_*_{date}_*.csv", "p_x_20270504_131500.csv", date(2027, 5, 4)),
        ("*{date}*", "20271399 20270504", date(2027, 5, 4)),
        ("p_{dd}{mm}{yyyy}.csv", "p_04052027.csv", date(2027, 5, 4)),
        ("p_{yy}{mm}{dd}.csv", "p_270504.csv", date(2027, 5, 4)),
        ("p_{yyyy}-{mm}.csv", "p_2027-05.csv", date(2027, 5, 1)),
        ("p_{yyyy}-{mm}.csv", "p_2027-13.csv", False),
        ("p_{yyyy}.csv", "p_2027.csv", date(2027, 1, 1)),
        ("p_{dd}{mm}{yyyy}.csv", "p_31022027.csv", False),
        ("p_{mm}.csv", "p_05.csv", True),
    ],
)
def test_which_names_fit_and_which_date_they_have(pattern: str, name: str, expected: bool | date) -> None:
    found = file_pattern(pattern)
    assert found.matches(name) == bool(expected)
    assert found.date_in(name) == (expected if isinstance(expected, date) else NOTHING)


@pytest.mark.parametrize(
    "text",
    ["{day}.csv", "{.csv", "}.csv", "{}", "{date}{date}.csv", "{date}{yyyy}.csv", "{yyyy}{yy}.csv", "a**b",
     "*a*a*a*a*a*a"],
)  # fmt: skip
def test_what_is_no_pattern_is_told(text: str) -> None:
    with pytest.raises(SettingsError) as told:
        file_pattern(text)
    assert "{date}" in told.value.sentence("nl")
    assert "{date}" in told.value.sentence("en")


@pytest.mark.parametrize(
    ("one", "other", "meet"),
    [
        ("personen_*.csv", "personen_{date}.csv", True),
        ("personen_*.csv", "bedrijven_*.csv", False),
        ("*.csv", "*.xlsx", False),
        ("*.csv", "a*", True),
        ("a*b", "*", True),
        ("p_{date}.csv", "p_{yyyy}-{mm}-{dd}.csv", True),
        ("p_{date}.csv", "p_{yyyy}{mm}.csv", False),
        ("p_{date}.csv", "p_{dd}{mm}{yyyy}.csv", True),
        ("p_{date}.csv", "P_x{date}.csv", False),
        ("p_{yy}.csv", "p_{dd}.csv", True),
        ("a*b*c", "a*c*b", False),
        ("a*b*", "*a*b", True),
    ],
)
def test_whether_two_patterns_can_meet(one: str, other: str, meet: bool) -> None:
    assert may_both_match(file_pattern(one), file_pattern(other)) is meet
    assert may_both_match(file_pattern(other), file_pattern(one)) is meet


few = st.text(alphabet="ab1-*", max_size=6).filter(lambda text: "**" not in text)
names = st.text(alphabet="ab1-", max_size=8)
any_text = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)


@given(few, few, names)
def test_patterns_with_a_name_in_common_can_meet(one: str, other: str, name: str) -> None:
    first, second = file_pattern(one), file_pattern(other)
    if first.matches(name) and second.matches(name):
        assert may_both_match(first, second)


def fits(pattern: str, name: str) -> bool:
    """By trying every place of every star."""
    if not pattern:
        return not name
    if pattern[0] == "*":
        return any(fits(pattern[1:], name[at:]) for at in range(len(name) + 1))
    return name[:1] == pattern[0] and fits(pattern[1:], name[1:])


@given(few, names)
def test_a_star_is_any_characters(pattern: str, name: str) -> None:
    assert file_pattern(pattern).matches(name) is fits(pattern, name)


@given(any_text, any_text)
def test_any_text_around_a_star_is_only_itself(before: str, after: str) -> None:
    literal = (before + "x" + after).translate({ord(sign): "-" for sign in "*{}"}).strip()
    assert file_pattern(f"x{literal}*").matches(unicodedata.normalize("NFD", f"x{literal}"))


def test_no_name_takes_long() -> None:
    begin = time.perf_counter()
    for pattern, name in (("*a*a*a*a*a!", "a" * 255), ("*{mm}*{dd}*1!", "20270504" * 30), ("*1*{date}*!", "1" * 255)):
        assert not file_pattern(pattern).matches(name)
    assert not may_both_match(file_pattern("*a*a*a*a*a" + "b" * 240), file_pattern("*a*a*a*a*a" + "c" * 240))
    assert time.perf_counter() - begin < 1


def test_a_name_with_other_braces_is_itself() -> None:
    assert pattern_in("{guid}.csv") is None
    assert pattern_in("personen.csv") is None
