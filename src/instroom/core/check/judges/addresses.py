"""Postal codes, by the country of their own address (value-postal-code)."""

import re
from functools import lru_cache

from instroom.core.check.faults import Fault, Judgement, short_of_zeros

_DUTCH = re.compile(r"([1-9][0-9]{3}) *([A-Za-z]{2})")
_NEVER_ISSUED = frozenset(("SA", "SD", "SS"))
_DIGITS = {"BE": re.compile(r"[1-9][0-9]{3}"), "DE": re.compile(r"[0-9]{5}")}


def judge_postal_code(text: str, country: str) -> Judgement:
    """The postal code, a Dutch one as '1234 AB'. A blank country is NL; others than NL, BE and DE are not judged."""
    country = country or "NL"
    if country == "NL":
        match = _DUTCH.fullmatch(text)
        if match is None or match[2].upper() in _NEVER_ISSUED:
            return _not_of(country)
        return f"{match[1]} {match[2].upper()}"
    if country == "DE" and len(text) == 4 and text.isascii() and text.isdigit():
        return short_of_zeros("0" + text)
    pattern = _DIGITS.get(country)
    return text if pattern is None or pattern.fullmatch(text) else _not_of(country)


@lru_cache(maxsize=8)
def _not_of(country: str) -> Fault:
    return Fault("value-postal-code", {"country": country})
