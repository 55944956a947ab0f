"""Codes and numbers that a spreadsheet or a program has turned into something else (value-converted, product.md A5).

A house number 3-5 becomes a date, the number 1001 becomes 1001.0, 1.001 or € 1.001,00, a code becomes WAAR.
"""

import re
from collections.abc import Callable, Collection
from datetime import date
from functools import cache, lru_cache
from itertools import filterfalse
from typing import Final

from instroom.core.check.faults import Fault
from instroom.core.check.judges.calendar_days import in_calendar
from instroom.core.check.judges.contact import judge_phone
from instroom.core.clean_text import clean
from instroom.core.layout.loader import Column

_NUMBERED_FIELDS = ("house_number", "house_number_addition", "debtor_number", "employee_number", "extern_id")
_NUMBERED_TYPES = frozenset(("phone", "postal_code", "registration_number"))
_COUNTED_FIELDS = ("debtor_number", "employee_number", "extern_id")

_MONTHS: Final = {
    name: number
    for number, names in enumerate(
        (
            "jan januari january januar janv janvier",
            "feb februari february februar fév févr février fevrier",
            "mrt maart mar march mär märz maerz mars",
            "apr april avr avril",
            "mei may mai",
            "jun juni june juin",
            "jul juli july juil juillet",
            "aug augustus august août aout",
            "sep sept september septembre",
            "okt oktober oct october octobre",
            "nov november novembre",
            "dec december dez dezember déc décembre decembre",
        ),
        1,
    )
    for name in names.split()
}
_ELSEWHERE: Final = {
    name: number
    for number, names in enumerate(
        (
            *("ene enero gen gennaio", "febrero febbraio", "marzo", "abr abril aprile", "mayo mag maggio"),
            *("junio giu giugno", "julio lug luglio", "ago agosto", "septiembre set settembre"),
            *("octubre ott ottobre", "noviembre novembre", "dic diciembre dicembre"),
        ),
        1,
    )
    for name in names.split()
}
"""Only behind a day: SET-12 and GEN-03 are more likely codes."""
_SHORT: Final = "jan feb mrt apr mei jun jul aug sep okt nov dec".split()
_MONTH: Final = "|".join(sorted({name[:3] for name in (*_MONTHS, *_ELSEWHERE)}))
# Patterns for rare values are text: compiling all of them takes longer than the check of a small file.
_YEAR: Final = r"(?:19|20)([0-9]{2})"
_TIME: Final = r"[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?(?: ?[AP]M)?"
_FLOAT: Final = r"([+-]?[0-9]+)\.0"
_NO_DECIMALS: Final = r"[.,](?:00?|0{4,}|(?<=[0-9]{4}.)000)"  # 1.000 is a thousand
_WHOLE: Final = rf"([+-]?[0-9]+){_NO_DECIMALS}"
_THOUSANDS: Final = (
    r"-?[1-9][0-9]{0,2}(?:(?:\.[0-9]{3})+(?:,[0-9]{1,2})?|(?:,[0-9]{3})+(?:\.[0-9]{1,2})?|(?:['’][0-9]{3})+)"
)
_DECIMALS: Final = r"-?[0-9]+,[0-9]+|-[0-9]+|[0-9]+-|\([0-9.,]+\)"
_NO_BREAK: Final = "[\u00a0\u2007\u2009\u202f]"
_SPACED_THOUSANDS: Final = rf"[1-9][0-9]{{0,2}}(?:{_NO_BREAK}[0-9]{{3}})+(?:,[0-9]{{1,2}})?(?:{_NO_BREAK}?[€$£])?"
"""As spreadsheets in French show them."""
_MONEY: Final = r"(?:[€$£]|EUR) ?-?[0-9.,]+(?:,--?)?|-?[0-9.,]+ ?(?:[€$£%]|EUR)"
_BOOLEANS = frozenset(("TRUE", "FALSE", "WAAR", "ONWAAR"))
_BOOLEAN_CODES = frozenset("VRAI FAUX WAHR FALSCH VERDADERO FALSO VERO true false True False".split())
"""In other languages and programs: elsewhere some of them are names."""
_FIRST_TYPED_YEAR: Final = 1930
"""A spreadsheet reads two digits for a year as 1930 to 2029."""
_LAST_BEFORE_LEAP_DAY: Final = 59
_KEPT_DIGITS: Final = 15
"""A spreadsheet makes zeros of the others, in all numbers of a column."""
_PLAIN = re.compile(
    r"[A-Za-z_]*[0-9]+[A-Za-z]{0,2}|[0-9]{4} [A-Za-z]{2}|(?:0|\+31 ?)[0-9]{1,3}[ -][0-9]{6,8}|\+[0-9 ]+"
    r"|[A-Za-z]{1,2}(?:[-_/.][0-9]+)+|(?!EUR)[A-Za-z]{3,}[-_/.][0-9]{5,}|[0-9]+[-_/][0-9]{5,}"  # P-12, HRM-00012
)
"""What nearly all of these values look like; none of them was turned into anything."""


