"""How numbers, sizes, dates and lists are written in Dutch and in English."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from instroom.core.language import Language

if TYPE_CHECKING:
    from datetime import datetime

_AND: Final[dict[Language, str]] = {"nl": "en", "en": "and"}
_OR: Final[dict[Language, str]] = {"nl": "of", "en": "or"}
_MORE: Final[dict[Language, str]] = {"nl": "nog {}", "en": "{} more"}
_DECIMALS: Final = 7
_UNITS: Final = ((1 << 30, "GB"), (1 << 20, "MB"), (1 << 10, "kB"))


def number(value: float, lang: Language) -> str:
    """10000 as 10.000 in Dutch and 10,000 in English."""
    text = f"{value:,}"
    return text if lang == "en" else text.translate({ord(","): ".", ord("."): ","})


def size(amount: int, lang: Language, beside: int | None = None) -> str:
    """A number of bytes as people read it: 64 MB, 1,5 GB. Units are of 1,024, as file managers count.

    With as many decimals as tell it from the size `beside` it: 64,002 MB where 64 MB is the limit.
    """
    other = None if beside in (None, amount) else _size(beside or 0, lang, 1)
    texts = (_size(amount, lang, decimals) for decimals in range(1, _DECIMALS))
    return next((text for text in texts if text != other), f"{number(amount, lang)} bytes")


def _size(amount: int, lang: Language, decimals: int) -> str:
    for unit, name in _UNITS:
        if amount >= unit:
            rounded = round(amount / unit, decimals)
            return f"{number(int(rounded) if rounded == int(rounded) else rounded, lang)} {name}"
    return f"{number(amount, lang)} bytes"


def listed(items: Sequence[str], lang: Language, limit: int = 10) -> str:
    """`a, b en c`; more than `limit` items are counted instead: `a, b en nog 12`."""
    if len(items) > limit:
        more = _MORE[lang].format(number(len(items) - limit, lang))
        return f"{', '.join(items[:limit])} {_AND[lang]} {more}"
    return _joined(items, _AND[lang])


def either(items: Sequence[str], lang: Language, limit: int = 20) -> str:
    """`a, b of c`; a very long list ends in an ellipsis."""
    if len(items) > limit:
        return f"{', '.join(items[:limit])}, …"
    return _joined(items, _OR[lang])


def _joined(items: Sequence[str], word: str) -> str:
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} {word} {items[-1]}"


def day(text: str, lang: Language = "nl") -> str:
    """A canonical date, yyyy-mm-dd, as people read it: dd-mm-jjjj in Dutch, as it is (ISO 8601) in English."""
    if lang == "en":
        return text
    year, month, rest = text[:4], text[5:7], text[8:]
    whole = len(text) == 10 and text[4] == text[7] == "-" and (year + month + rest).isdecimal()
    return f"{rest}-{month}-{year}" if whole else text


def moment(at: "datetime", lang: Language) -> str:
    """A day and the time on the clock, to the minute."""
    return f"{day(at.date().isoformat(), lang)} {at:%H:%M}"
