"""Citizen service numbers (BSN) in texts, and whether chance explains that so many pass the eleven-proof.

One number in eleven passes by chance, so one number says nothing, unless the word stands beside it.
"""

import re
from collections.abc import Iterable
from itertools import chain
from math import log
from typing import Final, NamedTuple

from instroom.core.check.judges.vat import passes_eleven

_GROUPED: Final = "[0-9]{3}(?:[.][0-9]{2}[.]|[ ][0-9]{2}[ ]|-[0-9]{2}-)[0-9]{3}"
_IN_THREES: Final = "[0-9]{2}(?:[.][0-9]{3}[.]|[ ][0-9]{3}[ ]|-[0-9]{3}-)[0-9]{3}"
_NINE: Final = f"[0-9](?<![0-9].)(?:[0-9]{{8}}|{_GROUPED}|{_IN_THREES})(?![0-9])"
NUMBER: Final = re.compile(rf"{_NINE}|[0-9](?<![^|].)[0-9]{{7}}(?:\.0)?(?![^|])")
"""Nine digits, also as 1234.56.782 or 123 456 782, or a cell with eight: one that lost its zero. Cells are joined by |.
It begins with a digit and only then looks back, which is quick."""
_DATE: Final = (
    "(?:19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])"
    "|(?:0[1-9]|[12][0-9]|3[01])(?:0[1-9]|1[0-2])(?:19|20)[0-9]{2}"
    "|[0-9]{1,2}[-/.][0-9]{1,2}[-/.](?:[0-9]{2}){1,2}|[0-9]{4}[-/.][0-9]{1,2}[-/.][0-9]{1,2}"
)
_WORDS: Final = ("bsn", "b.s.n", "burger", "sofi", "sociaal", "citizen service")
"""A quick look, before the patterns are tried."""
_WORD: Final = (
    r"\b(?:b\.?s\.?n(?![a-z])|bsn[- ]?(?:nummer|nr|number)|burger[- ]?service|sofi(?![a-z])|sofi[- ]?(?:nummer|nr)"
    r"|sociaal[- ]?fiscaal|citizen service)"
)
_AFTER_WORD: Final = rf"(?i){_WORD}(?P<between>[^0-9|]{{0,25}})(?P<number>{_NINE}|[0-9]{{8}}(?![0-9]))"
_BEFORE_WORD: Final = rf"(?i)(?P<number>{_NINE})(?P<between>[^0-9|a-z]{{0,4}}){_WORD}"
_OTHER_NUMBER: Final = r"(?i)kvk|rsin|btw|tel|mob|iban|rekening|klant|order|factuur|postbus|\bgeen\b"
"""Between the word and the number: it is another number then."""
_COMPANY_WORDS: Final = ("rsin", "kvk", "btw", "vat", "nl")
_OF_COMPANY: Final = r"(?i)(?:(?:rsin|kvk|btw|vat)[^0-9|]*|(?<![a-z])nl)[0-9]+"
"""A number of a company passes the same proof."""
_LEAST: Final = 5
_LEAST_SHARE: Final = 0.25
"""A series of numbers does not fall as dice do: fewer that pass may belong to one."""
_RARELY: Final = log(100_000)


class Numbers(NamedTuple):
    """Distinct numbers, in nine digits."""

    all: set[str]
    passing: set[str]


def numbers_in(joined: str) -> Numbers:
    """Those of such a length in texts that are joined by |."""
    if any(map(joined.casefold().__contains__, _COMPANY_WORDS)):
        joined = re.sub(_OF_COMPANY, "", joined)
    found = set(NUMBER.findall(joined))
    odd = {text for text in found if len(text) != 9 or not text.isdecimal()}
    others = (re.sub(r"\.0\Z|[ .-]", "", text) for text in odd)
    return _numbers(chain(found - odd, (digits for digits in others if not is_date(digits))))


def named_in(joined: str) -> Numbers:
    """Those with the word beside them."""
    if not any(map(joined.casefold().__contains__, _WORDS)):
        return Numbers(set(), set())
    return _numbers(
        re.sub("[ .-]", "", match["number"])
        for pattern in (_AFTER_WORD, _BEFORE_WORD)
        for match in re.finditer(pattern, joined)
        if not re.search(_OTHER_NUMBER, match["between"])
    )


def _numbers(found: Iterable[str]) -> Numbers:
    numbers = {digits.zfill(9) for digits in found}
    return Numbers(numbers, set(filter(passes_eleven, numbers)))


def is_date(text: str) -> bool:
    return re.fullmatch(_DATE, text) is not None


def beyond_chance(passing: int, numbers: int) -> bool:
    """Whether so many of these numbers pass that chance would do it once in 100,000 columns (Chernoff's bound)."""
    share = passing / numbers if numbers else 0.0
    if passing < _LEAST or share < _LEAST_SHARE:
        return False
    rest = (numbers - passing) * log((1 - share) / (10 / 11)) if passing < numbers else 0.0
    return passing * log(share * 11) + rest > _RARELY
