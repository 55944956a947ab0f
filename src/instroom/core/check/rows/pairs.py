"""Categories and free fields (product.md B8): pairs of columns, of which both halves or neither are filled in."""

from collections.abc import Sequence
from itertools import compress
from typing import Literal, NamedTuple

from instroom.core.check.rows.category_case import check_category_case
from instroom.core.check.sheet import Sheet
from instroom.core.check.whole_column import column_facts
from instroom.core.clean_text import clean
from instroom.core.layout.loader import Block, Column
from instroom.core.model import Pair

PairKind = Literal["category", "free_field"]


class Pairs(NamedTuple):
    """For each record its whole pairs, sorted, each once."""

    categories: list[tuple[Pair, ...]]
    free_fields: list[tuple[Pair, ...]]


def pairs_of(sheet: Sheet, block: Block) -> Pairs:
    """The categories and free fields of the companies or of the persons."""
    return Pairs(_whole_pairs(sheet, block.categories), _whole_pairs(sheet, block.free_fields))


def check_pairs(sheet: Sheet, block: Block, pairs: Pairs) -> None:
    """Report halves without the other half, and free fields that stand twice on a record with different values."""
    for first, second in block.categories:
        _check_pair_halves(sheet, first, second, "category")
    for first, second in block.free_fields:
        _check_pair_halves(sheet, first, second, "free_field")
    check_category_case(sheet, _present(sheet, block.categories))
    _check_repeated(sheet, _present(sheet, block.free_fields), pairs.free_fields)


def _whole_pairs(sheet: Sheet, pairs: Sequence[tuple[Column, Column]]) -> list[tuple[Pair, ...]]:
    present = _present(sheet, pairs)
    if not present:
        return [()] * len(sheet)
    halves = [sheet.texts[column.index] for pair in present for column in pair]
    known: dict[tuple[str, ...], tuple[Pair, ...]] = {}
    result = []
    for texts in zip(*halves, strict=True):
        whole = known.get(texts)
        if whole is None:
            both = {pair for pair in zip(texts[::2], texts[1::2], strict=True) if all(pair)}
            whole = known[texts] = tuple(sorted(both))
        result.append(whole)
    return result


def _present(sheet: Sheet, pairs: Sequence[tuple[Column, Column]]) -> list[tuple[Column, Column]]:
    return [pair for pair in pairs if sheet.has(*pair) and any(sheet.filled(column) for column in pair)]


def _check_pair_halves(sheet: Sheet, first: Column, second: Column, kind: PairKind) -> None:
    if not _present(sheet, ((first, second),)):
        return
    ones, others = sheet.texts[first.index], sheet.texts[second.index]
    if list(compress(sheet.places, ones)) == list(compress(sheet.places, others)):
        return  # filled in on the same rows
    labels = {"first": first.label, "second": second.label}
    facts = {half: {**labels, "missing": half.label, "kind": kind} for half in (first, second)}
    valueless: list[int] = []
    for record, (left, right) in enumerate(zip(ones, others, strict=True)):
        if bool(left) == bool(right):
            continue
        missing = second if left else first
        if not sheet.usable(missing, record) or clean(sheet.raw[missing.index][record]):
            continue  # a word for nothing was read as blank, or the other half is faulty: that has been said
        if kind == "free_field" and missing is second:
            valueless.append(record)
        else:
            sheet.report("pair-incomplete", record, missing.label, facts=facts[missing])
    if valueless:  # once for the column: an export writes the code of a free field on every record
        counted = column_facts(valueless, sheet.places) if len(valueless) > 1 else {}
        sheet.report("free-field-blank", valueless[0], second.label, facts=counted)


def _check_repeated(
    sheet: Sheet, pairs: Sequence[tuple[Column, Column]], free_fields: Sequence[tuple[Pair, ...]]
) -> None:
    for record, whole in enumerate(free_fields):
        if len(whole) < 2 or len(dict(whole)) == len(whole):
            continue
        seen: dict[str, str] = {}
        for definition, value in pairs:
            name, text = sheet.texts[definition.index][record], sheet.texts[value.index][record]
            if name and text and seen.setdefault(name, text) != text and sheet.usable(definition, record):
                sheet.report("pair-repeated", record, definition.label, name, facts={"definition": name})
