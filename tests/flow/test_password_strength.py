"""Which passwords of people and of accounts can be guessed, and are refused."""

import pytest
from django.contrib.auth.hashers import make_password
from hypothesis import given
from hypothesis import strategies as st

from instroom.core.errors import NotAllowed
from instroom.core.language import LANGUAGES
from instroom.flow import find
from instroom.flow.file_server import accounts
from instroom.flow.operations.init import DEMO_USERS, add_customer
from instroom.flow.people import password_strength, passwords
from instroom.flow.people.password_strength import LEAST_CHARACTERS, LEAST_OF_ACCOUNT, MOST_CHARACTERS
from instroom.store.models import User

pytestmark = pytest.mark.on_sqlite_alone

ABOUT = ("anouk.smit", "a.smit@pensioenen.example", "pensioenen", "Pensioenen Noord")
REFUSED = {
    "password-too-short": ["", "kort", "elf-tekens!", "x" * 11],
    "password-too-long": ["vier natte sokken " * 60, "vier natte\x07sokken"],
    "password-without-letters": ["1234567890123", "12-03-1980 / 2026", " " * 20, "!@#$%^&*()_+-="],
    "password-too-common": [
        *("password1234", "P@ssw0rd1234", "iloveyou1234", "unbelievable", "1q2w3e4r5t6y", "123qweasdzxc"),
        *("Instroom2026!", "Welkom2026!!", "W@chtwoord2026", "mijnwachtwoord123", "operator1234", "aanleveraar2026"),
        *("Zomer2026!!!!", "november-2026", "Spring2025!!!", "December 2026", "geheim123456"),
        *("amsterdam2026!", "correcthorsebatterystaple"),
        *("ichliebedich", "kartoffelpuffer"),  # in the list of Django alone
    ],
    "password-like-names": ["pensioenen2026", "Anouk.Smit1234", "PensioenenNoord!", "a.smit@pensioenen.example"],
    "password-pattern": ["aaaaaaaaaaaa", "abcabcabcabc", "abcdefghijklm", "zxcvbnm,./;'"],
}  # fmt: skip
TAKEN = ["vier natte sokken", "een-lang-woord-7", "de kat krabt de krullen", "rode trein naar Zwolle", "g7Kp2mWq9xZt"]


@pytest.mark.parametrize(
    ("code", "password"), [(code, password) for code, those in REFUSED.items() for password in those]
)
def test_what_can_be_guessed_is_refused_with_its_reason(code: str, password: str) -> None:
    with pytest.raises(NotAllowed) as told:
        password_strength.refuse_weak(password, least=LEAST_CHARACTERS, about=ABOUT)
    assert told.value.code == code
    assert len({told.value.sentence(lang) for lang in LANGUAGES}) == len(LANGUAGES)
    assert not password or password not in told.value.sentence("en")


@pytest.mark.parametrize("password", TAKEN)
def test_a_few_words_or_a_row_of_chance_will_do(password: str) -> None:
    password_strength.refuse_weak(password, least=LEAST_CHARACTERS, about=ABOUT)


@given(
    word=st.sampled_from(["instroom", "wachtwoord", "welkom", "pensioenen", "beheerder", "januari", "zomer", "qwerty"]),
    capital=st.booleans(),
    year=st.integers(1950, 2049),
    end=st.sampled_from(["", "!", "!!", "01", "!!!!"]),
    times=st.integers(1, 3),
)
def test_a_word_that_is_expected_with_a_year_and_signs_is_refused(
    word: str, capital: bool, year: int, end: str, times: int
) -> None:
    guess = f"{word.capitalize() if capital else word}{year}{end}" * times
    with pytest.raises(NotAllowed):
        password_strength.refuse_weak(guess, least=LEAST_CHARACTERS, about=ABOUT)


@given(unit=st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=3), times=st.integers(12, 40))
def test_repetition_is_no_length(unit: str, times: int) -> None:
    with pytest.raises(NotAllowed):
        password_strength.refuse_weak(unit * times, least=LEAST_CHARACTERS, about=())


@given(password=st.text(st.characters(exclude_categories=["Cs"]), min_size=LEAST_CHARACTERS, max_size=MOST_CHARACTERS))
def test_whatever_is_typed_is_judged(password: str) -> None:
    try:
        password_strength.refuse_weak(password, least=LEAST_CHARACTERS, about=ABOUT)
    except NotAllowed as refused:
        assert refused.code.startswith("password-")


@pytest.mark.parametrize("password", ["12345678", "wachtwoord", "welkom01", " " * 8, "demo-hr12345678", "vier sokken!"])
def test_an_account_takes_no_password_that_a_person_could_guess(password: str) -> None:
    add_customer("demo", "Demo", DEMO_USERS)
    with pytest.raises(NotAllowed):
        accounts.add("demo-hr", find.customer("demo"), password, by=find.user("operator"))


def test_a_generated_password_is_always_taken() -> None:
    for _ in range(50):
        password_strength.refuse_weak(accounts.new_password(), least=LEAST_OF_ACCOUNT, about=ABOUT)


def test_the_names_of_ones_own_customers_are_no_secret_and_those_of_others_are_unknown() -> None:
    add_customer("trekvogel", "Trekvogel BV", {"vera": ("reader",)})
    add_customer("demo", "Demo", DEMO_USERS)
    with pytest.raises(NotAllowed):
        passwords.set_password(find.user("vera"), "Trekvogel#2026")
    passwords.set_password(find.user("reader"), "Trekvogel#2026")


def test_a_password_of_before_still_opens() -> None:
    add_customer("demo", "Demo", DEMO_USERS)
    User.objects.filter(username="reader").update(password=make_password("welkom01"))
    assert find.user("reader").check_password("welkom01")