def is_numbered(column: Column) -> bool:
    """Whether a column takes codes and numbers, so that a date in it, or a number with decimals, is no value of its
    own."""
    return column.type in _NUMBERED_TYPES or column.field.rpartition(".")[2] in _NUMBERED_FIELDS


def converted(column: Column, values: set[str], joined: str) -> dict[str, Fault]:
    """The values whose text shows what they were turned into; `joined` is all of them with | between."""
    faults = {}
    free = column.field.startswith("free_fields.")
    if "." in joined and ".0" in joined:
        matches = ((value, re.fullmatch(_FLOAT, value)) for value in values if value.endswith(".0"))
        faults.update({value: _fault("number", match[1]) for value, match in matches if match})
    if not free:
        faults.update({value: _fault("boolean", "") for value in _BOOLEANS & values})
    if not is_numbered(column):
        return faults
    faults.update({value: _fault("boolean", "") for value in _BOOLEAN_CODES & values})
    if max(map(len, values), default=0) > _KEPT_DIGITS:
        long = [value for value in values if len(value) > _KEPT_DIGITS and value.isdecimal()]
        # One number in ten ends with a zero by chance.
        zeros = sum(map(len, long)) - _KEPT_DIGITS * len(long)
        if zeros > 1 and not any(value[0] == "0" or value[_KEPT_DIGITS:].strip("0") for value in long):
            faults.update({value: _fault("rounded", "") for value in long})
    if _may_be_converted(column, joined):
        found = ((value, _fault_in_number(column, value)) for value in filterfalse(_PLAIN.fullmatch, values))
        faults.update({value: fault for value, fault in found if fault})
    return faults


def converted_before_cleaning(column: Column, values: Collection[str]) -> dict[str, Fault]:
    """By their clean text, numbers with their thousands set apart by a space that nobody types: cleaning makes it a
    common one."""
    if not is_numbered(column) or column.type in ("phone", "postal_code"):
        return {}
    found = (value for value in values if re.fullmatch(_SPACED_THOUSANDS, value))
    return {clean(value): _fault("number", likely_number(re.sub(_NO_BREAK, "", value))) for value in found}


def _may_be_converted(column: Column, joined: str) -> bool:
    """Whether the texts that are joined have a sign that numbers, dates, times and amounts are written with; quick, and
    sure when false."""
    if column.type == "phone":
        return ".0" in joined or ",0" in joined
    return any(map(joined.__contains__, "-/. ,:'’(€$£%")) or "EUR" in joined.upper()


def _fault_in_number(column: Column, value: str) -> Fault | None:
    if column.type != "phone" and (likely := likely_date(column, value)):
        return _fault("date", likely)
    if column.type in ("phone", "registration_number"):
        return _fault("number", _restored(column, match[1])) if (match := re.fullmatch(_WHOLE, value)) else None
    if re.fullmatch(_TIME, value, re.I):
        return _fault("time", "")
    number = re.fullmatch(_WHOLE, value) or re.fullmatch(_THOUSANDS, value)
    if not number and column.field in _COUNTED_FIELDS:
        number = re.fullmatch(_DECIMALS, value) or re.fullmatch(_MONEY, value, re.I)
    return _fault("number", likely_number(value)) if number else None


def _restored(column: Column, number: str) -> str:
    """The number with the zeros or the plus sign that it also lost."""
    if column.type == "registration_number":
        return number.zfill(8)
    judgement = judge_phone(number, "")
    return judgement.facts.get("likely", number) if isinstance(judgement, Fault) else number


def converted_key(key: str, column: Column) -> str:
    """The key that this one was, where a program has made a date of it, or a number with decimals or dots; "" for
    others."""
    if not _converted_begins()(key):
        return ""
    if re.fullmatch(_WHOLE, key) or re.fullmatch(_THOUSANDS, key) or re.fullmatch(_MONEY, key, re.I):
        return likely_number(key)
    return likely_date(column, key)


