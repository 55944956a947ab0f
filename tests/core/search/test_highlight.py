"""What was asked for is marked in what was found."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from instroom.core.search.highlight import marked_pieces
from instroom.core.search.question import read_question

MARKED = {
    ("Finn Brouwer", "brou finn"): "[Finn] [Brou]wer",
    ("Zoë d’Été", "zoe ete"): "[Zoë] d’[Été]",
    ("Groß", "gross"): "[Groß]",
    ("06-11-1991", "06-11-1991"): "[06-11-1991]",
    ("06-11-1991", "1991-11-06"): "[06-11-1991]",
    ("06-32610205", "+31 6 326 10 205"): "[06-32610205]",
    ("fb@voorbeeld.example", "fb@voorb"): "[fb@voorbeeld.example]",
    ("1234 AB", "1234ab"): "[1234 AB]",
    ("De Linde", "xde"): "De Linde",
    ("P-1", "p-1"): "[P-1]",
    ("", "brouwer"): "",
}


def shown(text: str, asked: str) -> str:
    return "".join(f"[{piece}]" if met else piece for met, piece in marked_pieces(text, read_question(asked)))


@pytest.mark.parametrize(("text", "asked"), MARKED)
def test_what_was_asked_is_marked(text: str, asked: str) -> None:
    assert shown(text, asked) == MARKED[text, asked]


@given(st.text(), st.text())
def test_the_text_stays_as_it_is(text: str, asked: str) -> None:
    assert "".join(piece for _, piece in marked_pieces(text, read_question(asked))) == text
