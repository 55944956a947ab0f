"""File names with parts that differ each time: `personen_*.csv`, `personen_{date}.csv` (product.md E1).

`*` stands for any characters, `{date}` for a date as 20270504, 2027-05-04 or 04-05-2027 (also with `_`, `.` or a
space), and `{yyyy}`, `{yy}`, `{mm}` and `{dd}` for the parts of one that is written otherwise. Names are compared by
their `file_key`. A pattern takes time in proportion to the length of the name, whatever stands in either.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from functools import lru_cache
from itertools import product
from typing import Final, NamedTuple

from instroom.core.errors import SettingsError
from instroom.core.keys import file_key

MOST_STARS: Final = 5
_TOKEN: Final = re.compile(r"\*|\{[^{}]*\}|[^*{}]+|[{}]")
_SEPARATORS: Final = "-_. "
_DIGITS: Final = "0123456789"
_YEAR, _MONTH, _DAY = "(19|20)[0-9]{2}", "(0[1-9]|1[0-2])", "(0[1-9]|[12][0-9]|3[01])"
_PARTS: Final = {
    "{date}": (
        rf"(?:(?P<y1>{_YEAR})(?P<m1>{_MONTH})(?P<d1>{_DAY})"
        rf"|(?P<y2>{_YEAR})[-_. ](?P<m2>{_MONTH})[-_. ](?P<d2>{_DAY})"
        rf"|(?P<d3>{_DAY})[-_. ](?P<m3>{_MONTH})[-_. ](?P<y3>{_YEAR}))"
    ),
    "{yyyy}": f"(?P<y4>{_YEAR})",
    "{yy}": "(?P<y5>[0-9]{2})",
    "{mm}": f"(?P<m4>{_MONTH})",
    "{dd}": f"(?P<d4>{_DAY})",
}
_STAR: Final = "*"
_CharSet = str
_DIGIT_FORMS: Final[dict[str, tuple[tuple[_CharSet, ...], ...]]] = {
    "{date}": (
        (_DIGITS,) * 8,
        (*(_DIGITS,) * 4, _SEPARATORS, *(_DIGITS,) * 2, _SEPARATORS, *(_DIGITS,) * 2),
        (*(_DIGITS,) * 2, _SEPARATORS, *(_DIGITS,) * 2, _SEPARATORS, *(_DIGITS,) * 4),
    ),
    "{yyyy}": ((_DIGITS,) * 4,),
    "{yy}": ((_DIGITS,) * 2,),
    "{mm}": ((_DIGITS,) * 2,),
    "{dd}": ((_DIGITS,) * 2,),
}


class FilePattern(NamedTuple):
    """A pattern for the names of files, parsed into its tokens."""

    tokens: tuple[str, ...]
    regex: re.Pattern[str]

    def matches(self, name: str) -> bool:
        """Whether a file of that name is meant; a date that does not exist is none."""
        found = self.regex.fullmatch(file_key(name))
        return found is not None and _is_possible(found)

    def date_in(self, name: str) -> date | None:
        """The date in the name: of a year the first day, and of a month too; None where the pattern has no year."""
        found = self.regex.fullmatch(file_key(name))
        return _date_of(found) if found and _is_possible(found) else None


def is_pattern(name: str) -> bool:
    """Whether the name has parts that differ."""
    return _STAR in name or "{" in name


def pattern_in(name: str) -> FilePattern | None:
    """The pattern that a file name is; None where it is that name itself, with braces that mean nothing to us too."""
    try:
        return file_pattern(name) if is_pattern(name) else None
    except SettingsError:
        return None


@lru_cache(maxsize=1000)
def file_pattern(text: str) -> FilePattern:
    """Parses a pattern. Raises SettingsError."""
    tokens = tuple(_TOKEN.findall(file_key(text)))
    places = [token for token in tokens if token[0] in "{}"]
    if set(places) - _PARTS.keys() or len(set(places)) != len(places) or tokens.count(_STAR) > MOST_STARS:
        raise SettingsError("file-pattern", most=MOST_STARS)
    if "**" in text or ("{date}" in places and len(places) > 1) or {"{yyyy}", "{yy}"} <= set(places):
        raise SettingsError("file-pattern", most=MOST_STARS)
    return FilePattern(tokens, re.compile(_expression(tokens), re.ASCII | re.DOTALL))


def may_both_match(one: FilePattern, other: FilePattern) -> bool:
    """Whether there can be a name that both mean. It may say so where there is none: a month is any two digits here."""
    return any(_meet(first, second) for first, second in product(_forms(one), _forms(other)))


def _expression(tokens: Sequence[str]) -> str:
    """Each part between two stars is found where it first fits, and never sought again: hence no backtracking."""
    first, *rest = ["".join(_PARTS.get(token) or re.escape(token) for token in part) for part in _between_stars(tokens)]
    if not rest:
        return first
    *middle, last = rest
    return first + "".join(f"(?>.*?{part})" for part in middle) + f".*{last}"


def _between_stars(tokens: Iterable[str]) -> Iterator[list[str]]:
    part: list[str] = []
    for token in tokens:
        if token == _STAR:
            yield part
            part = []
        else:
            part.append(token)
    yield part


def _numbers(found: re.Match[str]) -> dict[str, int]:
    """`y`, `m` and `d`, as far as they are there."""
    return {name[0]: int(text) for name, text in found.groupdict().items() if text}


def _is_possible(found: re.Match[str]) -> bool:
    numbers = _numbers(found)
    return len(numbers) < 3 or _date_of(found) is not None


def _date_of(found: re.Match[str]) -> date | None:
    numbers = _numbers(found)
    if "y" not in numbers:
        return None
    year = numbers["y"] if numbers["y"] > 99 else 2000 + numbers["y"]
    try:
        return date(year, numbers.get("m", 1), numbers.get("d", 1))
    except ValueError:
        return None


def _forms(pattern: FilePattern) -> Iterator[list[_CharSet]]:
    """The pattern as sets of characters, and stars; with `{date}` once for each form of it."""
    choices = [_DIGIT_FORMS.get(token) or ((_STAR,) if token == _STAR else tuple(token),) for token in pattern.tokens]
    for chosen in product(*choices):
        yield [characters for part in chosen for characters in part]


def _meet(one: Sequence[_CharSet], other: Sequence[_CharSet]) -> bool:
    """Whether a text fits both, by the places that can be reached in the two side by side."""
    todo, seen = [(0, 0)], {(0, 0)}
    while todo:
        i, j = todo.pop()
        if i == len(one) and j == len(other):
            return True
        for place in _steps(one[i : i + 1], other[j : j + 1], i, j):
            if place not in seen:
                seen.add(place)
                todo.append(place)
    return False


def _steps(one: Sequence[_CharSet], other: Sequence[_CharSet], i: int, j: int) -> Iterator[tuple[int, int]]:
    """What can be reached from a place: past a star, or past a character that both may have."""
    if one and one[0] == _STAR:
        yield i + 1, j
        if other:
            yield i, j + 1
    elif other and other[0] == _STAR:
        yield i, j + 1
        if one:
            yield i + 1, j
    elif one and other and set(one[0]) & set(other[0]):
        yield i + 1, j + 1
