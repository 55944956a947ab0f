"""In what two texts differ, to mark and to say."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from instroom.core.report.text_differences import difference_text, pieces, record_differences_text

TEXTS = st.text(st.sampled_from("abAB\u0430\u04100Ol1I é e\u0301-.’' \u200c\U0001f600") | st.characters(), max_size=8)


@given(TEXTS, TEXTS)
def test_the_pieces_are_the_whole_texts(one: str, other: str) -> None:
    left, right = pieces(one, other)
    assert ("".join(piece.text for piece in left), "".join(piece.text for piece in right)) == (one, other)
    same = [["".join(piece.text for piece in side if not piece.differs)] for side in (left, right)]
    assert same[0] == same[1] or not any(piece.differs for piece in (*left, *right))


@given(TEXTS, TEXTS)
def test_two_texts_are_alike_whichever_comes_first(one: str, other: str) -> None:
    assert difference_text(one, one, "nl") == ""
    assert bool(difference_text(one, other, "nl")) == bool(difference_text(other, one, "nl"))


@pytest.mark.parametrize(
    ("one", "other", "said"),
    [
        ("Acme BV", "ACME BV", "letter case"),
        ("TECHNIEK", "Techniek", "letter case"),
        ("Zoe", "Zoë", "accents"),
        ("B.V. Een", "BV Een", "punctuation"),
        ("De Vries", "DeVries", "spaces"),
        ("zoë de Vries", "Zoe De Vries", "accents and letter case"),
        ("J\u0430nsen", "Jansen", "characters that look alike: ‘\u0430’ is Cyrillic and ‘a’ is Latin"),
        ("\u039fslo", "Oslo", "characters that look alike: ‘\u039f’ is Greek and ‘O’ is Latin"),
        ("HR0", "HRO", "characters that look alike: ‘0’ is a digit and ‘O’ is a letter"),
        ("HRI", "HRl", "characters that look alike: ‘I’ is Latin and ‘l’ is Latin"),
        ("O’Brien", "O'Brien", "characters that look alike: ‘’’ is U+2019 and ‘'’ is U+0027"),
        ("A–B", "A-B", "characters that look alike: ‘–’ is U+2013 and ‘-’ is U+002D"),
        ("\ufb01ets", "fiets", "characters that look alike"),
        ("\u0645\u06cc\u200c\u062e", "\u0645\u06cc\u062e", "what cannot be seen"),
    ],
)
def test_what_the_eye_may_miss(one: str, other: str, said: str) -> None:
    assert difference_text(one, other, "en") == f"differs only in {said}"


@pytest.mark.parametrize(("one", "other"), [("Jan", "Piet"), ("Jansen", "Janssen"), ("", "a"), ("12", "21")])
def test_what_is_plain_to_see(one: str, other: str) -> None:
    assert difference_text(one, other, "en") == ""


def test_a_long_value_is_shown_from_where_it_differs() -> None:
    start = "x" * 200
    said = record_differences_text([{"column": "C", "value": f"{start}een", "other": f"{start}TWEE", "row": 7}], "nl")
    assert said == f"C is hier ‘…{'x' * 15}een’ en op regel 7 ‘…{'x' * 15}TWEE’"


def test_more_columns_than_fit_in_a_sentence() -> None:
    one = {"column": "C", "value": "a", "other": "", "row": 7}
    assert record_differences_text([one] * 4, "en") == "; ".join(["C is ‘a’ here and blank on row 7"] * 3) + " …"
