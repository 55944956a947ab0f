"""What a typed text asks for, and which dossiers it means."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from instroom.core.search.question import MOST_LETTERS, MOST_WORDS, one_letter_off, read_question
from instroom.core.search.words import fold, parts_of, phone_word, words_of

FINN = {
    "initials": "F.J.",
    "first_name": "Finn",
    "surname_prefix": "van der",
    "surname": "Brouwer-Zoë",
    "date_of_birth": "1991-11-06",
    "employee_number": "000401",
    "mobile": "+31 (0)6 32610205",
    "work_email": "finn.brouwer@voorbeeld.example",
    "home_address.postal_code": "3501 AB",
    "home_address.city": "Utrecht",
}
LINDE = {"name": "Locatie 001 De Linde", "phone": "030-1234567", "visiting_address.city": "’s-Gravenhage"}


@pytest.mark.parametrize(
    "text",
    [
        "Finn", "Finn Brouwer", "brouwer finn", "BROU", "f. brouwer", "F.J. van der Brouwer", "zoe", "Zoë", "Zöe",
        "der brouwer", "06-11-1991", "6-11-1991", "06/11/1991", "1991-11-06", "1991", "1991-11", "06-32610205",
        "0632610205", "+31 6 32610205", "0031632610205", "06 326 10 205", "0632", "000401", "00401", "401", "p100401",
        "P 100401", "3501ab", "3501 AB", "3501", "utrecht brouwer", "finn 3501 ab", "finn.brouwer@voorbeeld.example",
        "finn.brouwer@voor", "finn.brouw",
    ],
)  # fmt: skip
def test_a_person_is_found_by(text: str) -> None:
    assert read_question(text).is_met_by(words_of("person", "p100401", FINN))


@pytest.mark.parametrize("text", ["Linde", "de linde", "LINDE locatie", "001", "030 123 45 67", "gravenhage", "C-7"])
def test_a_company_is_found_by(text: str) -> None:
    assert read_question(text).is_met_by(words_of("company", "c-7", LINDE))


@pytest.mark.parametrize(
    "text", ["Brouwer Jan", "rouwer", "g. brouwer", "07-11-1991", "06-32610206", "3502 AB", "voorbeeld", ""]
)
def test_a_person_is_not_found_by(text: str) -> None:
    assert not read_question(text).is_met_by(words_of("person", "p100401", FINN))


@pytest.mark.parametrize("text", ["", " ", "'", "%", "-", "\0", '"', "***", "()"])
def test_a_text_without_a_letter_or_digit_asks_nothing(text: str) -> None:
    assert read_question(text) == ((), "")


@given(st.text())
def test_whatever_is_typed_is_words_without_signs_and_not_too_many(text: str) -> None:
    question = read_question(text)
    words = [question.whole, *(word.removesuffix("*") for part in question.parts for way in part.ways for word in way)]
    assert all(parts_of(word) == [word] and len(word) <= MOST_LETTERS for word in words if word)
    assert len(question.parts) <= MOST_WORDS


@given(st.sampled_from("aàáâäãåæœøéêëïíñöóôüúçßł"), st.text("abz", min_size=1))
def test_marks_and_capitals_make_no_difference(letter: str, rest: str) -> None:
    assert fold((letter + rest).upper()) == fold(letter + rest)
    assert fold(letter + rest).isascii()


@pytest.mark.parametrize("text", ["+31 6 12", "+31 (0)6 12", "0031 6 12", "06-12", "06 12", "(06) 12"])
def test_a_telephone_number_is_one_however_it_is_written(text: str) -> None:
    assert phone_word(text) == "0612"


def test_words_with_one_letter_more_less_other_or_changed_places() -> None:
    words = one_letter_off("brouer")
    assert {"brouwer", "bouer", "brover", "bruoer"} <= words
    assert "brouer" not in words
    assert len(words) == 337
