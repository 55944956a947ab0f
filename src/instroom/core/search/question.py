"""Reads a typed text as words that are sought, with what each may mean."""

import re
from collections.abc import Collection, Iterator
from datetime import date
from typing import Final, NamedTuple

from instroom.core.clean_text import clean
from instroom.core.search.words import fold, parts_of, phone_word, squeeze

MOST_WORDS: Final = 8
MOST_LETTERS: Final = 60
"""Of a word; what is longer is cut off."""
_LEAST_SUGGESTED: Final = 4
_LEAST_DIGITS: Final = 4
"""A shorter number means itself alone: that `06` begins one says nothing."""
_SURNAME_PREFIXES: Final = frozenset("van de der den ter ten te het op in la le du von zu al el di da".split())
_ALPHABET: Final = "abcdefghijklmnopqrstuvwxyz"
_DAY_FIRST: Final = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})")
_YEAR_FIRST: Final = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})")
_POSTAL_CODE: Final = re.compile(r"(?<!\S)(\d{4}) ([a-z]{2})(?!\S)")
_PHONE: Final = re.compile(r"(?<!\S)(?:\+|\(?0)[\d ()/.-]{7,}\d(?!\S)")

Way = tuple[str, ...]
"""Words that a dossier has all of. `brou*` is any word that begins so."""


class Sought(NamedTuple):
    """A part of the text, in the ways in which it may be meant."""

    text: str
    ways: tuple[Way, ...]

    def is_met_by(self, words: Collection[str]) -> bool:
        return any(all(any(_is(word, one) for word in words) for one in way) for way in self.ways)


class Question(NamedTuple):
    """A typed text. A dossier is meant that has every part of it, or the whole of it as one number."""

    parts: tuple[Sought, ...]
    whole: str
    """Without what stands between its letters and digits; "" where it is no number of several parts."""

    def is_met_by(self, words: Collection[str]) -> bool:
        if self.whole and any(word.startswith(self.whole) for word in words):
            return True
        return bool(self.parts) and all(part.is_met_by(words) for part in self.parts)


def read_question(text: str) -> Question:
    """What a text asks for: nothing where it has no letter or digit."""
    typed = fold(clean(" ".join(text.split())))
    chunks = list(_chunks(typed))[:MOST_WORDS]
    whole = squeeze(typed) if " " in typed and any(letter.isdigit() for letter in typed) else ""
    parts = [
        # many names begin with `de`: beside another word it means itself alone
        Sought(chunk, ((chunk,),)) if len(chunks) > 1 and chunk in _SURNAME_PREFIXES else _sought(chunk)
        for chunk in chunks
    ]
    return Question(tuple(filter(None, parts)), whole[:MOST_LETTERS] if whole.isalnum() else "")


def _chunks(typed: str) -> Iterator[str]:
    """At the spaces, but for those within telephone numbers and postal codes."""
    last = 0
    for found in _PHONE.finditer(typed):
        if not _DAY_FIRST.match(found[0]):
            yield from _POSTAL_CODE.sub(r"\1\2", typed[last : found.start()]).split()
            yield found[0]
            last = found.end()
    yield from _POSTAL_CODE.sub(r"\1\2", typed[last:]).split()


def _sought(chunk: str) -> Sought | None:
    parts = parts_of(chunk)[:MOST_WORDS]
    if not parts:
        return None
    whole = squeeze(chunk)
    ways: list[Way] = []
    if "@" not in chunk and any(letter.isalpha() for letter in chunk):
        ways.append(tuple(map(_beginning, parts)))
    if day := day_word(chunk):
        ways.append((day,))
    if not ways or len(parts) > 1:
        ways.append((_beginning("".join(parts_of(whole))),))
    if _PHONE.fullmatch(chunk) or chunk[0] == "+":
        ways.append((_beginning("".join(parts_of(phone_word(chunk)))),))
    if whole.isdecimal() and whole[0] == "0" and whole.strip("0"):
        ways.append((whole.lstrip("0")[:MOST_LETTERS],))
    return Sought(chunk, tuple(dict.fromkeys(way for way in ways if all(way))))


def _beginning(word: str) -> str:
    """Of one letter only the whole word is meant: an initial."""
    is_whole = len(word) < (_LEAST_DIGITS if word.isdecimal() else 2)
    return word if is_whole else f"{word[:MOST_LETTERS]}*"


def day_word(chunk: str) -> str:
    """A date of birth as the index has it; "" if the chunk is none."""
    if found := _DAY_FIRST.fullmatch(chunk):
        day, month, year = map(int, found.groups())
    elif found := _YEAR_FIRST.fullmatch(chunk):
        year, month, day = map(int, found.groups())
    else:
        return ""
    try:
        return date(year, month, day).strftime("%Y%m%d").zfill(8)
    except ValueError:
        return ""


def _is(word: str, sought: str) -> bool:
    return word.startswith(sought[:-1]) if sought.endswith("*") else word == sought


def may_be_mistyped(part: Sought) -> bool:
    """Whether it is one word of letters, long enough to guess what was meant."""
    return part.text.isalpha() and _LEAST_SUGGESTED <= len(part.text) <= MOST_LETTERS


def one_letter_off(word: str) -> set[str]:
    """All words that differ in one letter, or in two that changed places (about 53 for each letter)."""
    halves = [(word[:place], word[place:]) for place in range(len(word) + 1)]
    found = {left + right[1:] for left, right in halves if right}
    found |= {left + right[1] + right[0] + right[2:] for left, right in halves if len(right) > 1}
    found |= {left + letter + right[1:] for left, right in halves if right for letter in _ALPHABET}
    found |= {left + letter + right for left, right in halves for letter in _ALPHABET}
    return found - {word}


def replaced(question: Question, part: Sought, word: str) -> Question:
    """The question with another word instead of this part."""
    return Question(tuple(Sought(word, ((f"{word}*",),)) if one is part else one for one in question.parts), "")


def instead(text: str, part: Sought, word: str) -> str:
    """The typed text with another word in the place of this part, with a capital where there was one."""
    typed = (
        (word.capitalize() if one[0].isupper() else word) if fold(one).strip(".,") == part.text else one
        for one in text.split()
    )
    return " ".join(typed)
