"""How numbers, sizes, dates and lists are written, and how text from a file is shown."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from instroom.core.report.visible import visible, visible_lines
from instroom.core.wording.phrases import day, either, listed, number, size


@pytest.mark.parametrize(
    ("value", "dutch", "english"),
    [
        (0, "0", "0"),
        (999, "999", "999"),
        (10_000, "10.000", "10,000"),
        (1.5, "1,5", "1.5"),
        (-1234, "-1.234", "-1,234"),
    ],
)
def test_numbers(value: float, dutch: str, english: str) -> None:
    """The Dutch group by points."""
    assert (number(value, "nl"), number(value, "en")) == (dutch, english)


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        (0, "0 bytes"),
        (1023, "1.023 bytes"),
        (1024, "1 kB"),
        (64 << 20, "64 MB"),
        (70_000_000, "66,8 MB"),
        (3 << 30, "3 GB"),
    ],
)
def test_sizes(amount: int, text: str) -> None:
    """As a file manager shows them."""
    assert size(amount, "nl") == text


@pytest.mark.parametrize(
    ("more", "text"), [(0, "64 MB"), (1, "64,000001 MB"), (2048, "64,002 MB"), (1 << 20, "65 MB"), (5 << 20, "69 MB")]
)
def test_a_size_beside_its_limit_differs_from_it(more: int, text: str) -> None:
    """64 MB is not more than 64 MB."""
    assert size((64 << 20) + more, "nl", beside=64 << 20) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("1980-02-03", "03-02-1980"),
        ("", ""),
        ("03-02-1980", "03-02-1980"),
        ("onbekend", "onbekend"),
        ("1980-02-xx", "1980-02-xx"),
    ],
)
def test_days(text: str, shown: str) -> None:
    """What is no canonical date stays as it is."""
    assert (day(text), day(text, "en")) == (shown, text)


def test_lists() -> None:
    """Short ones in full, long ones counted."""
    assert listed([], "nl") == ""
    assert listed(["a"], "nl") == "a"
    assert listed(["a", "b", "c"], "nl") == "a, b en c"
    assert listed(["a", "b", "c"], "en", 2) == "a, b and 1 more"
    assert either(["a", "b"], "en") == "a or b"
    assert either(["a", "b", "c"], "nl", 2) == "a, b, …"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Zoë van 't Voorbeeld", "Zoë van 't Voorbeeld"),
        ("a\nb\tc\x7f", "a␊b␉c␡"),
        ("\x1b[31m", "␛[31m"),
        ("\u202eabc\u200b", "<U+202E>abc<U+200B>"),
        ("\x9b2J\u2028", "<U+009B>2J<U+2028>"),
        ("x" * 61, "x" * 59 + "…"),
        ("x" * 60, "x" * 60),
    ],
)
def test_acting_characters_are_shown(text: str, shown: str) -> None:
    """And ordinary text is left alone."""
    assert visible(text) == shown


@given(st.text(st.characters(exclude_categories=["Cs"])), st.integers(min_value=2, max_value=100))
def test_shown_text_is_harmless_and_bounded(text: str, limit: int) -> None:
    """Whatever a file holds: nothing but letters, signs and spaces, no longer than asked."""
    shown = visible(text, limit)
    assert len(shown) <= limit
    assert all(character.isprintable() or character.isspace() for character in shown)
    assert not set(shown) & {"\n", "\r", "\t", "\x0b", "\x0c", "\x1b", "\u2028", "\u2029", "\x85"}


def test_lines_stay_lines() -> None:
    """And nothing else gets through."""
    assert visible_lines("een\r\ntwee\ndrie\rvier\t\x1b[31m") == "een\ntwee\ndrie\nvier␉␛[31m"
    assert visible_lines("a\n" * 50, 10) == "a\na\na\na\na…"
