"""Categories and free fields (product.md B8): pairs of columns, of which both halves or neither are filled in."""

from collections.abc import Sequence
from typing import Literal

from instroom.core.check.sheet import Sheet
from instroom.core.layout.loader import Block, Column
from instroom.core.model import Pair

PairKind = Literal["category", "free_field"]


def check_pairs(sheet: Sheet, block: Block) -> None:
    """Report halves without the other half, and free fields that stand twice on a record with different values."""
    for first, second in block.categories:
        _check_halves(sheet, first, second, "category")
    for first, second in block.free_fields:
        _check_halves(sheet, first, second, "free_field")
    _check_repeated(sheet, _present(sheet, block.free_fields))


def pairs_of(sheet: Sheet, pairs: Sequence[tuple[Column, Column]]) -> list[tuple[Pair, ...]]:
    """For each record its whole pairs, sorted, each once."""
    present = _present(sheet, pairs)
    if not present:
        return [()] * len(sheet)
    halves = [sheet.texts[column.index] for pair in present for column in pair]
    known: dict[tuple[str, ...], tuple[Pair, ...]] = {}
    result = []
    for texts in zip(*halves, strict=True):
        whole = known.get(texts)
        if whole is None:
            whole = known[texts] = _whole(texts)
        result.append(whole)
    return result


def _whole(texts: tuple[str, ...]) -> tuple[Pair, ...]:
    halves = iter(texts)
    return tuple(sorted({(first, second) for first, second in zip(halves, halves, strict=True) if first and second}))


def _present(sheet: Sheet, pairs: Sequence[tuple[Column, Column]]) -> list[tuple[Column, Column]]:
    return [pair for pair in pairs if sheet.has(*pair) and any(sheet.filled(column) for column in pair)]


def _check_halves(sheet: Sheet, first: Column, second: Column, kind: PairKind) -> None:
    if not _present(sheet, ((first, second),)):
        return
    texts = zip(sheet.texts[first.index], sheet.texts[second.index], strict=True)
    for record, (left, right) in enumerate(texts):
        if bool(left) == bool(right):
            continue
        missing = second if left else first
        if sheet.usable(missing, record):
            facts = {"first": first.label, "second": second.label, "missing": missing.label, "kind": kind}
            sheet.report("pair-incomplete", record, missing.label, facts=facts)


def _check_repeated(sheet: Sheet, pairs: Sequence[tuple[Column, Column]]) -> None:
    if len(pairs) < 2:
        return
    seen: dict[tuple[int, str], str] = {}
    for definition, value in pairs:
        texts = zip(sheet.texts[definition.index], sheet.texts[value.index], strict=True)
        for record, (name, text) in enumerate(texts):
            if name and text and seen.setdefault((record, name), text) != text and sheet.usable(definition, record):
                sheet.report("pair-repeated", record, definition.label, name, facts={"definition": name})
