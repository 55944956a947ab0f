"""Marks in a text what a question asked for."""

import re
from collections.abc import Iterator
from typing import Final

from instroom.core.search.question import Question, day_word
from instroom.core.search.words import fold, parts_of, phone_word, squeeze

_TOKEN: Final = re.compile(r"[^\W_]+|[\W_]+")


def marked_pieces(text: str, question: Question) -> list[tuple[bool, str]]:
    """The text in pieces, each with whether it is what was asked for: the beginning of a word, or a whole number,
    date or address, however it is written."""
    sought = {word for part in question.parts for way in part.ways for word in way}
    if question.whole:
        sought.add(f"{question.whole}*")
    folded = fold(text)
    numbers = (squeeze(folded), phone_word(folded), day_word(folded))
    if any(letter.isdigit() or letter == "@" for letter in text) and any(_begins(one, sought) for one in numbers):
        return [(True, text)]
    return [piece for token in _TOKEN.findall(text) for piece in _marked(token, sought)]


def _marked(token: str, sought: set[str]) -> Iterator[tuple[bool, str]]:
    words = parts_of(fold(token))
    most = max((_begins(word, sought) for word in words), default=0)
    if most and len(words) == 1 and len(words[0]) == len(token):
        yield True, token[:most]
        if token[most:]:
            yield False, token[most:]
    else:
        yield bool(most), token


def _begins(word: str, sought: set[str]) -> int:
    """How many of its letters are asked for."""
    lengths = [len(one) - 1 for one in sought if one.endswith("*") and word.startswith(one[:-1])]
    return max([*lengths, len(word) if word in sought else 0])
