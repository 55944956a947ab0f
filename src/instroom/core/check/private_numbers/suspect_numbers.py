"""Numbers that may not be here: too few to be sure that they are citizen service numbers, and account numbers (IBAN).

The finding is kept and sent on, so it holds at most the end of the number (value-private-number).
"""

import re
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from typing import Any, Final

from instroom.core.check.judges.vat import passes_eleven
from instroom.core.check.private_numbers.eleven_proof import NUMBER, named_in
from instroom.core.check.sheet import Sheet
from instroom.core.check.whole_column import column_facts
from instroom.core.layout.loader import Column
from instroom.core.model import Severity

_NINE = re.compile(r"[0-9]{9}")
_PERHAPS_NUMBER = re.compile("[0-9][0-9 .-]{7}")  # quicker than what is looked for then
_IBAN: Final = r"(?i)\b[A-Z]{2}[0-9]{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?\b"
_PERHAPS_IBAN = re.compile("[0-9]{2}(?<=[A-Za-z]{2}..)")  # quick: looked for by its digits, of which texts have few
_LONG: Final = frozenset(("date", "email", "phone"))
"""Types with long values, which seldom are such a number: a quick look spares the others."""
_TYPES: Final = frozenset(("text", "multiline", "extern_id", "category"))
_NUMBERS: Final = frozenset(("extern_id", "employee_number", "debtor_number"))
_MOSTLY: Final = 0.9
"""One in eleven numbers passes by chance: a column of other numbers does not."""
_FEW: Final = 20  # of more numbers `find_bsn_columns` is sure
_SHORTEST: Final = 8  # characters
_SHORTEST_IBAN: Final = 15
_SHOWN: Final = 4  # characters of the end


def check_private_numbers(
    sheet: Sheet, column: Column, texts: Sequence[str], values: AbstractSet[str], joined: str
) -> None:
    """Note, once for a column, that it seems to hold such numbers. `joined` is all of its values in one text.

    A column that holds a number as long as a citizen service number is looked at again: see `find_bsn_columns`.
    """
    if (longest := max(map(len, values), default=0)) < _SHORTEST:
        return
    if column.type in _LONG and not any(value.isdecimal() for value in values if _SHORTEST <= len(value) <= 9):
        return
    if _PERHAPS_NUMBER.search(joined) and NUMBER.search(joined):
        sheet.with_numbers.add(column.index)
    if column.type not in _TYPES:
        return
    is_suspect = column.block == "person" and column.index in sheet.with_numbers
    if is_suspect and (found := _service_numbers(column, values, joined)):
        _report(sheet, column, texts, "bsn", found, "notice")
    if longest >= _SHORTEST_IBAN and _PERHAPS_IBAN.search(joined):
        ends = {
            text: number.replace(" ", "")[-_SHOWN:]
            for text in values
            for number in reversed(re.findall(_IBAN, text))
            if _passes_97(number)
        }
        if ends:
            _report(sheet, column, texts, "iban", ends, "warning")


def _service_numbers(column: Column, values: AbstractSet[str], joined: str) -> dict[str, str]:
    found = {value: "" for value in values if named_in(value).all} if named_in(joined).all else {}
    if column.field in _NUMBERS or column.field.startswith("free_fields."):
        nine = list(filter(_NINE.fullmatch, values))
        passing = list(filter(passes_eleven, nine)) if len(nine) <= _FEW else []
        if len(passing) >= _MOSTLY * len(nine):
            found.update(dict.fromkeys(passing, ""))
    return found


def _passes_97(number: str) -> bool:
    """ISO 13616: the country and the check digits last, letters as 10 to 35."""
    number = number.replace(" ", "")
    digits = "".join(str(int(character, 36)) for character in number[4:] + number[:4])
    return 15 <= len(number) <= 34 and int(digits) % 97 == 1


def _report(
    sheet: Sheet, column: Column, texts: Sequence[str], problem: str, ends: dict[str, str], severity: Severity
) -> None:
    """Report the column at the first of the values in `ends`, with its end."""
    records = [record for record, text in enumerate(texts) if text in ends]
    facts: dict[str, Any] = {"problem": problem}
    if len(records) > 1:
        facts |= column_facts(records, sheet.places)
    end = ends[texts[records[0]]]
    sheet.report("value-private-number", records[0], column.label, f"…{end}" if end else None, (), facts, severity)
