"""Judges whether a password can be guessed: that of a person, and that of an account of the file server.

Length counts; known words, names, dates, rows of keys and repetition count as one guess each. `zxcvbn` judges, with its
30,000 most used passwords, words and names. `known_words.txt` adds Dutch ones, and Django's list the 20,000 that are
refused as a whole. There are no rules about kinds of characters, on purpose (NIST SP 800-63B, 3.1.1.2).
"""

import re
from collections.abc import Collection, Iterable
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any, Final

from django.contrib.auth.password_validation import CommonPasswordValidator

from instroom.core.errors import NotAllowed
from instroom.core.language import LANGUAGES
from instroom.core.wording.catalogue import role_word
from instroom.store.models import Role

LEAST_CHARACTERS: Final = 12
"""Of a person's password."""
LEAST_OF_ACCOUNT: Final = 15
"""Of one that an operator chooses for an account of the file server: no second factor stands behind it."""
MOST_CHARACTERS: Final = 1024
LEAST_GUESSES: Final = 10**10
"""What zxcvbn calls very unguessable: its highest score."""
_JUDGED: Final = 72
"""Characters at the beginning that are judged: the time grows with their square."""
_PRODUCT: Final = ("instroom", "training", "live", "demo", "admin", "root")
_ONE_AT_A_TIME: Final = Lock()
"""zxcvbn keeps the words of a call where another thread would read them."""


def refuse_weak(password: str, *, least: int, about: Iterable[str]) -> None:
    """Raise NotAllowed if the password is shorter than `least`, or can be guessed.

    `about` are texts that a guesser may know: the names of the user or the account and of the customer, an address.
    """
    if len(password) < least:
        raise NotAllowed("password-too-short", least=least)
    if len(password) > MOST_CHARACTERS or any(ord(sign) < 32 for sign in password):
        raise NotAllowed("password-too-long", most=MOST_CHARACTERS)
    if not any(sign.isalpha() for sign in password):
        raise NotAllowed("password-without-letters")
    if _common().is_among(password):
        raise NotAllowed("password-too-common")
    own = {part for text in about for part in _parts(text)}
    result = _judged(password, own)
    if result["guesses"] < LEAST_GUESSES:
        kinds = {match["pattern"] for match in result["sequence"]}
        known = {match.get("matched_word") for match in result["sequence"]}
        if known & own:
            raise NotAllowed("password-like-names")
        if "dictionary" in kinds:
            raise NotAllowed("password-too-common")
        raise NotAllowed("password-pattern")


def _judged(password: str, own: Collection[str]) -> dict[str, Any]:
    from zxcvbn import zxcvbn  # type: ignore[import-untyped]  # noqa: PLC0415 - its lists take 0.14 s to load

    with _ONE_AT_A_TIME:
        judged: dict[str, Any] = zxcvbn(password[:_JUDGED], user_inputs=[*own, *_known_words()])
    return judged


class _Common(CommonPasswordValidator):
    def is_among(self, password: str) -> bool:
        return password.lower().strip() in self.passwords


_common: Final = cache(_Common)


@cache
def _known_words() -> tuple[str, ...]:
    words = Path(__file__).with_name("known_words.txt").read_text(encoding="utf-8").split()
    roles = [role_word(role, lang).lower() for role in Role.NAMES for lang in LANGUAGES]
    years = [str(year) for year in range(1940, 2051)]
    return (*_PRODUCT, *Role.NAMES, *roles, *years, *words)


def _parts(text: str) -> set[str]:
    """The text, its words, and these joined: `demo-hr` is also guessed as `demohr`, and as `demo`."""
    words = re.findall(r"[^\W_]+", text.lower())
    return {part for part in (text.lower(), "".join(words), *words) if len(part) > 2}
