"""The keys of companies and persons (product.md B4): there, whole, and written the same way everywhere."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import NamedTuple
from unicodedata import normalize

from instroom.core.check.sheet import Sheet
from instroom.core.keys import Key, id_key, source_key
from instroom.core.layout.loader import Block, Column
from instroom.core.model import Pair


class Identities(NamedTuple):
    """Who the records are about, for one of the two blocks."""

    block: Block
    filled: list[bool]
    """For each record whether anything is filled in."""
    named: list[bool]
    """Filled in, and at least one half of the key with it."""
    keys: list[Key | None]
    """None: not filled in, or without a key that can be used."""


def identify(sheet: Sheet, block: Block, filled: list[bool]) -> Identities:
    """The keys of one block; what is wrong with them is reported."""
    if not sheet.has(block.extern_id, block.extern_source):
        return Identities(block, filled, filled, [None] * len(sheet))
    ids, sources = sheet.texts[block.extern_id.index], sheet.texts[block.extern_source.index]
    pairs = list(zip(sources, ids, strict=True))
    source_of = {source: source_key(source) for source in set(sources)}  # as in `key`, once for each of the few
    _check_allowed(sheet, block, sources, source_of)
    by_pair: dict[tuple[str, str], Key | None] = {
        pair: (source_of[pair[0]], id_key(pair[1])) if all(pair) else None for pair in set(pairs)
    }
    keys = [by_pair[pair] for pair in pairs]
    named = filled
    if None in by_pair.values():
        named = list(filled)
        for record, identity in enumerate(keys):
            if identity is None:
                named[record] = _check_key_halves(sheet, block, record, filled[record])
    for column in (block.extern_id, block.extern_source):
        for record in sheet.faulty.get(column.index, ()):
            keys[record] = None
    if len(set(by_pair.values())) < len(by_pair):
        _check_id_case(sheet, block, keys, ids)
    _check_source_case(sheet, block.extern_source, sources, block.kind)
    return Identities(block, filled, named, keys)


def sources_named(sheet: Sheet, identities: Identities) -> frozenset[str]:
    """As `Checked.sources` has them, of one block."""
    column = identities.block.extern_source
    named = {
        text if text and sheet.usable(column, record) else ""
        for record, (text, filled) in enumerate(zip(sheet.column(column), identities.filled, strict=True))
        if filled
    }
    return frozenset(map(source_key, named))


def _check_allowed(sheet: Sheet, block: Block, sources: Sequence[str], source_of: Mapping[str, str]) -> None:
    """source-not-allowed, at each record with a source from which this delivery may bring nothing."""
    if sheet.sources is None:
        return
    barred = {source for source, known_as in source_of.items() if source and known_as not in sheet.sources}
    for record, source in enumerate(sources if barred else ()):
        if source in barred and sheet.usable(block.extern_source, record):
            facts = {"block": block.kind, "problem": "source"}
            sheet.report_cell("source-not-allowed", record, block.extern_source, source, facts)


def unusable_keys(sheet: Sheet, block: Block) -> dict[int, Pair]:
    """Row → (ExternSource, ExternId) where an error keeps the ExternId from being used, and the source is sound."""
    if not sheet.has(block.extern_id, block.extern_source):
        return {}
    ids, sources = sheet.texts[block.extern_id.index], sheet.texts[block.extern_source.index]
    return {
        sheet.places[record]: (sources[record], ids[record])
        for record in sheet.faulty.get(block.extern_id.index, ())
        if sources[record] and sheet.usable(block.extern_source, record)
    }


def _check_key_halves(sheet: Sheet, block: Block, record: int, filled: bool) -> bool:
    """Whether at least one half of the key is there; a missing half is reported, if anything else is filled in."""
    halves = (block.extern_id, block.extern_source)
    missing = [column for column in halves if filled and sheet.blank(column, record)]
    if len(missing) == 2:
        sheet.report("key-missing", record, block.extern_id.label, facts={"block": block.kind})
    elif missing:
        present = halves[0] if missing[0] is halves[1] else halves[1]
        [empty] = missing
        facts = {"block": block.kind, "missing": empty.label, "present": present.label, "half": empty.field}
        sheet.report("key-incomplete", record, empty.label, facts=facts)
    return filled and len(missing) < 2


def _check_id_case(sheet: Sheet, block: Block, keys: Sequence[Key | None], ids: Sequence[str]) -> None:
    """key-case, at each record that writes an ExternId in another letter case than the first record with it."""
    first: dict[Key, int] = {}
    column = block.extern_id
    for record, identity in enumerate(keys):
        if identity is None:
            continue
        earlier = first.setdefault(identity, record)
        if ids[earlier] != ids[record] and normalize("NFC", ids[earlier]) != normalize("NFC", ids[record]):
            facts = {"block": block.kind, "other": ids[earlier]}
            sheet.report("key-case", record, column.label, ids[record], (earlier,), facts)


def _check_source_case(sheet: Sheet, column: Column, sources: Sequence[str], kind: str) -> None:
    """source-case, at each record with a rarer spelling; where that one came first, at the first of the others."""
    counts = Counter(sources)  # in the order in which they first occur
    del counts[""]
    spellings: defaultdict[str, list[str]] = defaultdict(list)
    for source in counts:
        spellings[id_key(source)].append(source)
    odd = [alike for alike in spellings.values() if len({normalize("NFC", source) for source in alike}) > 1]
    where: defaultdict[str, list[int]] = defaultdict(list)
    for record, source in enumerate(sources if odd else ()):
        where[source].append(record)
    for alike in odd:
        main = max(alike, key=lambda source: counts[source])
        for record in _odd_records(where, alike, main):
            first = where[alike[0] if sources[record] != alike[0] else main][0]
            facts = {"block": kind, "other": sources[first]}
            sheet.report("source-case", record, column.label, sources[record], (first,), facts)


def _odd_records(where: Mapping[str, Sequence[int]], alike: Sequence[str], main: str) -> list[int]:
    """The records to report. A finding about two records stands at the later one, so the very first record is none.

    `where`: the records with each spelling, so that a file with thousands of sources is not searched for each.
    """
    first_main, very_first = where[main][0], where[alike[0]][0]
    odd = {
        record
        for source in alike
        if source != main
        for record in where[source]
        if record > first_main or source != alike[0]
    }
    return sorted((odd | {first_main}) - {very_first})
