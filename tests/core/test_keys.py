"""The one key function (product.md B4)."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from instroom.core.clean_text import clean
from instroom.core.keys import SPACES, file_key, id_key, key, source_key, trim

# Letters that fold in surprising ways: ß, dotted İ, ǅ, final sigma, the Kelvin sign, ligatures, iota subscript.
STRANGE = "ßẞİıǅǄǆΣσςKÅſﬁﬃᾳᾼΐŉǰ\u0345\u0301\u0307"
UNSEEN = "\u00ad\u034f\u200b\u200c\u200d\u200e\u200f\u2060\ufe0f\ufeff"
TEXTS = st.text(
    st.characters(exclude_categories=["Cs"]) | st.sampled_from(STRANGE + UNSEEN + "\u00a0\u2003"), max_size=12
)


@given(TEXTS)
def test_a_key_of_a_key_is_that_key(text: str) -> None:
    assert id_key(id_key(text)) == id_key(text)
    assert source_key(source_key(text)) == source_key(text)


@given(TEXTS)
def test_unicode_forms_meet(text: str) -> None:
    forms = [unicodedata.normalize(form, text) for form in ("NFC", "NFD")]
    assert {id_key(form) for form in forms} == {id_key(text)}
    assert {source_key(form) for form in forms} == {source_key(text)}


@given(TEXTS, st.text(SPACES, max_size=3), st.text(SPACES, max_size=3))
def test_spaces_around_do_not_count(text: str, before: str, behind: str) -> None:
    assert key(before + text + behind, behind + text + before) == key(text, text)


@given(TEXTS)
def test_a_key_is_that_of_the_value_as_it_is_stored(text: str) -> None:
    assert key(clean(text), clean(text)) == key(text, text)


@given(
    st.text(st.characters(max_codepoint=0x7F, categories=["L", "N"]), min_size=1), st.sampled_from(UNSEEN), st.data()
)
def test_what_nobody_sees_does_not_count(text: str, unseen: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(text)))
    assert key(text, text) == key(text[:at] + unseen + text[at:], text[:at] + unseen + text[at:])


@given(st.text(st.characters(categories=["Lu", "Ll", "Nd"]), max_size=12))
def test_letter_case_of_an_extern_id_does_not_count(text: str) -> None:
    assert id_key(text.casefold()) == id_key(text)
    assert id_key(text.swapcase().casefold()) == id_key(text.swapcase())


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("13DeRQ", "13derq"),
        ("straße", "STRASSE"),
        ("ΟΔΟΣ", "οδος"),
        ("ǅ1", "ǆ1"),
        ("K9", "k9"),
        ("É1", "e\u03011"),
        ("\u00a0a1\t", "A1"),
        ("ſ", "S"),
        ("P\u00a01", "p 1"),
        ("P  1", "P\u20031"),
        ("P\u200b1", "P1"),
        ("P\u00ad1\u200e", "p1"),
        ("می\u200cخ", "میخ"),
    ],
)
def test_two_ways_of_writing_an_extern_id_meet(one: str, other: str) -> None:
    assert id_key(one) == id_key(other)


@pytest.mark.parametrize(("one", "other"), [("ı", "i"), ("0123", "123"), ("A 1", "A1"), ("A\x1c", "A")])
def test_different_extern_ids_stay_different(one: str, other: str) -> None:
    assert id_key(one) != id_key(other)


def test_letter_case_of_an_extern_source_counts() -> None:
    assert key("HR", "A") == key(" HR ", "a")
    assert key("HR", "A") != key("Hr", "A")


@pytest.mark.parametrize(
    "other",
    [
        "\u00c9NQU\u00caTE PERSONEN.CSV",
        "e\u0301nque\u0302te personen.csv",
        " \u00e9nqu\u00eate personen.csv\u00a0",
        "\u00e9nqu\u00eate\u00a0personen.csv",
        "\u00e9nqu\u00eate  personen.csv",
        "\ufeff\u00e9nqu\u00eate personen.csv",
    ],
)
def test_two_ways_of_writing_the_name_of_a_file_meet(other: str) -> None:
    assert file_key(other) == file_key("\u00e9nqu\u00eate personen.csv")


@pytest.mark.parametrize("other", ["enquete.csv", "\u00e9nqu\u00eate.csv1", "\u0435nqu\u00eate.csv"])
def test_different_names_of_files_stay_different(other: str) -> None:
    assert file_key(other) != file_key("\u00e9nqu\u00eate.csv")


@given(TEXTS)
def test_trimming_takes_spaces_only(text: str) -> None:
    left = trim(text)
    assert text.replace(left, "", 1).strip(SPACES) == ""
    assert left == "" or (left[0] not in SPACES and left[-1] not in SPACES)
