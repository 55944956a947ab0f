"""How numbers, sizes, dates and lists are written in Dutch and in English."""

from collections.abc import Sequence
from typing import Final

from instroom.core.layout.own_sheets import Language

_AND: Final[dict[Language, str]] = {"nl": "en", "en": "and"}
_OR: Final[dict[Language, str]] = {"nl": "of", "en": "or"}
_MORE: Final[dict[Language, str]] = {"nl": "nog {}", "en": "{} more"}
_UNITS: Final = ((1 << 30, "GB"), (1 << 20, "MB"), (1 << 10, "kB"))


def number(value: float, lang: Language) -> str:
    """10000 as 10.000 in Dutch and 10,000 in English."""
    text = f"{value:,}"
    return text if lang == "en" else text.translate({ord(","): ".", ord("."): ","})


def size(amount: int, lang: Language) -> str:
    """A number of bytes as people read it: 64 MB, 1,5 GB. Units are of 1,024, as file managers count."""
    for unit, name in _UNITS:
        if amount >= unit:
            rounded = round(amount / unit, 1)
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


def day(text: str) -> str:
    """A canonical date, yyyy-mm-dd, as people write it here: dd-mm-jjjj."""
    year, month, rest = text[:4], text[5:7], text[8:]
    whole = len(text) == 10 and text[4] == text[7] == "-" and (year + month + rest).isdecimal()
    return f"{rest}-{month}-{year}" if whole else text