@cache
def _converted_begins() -> Callable[[str], re.Match[str] | None]:
    """Matches what dates and amounts begin with: a quick look, before all of their patterns are tried on each key."""
    beginnings = rf"[+-]?[0-9]+(?:[-/.,'’]| ?[€$£%]| ?EUR)|[0-9]{{1,2}} (?:{_MONTH})|(?:{_MONTH})|[€$£]|EUR"
    return re.compile(beginnings, re.I).match


@cache
def _dates() -> tuple[re.Pattern[str], ...]:
    month = "|".join(sorted(_MONTHS, key=len, reverse=True))
    any_month = "|".join(sorted((*_MONTHS, *_ELSEWHERE), key=len, reverse=True))
    return (
        re.compile(
            rf"(?P<one>[0-9]{{1,2}})(?:[-/ ]|\. ?)(?P<other>{any_month})\.?(?:[-/ ](?:[0-9]{{2}}){{1,2}})?", re.I
        ),  # 3-mei
        re.compile(rf"(?P<one>{month})\.?[-/ '](?P<other>[0-9]{{2}})", re.I),  # mei-26
        re.compile(rf"(?P<one>{month})\.?[-/ ](?:19|20)(?P<other>[0-9]{{2}})", re.I),
        re.compile(
            r"(?P<one>[0-9]{1,2})([-/.])(?P<other>[0-9]{1,2})\2(?P<year>(?:19|20)[0-9]{2})(?: [0-9:.]+)?"
        ),  # 03-05-2026
        re.compile(
            r"(?P<year>(?:19|20)[0-9]{2})([-/])(?P<other>[0-9]{2})\2(?P<one>[0-9]{2})"
            r"(?:[T ][0-9:.]+(?:Z|[+-][0-9:]+)?)?"
        ),
    )


def likely_date(column: Column, text: str) -> str:
    """What was typed where a spreadsheet made this date of it: 3-5 for 03-05-2026; "" where it is no date.

    Outside addresses the first of a month is more likely a month with a year: jan-26. A date before 1930 is a number in
    a cell with the format of dates: 12 for 12-01-1900.
    """
    for pattern in _dates():
        if match := pattern.fullmatch(text):
            one, other = _number(match["one"]), _number(match["other"])
            years = match.groupdict().get("year")
            if years and int(years) < _FIRST_TYPED_YEAR and in_calendar(int(years), other, one):
                return str(_serial(date(int(years), other, one)))
            first_of_month = one == 1 and 1 <= other <= 12 and "house_number" not in column.field
            year = re.search(_YEAR, text) if first_of_month else None
            return f"{_SHORT[other - 1]}-{year[1]}" if year else f"{one}-{other}"
    return ""


def _serial(day: date) -> int:
    """The number of a day in a spreadsheet, which has a 29 February 1900."""
    days = (day - date(1899, 12, 31)).days
    return days + (days > _LAST_BEFORE_LEAP_DAY)


def _number(text: str) -> int:
    return _MONTHS.get(text.lower()) or _ELSEWHERE.get(text.lower()) or int(text)


def likely_number(text: str) -> str:
    """The whole number that is shown with dots, decimals of zeros, a currency or as a percentage; "" for others."""
    digits = re.sub(r"[€$£ ]|EUR", "", text, flags=re.I)
    percentage = digits.endswith("%")
    digits = re.sub(rf"(?:{_NO_DECIMALS}|[.,]--?)$", "", digits.rstrip("%"))
    if re.fullmatch(r"[1-9][0-9]{0,2}(?:([.,'’])[0-9]{3})(?:\1[0-9]{3})*", digits):
        digits = re.sub("[.,'’]", "", digits)
    if not digits.isdecimal():
        return ""
    if percentage:  # 10 in a cell with the format of percentages is shown as 1000%
        return digits[:-2] if digits.endswith("00") and len(digits) > 2 else ""
    return digits


@lru_cache(maxsize=4096)  # a column full of them shares the facts
def _fault(problem: str, likely: str) -> Fault:
    return Fault("value-converted", {"problem": problem, **({"likely": likely} if likely else {})})


def converted_cell(problem: str, likely: str, *, noticed: bool) -> Fault:
    """The fault of a cell of a workbook that holds a date, a time, a boolean or a formatted number where text belongs.

    `noticed`: a free field may hold one, so there it is but worth knowing.
    """
    fault = _fault(problem, likely)
    return fault._replace(graver="notice") if noticed else fault
