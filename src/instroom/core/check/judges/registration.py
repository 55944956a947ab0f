"""Registration numbers: KvK (NL), KBO (BE), HRA and HRB (DE)."""

import re
from functools import lru_cache
from typing import Final

from instroom.core.check.faults import Fault, Judgement, short_of_zeros

_KVK = re.compile(r"[0-9]{8}")
_AROUND_KVK: Final = r"^(?:NL|(?:k\.?v\.?k\.?|hr)(?:[- ]?(?:nummer|nr\.?))?)[ .:-]*|[ .]"
_KBO = re.compile(r"(?:BE ?)?([01][0-9]{3})\.?([0-9]{3})\.?([0-9]{3})", re.IGNORECASE)
_KBO_SHORT = re.compile(r"[0-9]{9}")
_COURT_REGISTER: Final = r"(?i)(?:[^0-9]*[^0-9A-Z])?(?:HR[AB])?\s?[0-9]{1,6}(?:\s?[A-Z]{1,3})?"
_SECTION: Final = r"(?i)\bHR[AB]"
_KIND_OF_COUNTRY = {"": "KVK", "NL": "KVK", "BE": "KBO", "DE": "HR"}


def kind_of(registration_type: str, country: str) -> str:
    """KVK, KBO, HRA, HRB, HR (one of both), or blank where nothing can be said. A blank country is NL."""
    return registration_type or _KIND_OF_COUNTRY.get(country, "")


def judge_registration_number(text: str, kind: str) -> Judgement:
    """The number, if it is one of its kind."""
    if kind == "KVK":
        return _judge_kvk(text)
    if kind == "KBO":
        return _judge_kbo(text)
    if kind.startswith("HR"):
        return _judge_court_register(text, kind)
    return text


@lru_cache(maxsize=1024)
def _not_of(kind: str, likely: str = "") -> Fault:
    return Fault("value-registration-number", {"kind": kind, **({"likely": likely} if likely else {})})


def _judge_kvk(text: str) -> Judgement:
    if _KVK.fullmatch(text) and text.strip("0"):
        return text
    if len(text) == 7 and text.isascii() and text.isdigit():
        return short_of_zeros("0" + text)
    digits = re.sub(_AROUND_KVK, "", text, flags=re.I)
    return _not_of("KVK", digits if _KVK.fullmatch(digits) else "")


def _judge_kbo(text: str) -> Judgement:
    if is_kbo(text):
        return text
    if _KBO_SHORT.fullmatch(text) and is_kbo("0" + text):
        return short_of_zeros("0" + text)
    return _not_of("KBO")


def is_kbo(text: str) -> bool:
    """Ten digits that start with 0 or 1; the last two are 97 minus the rest modulo 97."""
    match = _KBO.fullmatch(text)
    if match is None:
        return False
    digits = "".join(match.groups())
    return 97 - int(digits[:8]) % 97 == int(digits[8:])


def _judge_court_register(text: str, kind: str) -> Judgement:
    """With or without the court before it, as in 'Amtsgericht Hamburg HRB 12345'."""
    sections = re.findall(_SECTION, text)
    if not re.fullmatch(_COURT_REGISTER, text) or any(not section.upper().startswith(kind) for section in sections):
        return _not_of(kind)
    return text
