"""Numbers that may not be here: a citizen service number (BSN) as another number, an account number (IBAN) in a text.

The finding never repeats the value, as it is kept and sent on (value-private-number).
"""

import re
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from typing import Final, Literal

from instroom.core.check.judges.vat import passes_eleven
from instroom.core.check.sheet import Sheet
from instroom.core.check.whole_column import column_facts
from instroom.core.layout.loader import Column

_NINE = re.compile(r"[0-9]{9}")
_NAMES: Final = ("bsn", "sofi", "burgerservice")
_NAMED: Final = r"(?i)\b(?:BSN|sofi|burgerservice)\w*[^0-9]{0,12}[0-9]{8,9}\b"
_IBAN: Final = r"\b[A-Z]{2}[0-9]{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?\b"
_PERHAPS_IBAN = re.compile("[0-9]{2}(?<=[A-Z]{2}..)")  # quick: looked for by its digits, of which texts have few
_NUMBERS: Final = frozenset(("extern_id", "employee_number", "debtor_number"))
_MOSTLY: Final = 0.9
"""One in eleven numbers passes by chance: a column of other numbers does not."""
_SHORTEST: Final = 9  # characters
_SHORTEST_IBAN: Final = 15


def check_private_numbers(
    sheet: Sheet, column: Column, texts: Sequence[str], values: AbstractSet[str], joined: str
) -> None:
    """Note, once for a column, that it seems to hold such numbers. `joined` is all of its values in one text."""
    if column.type not in ("text", "multiline", "extern_id"):
        return
    if (longest := max(map(len, values), default=0)) < _SHORTEST:
        return
    if column.block == "person":
        _report(sheet, column, texts, "bsn", _service_numbers(column, values, joined))
    if longest >= _SHORTEST_IBAN and _PERHAPS_IBAN.search(joined):
        ibans = {text for text in values if any(map(_passes_97, re.findall(_IBAN, text)))}
        _report(sheet, column, texts, "iban", ibans)


def _service_numbers(column: Column, values: AbstractSet[str], joined: str) -> set[str]:
    found: set[str] = set()
    if any(map(joined.casefold().__contains__, _NAMES)):
        found.update(value for value in values if re.search(_NAMED, value))
    if (column.field in _NUMBERS or column.field.startswith("free_fields.")) and _NINE.search(joined):
        nine = list(filter(_NINE.fullmatch, values))
        passing = list(filter(passes_eleven, nine))
        if nine and len(passing) >= _MOSTLY * len(nine):
            found.update(passing)
    return found


def _passes_97(number: str) -> bool:
    """ISO 13616: the country and the check digits last, letters as 10 to 35."""
    number = number.replace(" ", "")
    digits = "".join(str(int(character, 36)) for character in number[4:] + number[:4])
    return 15 <= len(number) <= 34 and int(digits) % 97 == 1


def _report(
    sheet: Sheet, column: Column, texts: Sequence[str], problem: Literal["bsn", "iban"], values: set[str]
) -> None:
    records = [record for record, text in enumerate(texts) if text in values] if values else []
    if records:
        facts: dict[str, object] = {"problem": problem}
        if len(records) > 1:
            facts |= column_facts(records, sheet.places)
        sheet.report("value-private-number", records[0], column.label, None, (), facts)
