"""What else on a record matters for a value: a postal code's country, where somebody with a phone number lives."""

from collections.abc import Sequence

from instroom.core.check.judges.registration import kind_of
from instroom.core.check.sheet import Sheet
from instroom.core.layout.loader import Column

_UNKNOWN = "?"  # a country or kind that is faulty itself: nothing is expected of what depends on it
_DEPENDENT = frozenset(("postal_code", "phone", "registration_number", "vat_number"))
_LIVING = ("postal_address.country", "visiting_address.country", "home_address.country")
_SEAT = ("postal_address.country", "visiting_address.country")


def independent_first(column: Column) -> bool:
    """Sorts the columns so that what a value depends on is judged before it."""
    return column.type in _DEPENDENT


def context_of(sheet: Sheet, column: Column) -> Sequence[str] | None:
    """For each record what the column's judge must know; None: nothing, or the same blank for all."""
    if column.type == "postal_code":
        return _field_texts(sheet, column.block, column.field.rpartition(".")[0] + ".country")
    if column.type == "phone":
        if not sheet.abroad_known:  # once for all phone numbers
            sheet.abroad, sheet.abroad_known = _abroad(sheet), True
        return sheet.abroad
    if column.type == "vat_number":
        return _seat_countries(sheet, column.block)
    if column.type == "registration_number":
        blank = [""] * len(sheet)
        types = _field_texts(sheet, column.block, "registration_type") or blank
        countries = _seat_countries(sheet, column.block) or blank
        return [kind_of(kind, country) for kind, country in zip(types, countries, strict=True)]
    return None


def _field_texts(sheet: Sheet, block: str, field: str) -> Sequence[str] | None:
    for column in sheet.layout.columns:
        if column.block == block and column.field == field and sheet.filled(column):
            faulty = sheet.faulty.get(column.index)
            texts = sheet.texts[column.index]
            return texts if not faulty else [_UNKNOWN if i in faulty else text for i, text in enumerate(texts)]
    return None


def _first_filled(sequences: list[Sequence[str]]) -> Sequence[str] | None:
    """For each record the first text that is not blank."""
    first: Sequence[str] | None = None
    for texts in sequences:
        first = texts if first is None else [one or other for one, other in zip(first, texts, strict=True)]
    return first


def _seat_countries(sheet: Sheet, block: str) -> Sequence[str] | None:
    return _first_filled([texts for field in _SEAT if (texts := _field_texts(sheet, block, field))])


def _abroad(sheet: Sheet) -> Sequence[str] | None:
    """Not blank where the record has an address outside the Netherlands."""
    columns = [_field_texts(sheet, block, field) for block in ("company", "person") for field in _LIVING]
    countries = [[text if text != "NL" else "" for text in texts] for texts in columns if texts]
    abroad = _first_filled([texts for texts in countries if any(texts)])
    return None if abroad is None else ["abroad" if country else "" for country in abroad]
