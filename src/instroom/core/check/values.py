"""Step 3c: every value on its own. Values repeat, so each column's distinct values are judged once."""

from collections.abc import Collection, Iterable, Sequence
from collections.abc import Set as AbstractSet

from instroom.core.check.faults import Fault, Judge
from instroom.core.check.judges.by_type import has_own_length, judge_of, too_long, worth_judging
from instroom.core.check.judges.context import context_of, independent_first
from instroom.core.check.private_numbers.suspect_numbers import check_private_numbers
from instroom.core.check.sheet import Sheet
from instroom.core.check.spoilt.conversions import converted, converted_before_cleaning
from instroom.core.check.spoilt.garbling import garbled, garbled_before_cleaning
from instroom.core.check.spoilt.nothing import blanked, nothing_faults
from instroom.core.check.spoilt.spreadsheet import TEXT_TYPES, numbers, settle_notes, spoilt
from instroom.core.check.spoilt.text_marks import formulas, without_marks
from instroom.core.check.spoilt.tidying import cleaned, control_characters
from instroom.core.clean_text import all_clean
from instroom.core.layout.loader import Column

_Key = str | tuple[str, str]
_NUMBER_CELL = Fault("value-leading-zero", {"problem": "number-cell", "likely": None})
_Keys = Sequence[_Key]
"""For each record what its judgement depends on: the text, or the text and its context."""


def check_values(sheet: Sheet) -> None:
    """Judge every cell on its own and fill `sheet.texts` with canonical text."""
    for column in sorted(sheet.layout.columns, key=independent_first):
        if sheet.has(column):
            sheet.keep(column, _check_column(sheet, column))


def _check_column(sheet: Sheet, column: Column) -> Sequence[str]:
    texts, notes = sheet.raw[column.index], sheet.notes[column.index]
    if not notes and not any(texts):
        return texts
    values, joined = _distinct(texts)
    hidden: dict[str, Fault] = {}  # faults that cleaning hides
    tidy = all_clean(joined)
    if not tidy:
        hidden = garbled_before_cleaning(column, values, joined) | converted_before_cleaning(column, values)
        texts = cleaned(sheet, column, texts, values)
        values, joined = _distinct(texts)
    bare = without_marks(sheet, column, texts, values, joined)
    if sheet.policies.nothing_words == "blank":
        bare = blanked(sheet, column, bare)
    if bare is not texts:
        texts = bare
        values, joined = _distinct(texts)
    faults = _faults(column, values, joined)
    if not tidy and not joined.isprintable():
        for value, control in control_characters(column, values).items():
            garbled_letter = value in faults and faults[value].facts.get("problem") == "encoding"  # half of one
            faults[value] = faults[value]._replace(graver="error") if garbled_letter else control
    check_private_numbers(sheet, column, texts, values, joined)
    faults |= {value: fault for value, fault in hidden.items() if value in values}
    settled: set[int] = set()
    doubtful: list[int] = []
    if notes:
        texts = list(texts)
        unusable = {value for value, fault in faults.items() if fault.severity == "error"}
        settled = settle_notes(sheet, column, texts, notes, unusable)
        doubtful = [
            record for record in numbers(column, texts, notes) if record not in settled and texts[record] not in faults
        ]
    if faults:
        sheet.report_faults(column, faults, texts, texts, settled)
    settled = settled.union(doubtful)
    return _judge_texts(sheet, column, texts, values - faults.keys() if faults else values, settled, doubtful)


def _distinct(texts: Sequence[str]) -> tuple[set[str], str]:
    values = set(texts)
    values.discard("")
    return values, "|".join(values)


def _faults(column: Column, values: set[str], joined: str) -> dict[str, Fault]:
    """The faults that any column can have: an error goes before a warning."""
    faults = garbled(column, values, joined)
    if column.type in TEXT_TYPES and column.type != "multiline":
        faults |= converted(column, values, joined)
    faults |= formulas(column, values, joined)
    faults |= nothing_faults(column, values, joined)
    if not has_own_length(column) and max(map(len, values), default=0) > column.max_length:
        for value in values:
            if len(value) > column.max_length:
                fault = faults.get(value)
                caused = fault and 0 < len(fault.facts.get("likely", "")) <= column.max_length
                faults[value] = fault._replace(graver="error") if fault and caused else too_long(column, value)
    return faults | spoilt(column, values, joined)


def _judge_texts(
    sheet: Sheet,
    column: Column,
    texts: Sequence[str],
    values: AbstractSet[str],
    settled: set[int],
    doubtful: Collection[int],
) -> Sequence[str]:
    """The texts in canonical form, after the judgement of these values by the column's type."""
    judge = judge_of(column, sheet.today)
    if judge is None or not (odd := worth_judging(column, values)):
        _report_numbers(sheet, column, texts, texts, {}, doubtful)
        return texts
    context = context_of(sheet, column)
    keys: _Keys = texts if context is None else list(zip(texts, context, strict=True))
    changed, found = _judge_keys(judge, odd if context is None else [key for key in set(keys) if key[0] in odd])
    if found:
        sheet.report_faults(column, found, keys, texts, settled)
    _report_numbers(sheet, column, keys, texts, found, doubtful)
    return [changed.get(key, text) for key, text in zip(keys, texts, strict=True)] if changed else texts


def _judge_keys(judge: Judge, keys: Iterable[_Key]) -> tuple[dict[_Key, str], dict[_Key, Fault]]:
    """What becomes of these distinct keys: those with another canonical text, and those with a fault."""
    changed: dict[_Key, str] = {}
    found: dict[_Key, Fault] = {}
    for key in keys:
        text, context = (key, "") if isinstance(key, str) else key
        judgement = judge(text, context)
        if judgement is text:
            continue
        if isinstance(judgement, Fault):
            found[key] = judgement
            judgement = judgement.canonical or text
        if judgement != text:
            changed[key] = judgement
    return changed, found


def _report_numbers(
    sheet: Sheet,
    column: Column,
    keys: _Keys,
    texts: Sequence[str],
    found: dict[_Key, Fault],
    doubtful: Collection[int],
) -> None:
    """A number cell in a text column: one finding, with what the number was likely to be where its kind tells."""
    if doubtful:
        faults = {record: _number_cell(found.get(keys[record])) for record in doubtful}
        sheet.report_faults(column, faults, range(len(texts)), texts, set())


def _number_cell(fault: Fault | None) -> Fault:
    if fault and fault.facts.get("problem") == "plus":
        return fault  # no zeros, but the sign before the country code
    likely = fault.facts.get("likely") if fault else None
    return Fault("value-leading-zero", {"problem": "number-cell", "likely": likely}) if likely else _NUMBER_CELL
