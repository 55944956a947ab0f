"""The clean form of a value: what looks equal is equal (product.md A5)."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from instroom.core.clean_text import SPACES, all_clean, clean, hidden, is_hidden

# What hides, what it hides behind, and what joins: letters of many scripts, marks, emoji, spaces, control characters.
ODD = (
    "aé e\u0301\u0308 \u00a0\u2003\u3000\ufeff\u200b\u200c\u200d\u00ad\u2060\u200e\u034f\ufe0f\ufe0e\u2764\U0001f525"
    "\U0001f469\U0001f3fd\U0001f3f4\U000e0067\U000e007f\u0915\u094d\u0937\u06cc\u0627\u0653\u0628\u845b\U000e0100\ufa10"
    "\u1820\u180b\u180e1#\u20e3\u1100\u1161\u11a8\u1160\u3164\n\r\t|®\u0345\u1fb3Σσς\u0958\u093c"
)
TEXTS = st.text(st.sampled_from(ODD), max_size=9) | st.text(st.characters(exclude_categories=["Cs"]), max_size=9)
UNSEEN = "\u00ad\u034f\u061c\u200b\u200e\u200f\u202a\u202e\u2060\u2063\ufe0f\ufeff\U000e0041\U000e0100"
SPACE_KINDS = " \u00a0\u1680\u2002\u2007\u2009\u202f\u205f\u3000\u3164"


@given(TEXTS)
def test_clean_text_is_clean(text: str) -> None:
    seen = clean(text)
    assert clean(seen) == seen == unicodedata.normalize("NFC", seen)
    assert "  " not in seen and seen.strip(SPACES) == seen


@given(TEXTS)
def test_how_letters_are_composed_does_not_count(text: str) -> None:
    assert {clean(unicodedata.normalize(form, text)) for form in ("NFC", "NFD")} == {clean(text)}


@given(st.lists(TEXTS, max_size=4))
def test_a_column_is_called_clean_only_where_each_value_is(values: list[str]) -> None:
    if all_clean("|".join(values)):
        assert [clean(value) for value in values] == values


@given(TEXTS)
def test_what_is_not_called_hidden_stays(text: str) -> None:
    if not any(hidden(text)):
        assert clean(text) == unicodedata.normalize("NFC", text.strip(SPACES))


@given(st.text("abé1-", min_size=1), st.lists(st.sampled_from(UNSEEN)), st.randoms(use_true_random=False))
def test_what_nobody_sees_is_left_out_wherever_it_stands(text: str, unseen: list[str], random: object) -> None:
    letters = [*text, *unseen]
    random.shuffle(letters)  # type: ignore[attr-defined]
    order = [letter for letter in letters if letter not in UNSEEN]
    assert clean("".join(letters)) == unicodedata.normalize("NFC", "".join(order))


@given(st.lists(st.text("abé1", min_size=1), min_size=1), st.text(SPACE_KINDS, min_size=1, max_size=3))
def test_any_spaces_between_words_are_one(words: list[str], spaces: str) -> None:
    assert clean(spaces.join(words)) == " ".join(words)


@pytest.mark.parametrize(
    "text", ["\u200b", "\u2060", "\u00ad", "\u3164", "\u2800", "\ufeff", " \u200b ", "\u200d", "\ufe0f"]
)
def test_nothing_to_see_is_nothing(text: str) -> None:
    assert clean(text) == ""


@pytest.mark.parametrize(
    "text",
    [
        "می\u200cخواهم",  # Persian: without the non-joiner it is another word
        "क्\u200dष",  # Devanagari: a half letter
        "ന്\u200d",  # Malayalam: a chillu at the end of a word
        "ශ්\u200dරී",  # Sinhala
        "\U0001f469\U0001f3fd\u200d\U0001f4bb",
        "\U0001f3f3\ufe0f\u200d\U0001f308",
        "\u2764\ufe0f",
        "3\ufe0f\u20e3",
        "\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",  # the flag of England
        "葛\U000e0100城",  # another form of the first letter of a name
        "ᠴᠢᠨ\u180eᠠ",
    ],
)
def test_what_changes_how_a_value_looks_stays(text: str) -> None:
    assert clean(text) == text
    assert clean(f"\u200b{text}\u00ad") == text
    assert hidden(text) == ("", "")


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("HR\u200dM", "HRM"),
        ("Jan\u200csen", "Jansen"),
        ("Acme®\ufe0f", "Acme®"),
        ("1\ufe0f", "1"),
        ("\u0628\u200c", "\u0628"),
        ("a \u200b b", "a b"),
        ("een \n twee  drie\r\n", "een\ntwee drie"),
        ("een\n\n  twee", "een\n\ntwee"),
        ("\x1ca", "\x1ca"),
        ("a\tb", "a\tb"),
        ("\u0600\u0661", "\u0600\u0661"),  # a format character, and seen
    ],
)
def test_the_clean_form(text: str, seen: str) -> None:
    assert clean(text) == seen


@pytest.mark.parametrize(
    ("text", "invisible", "spaces"),
    [
        ("Jan", "", ""),
        (" Jan ", "", ""),
        ("Zoe\u0308", "", ""),
        ("\ufeffJan", "\ufeff", ""),
        ("J\u200ba\u00adn\u200b", "\u00ad\u200b", ""),
        ("van\u00a0der  Berg", "", " \u00a0"),
        ("é \nb", "", " "),
        ("\U0001f3f4\ufe0f a\ufe0f", "\ufe0f", ""),
    ],
)
def test_what_is_said_to_be_hidden(text: str, invisible: str, spaces: str) -> None:
    assert hidden(text) == (invisible, spaces)


@pytest.mark.parametrize(
    ("character", "so"), [("\u00a0", True), ("\u200b", True), ("\ufe0f", True), (" ", False), ("é", False)]
)
def test_what_needs_a_sign(character: str, so: bool) -> None:
    assert is_hidden(character) == so
