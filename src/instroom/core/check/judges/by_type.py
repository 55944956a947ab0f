"""Which judge a column's values meet, by the column's type."""

from collections.abc import Set as AbstractSet
from functools import lru_cache
from itertools import filterfalse
from re import Pattern
from typing import Final

from instroom.core.check.faults import Fault, Judge
from instroom.core.check.judges.addresses import judge_postal_code
from instroom.core.check.judges.choices import one_of
from instroom.core.check.judges.contact import USUAL_EMAIL, USUAL_PHONE, judge_email, judge_phone, judge_url
from instroom.core.check.judges.dates import birth_judge, judge_date
from instroom.core.check.judges.names import judge_category, judge_definition
from instroom.core.check.judges.registration import judge_registration_number
from instroom.core.check.judges.vat import judge_vat_number, too_long_vat_number
from instroom.core.layout.loader import Column

_JUDGES: Final[dict[str, Judge]] = {
    "date": judge_date,
    "email": judge_email,
    "phone": judge_phone,
    "url": judge_url,
    "postal_code": judge_postal_code,
    "registration_number": judge_registration_number,
    "vat_number": judge_vat_number,
    "category_group": judge_category,
    "category": judge_category,
    "free_field_definition": judge_definition,
}
_USUAL: Final[dict[str, Pattern[str]]] = {"email": USUAL_EMAIL, "phone": USUAL_PHONE}
_LISTS = frozenset(("choice", "yes_no", "country", "language", "marker"))
_TOO_LONG: Final[dict[str, str]] = {
    "category_group": "category-name",
    "category": "category-name",
    "free_field_definition": "free-field-definition",
}


def judge_of(column: Column, today: str) -> Judge | None:
    """The judge of a column, None where any text will do. `today` (yyyy-mm-dd) is for dates of birth."""
    if column.type in _LISTS:
        return one_of(column)
    if column.field == "date_of_birth" and column.type == "date":
        return birth_judge(today)
    return _JUDGES.get(column.type)


def worth_judging(column: Column, values: AbstractSet[str]) -> AbstractSet[str]:
    """The values that are not right at first sight, whatever stands beside them: that spares their judge the rest."""
    usual = _USUAL.get(column.type)
    return values if usual is None else set(filterfalse(usual.fullmatch, values))


def too_long(column: Column, text: str) -> Fault:
    """The fault of a value with more characters than its column takes."""
    if column.type == "vat_number" and (fault := too_long_vat_number(text)):
        return fault
    return _too_long(_TOO_LONG.get(column.type), len(text), column.max_length)


@lru_cache(maxsize=1024)  # a file full of them shares the facts
def _too_long(code: str | None, length: int, max_length: int) -> Fault:
    facts = {"length": length, "max_length": max_length}
    return Fault(code, {"problem": "too-long", **facts}) if code else Fault("value-too-long", facts)


def has_own_length(column: Column) -> bool:
    """Whether the judge says all there is to say about a long value: dates and lists."""
    return column.type in _LISTS or column.type == "date" or not column.max_length
