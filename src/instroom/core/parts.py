"""A file with only the records that were faulty, corrected and delivered again: which rows of the version before its
records replace, and the whole file that comes of it.

A record is recognised by the keys of its company and its person, where that pair stands once in both files. What is
left over, as where a key itself was corrected, is recognised by its place among the faulty rows. A file of which one
record is not recognised beyond doubt is no part.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import chain, pairwise
from typing import Any, Final

from instroom.core.fields import Kind
from instroom.core.findings import CATALOGUE
from instroom.core.keys import Key, key, trim
from instroom.core.layout.loader import Block, Layout
from instroom.core.model import Finding, Table

_Cells = Sequence[str]
_Identity = tuple[Key | None, Key | None]
_BEFORE_ALL: Final = (-1, 0)  # a pair of a record of the part and a row, before any


def replaced_rows(part: Table, before: Table, faulty: Sequence[Collection[int]], layout: Layout) -> list[int] | None:
    """The row of the version before that each record of the part replaces, in the order of `part.rows`; None where the
    file is not certainly such a part.

    `faulty` are the rows that had a fault, as each version told them, the newest one first. They have the same numbers
    in all of these versions.
    """
    rows = dict(chain(zip(before.places, before.rows, strict=True), before.wrong_width_rows.items()))
    if not _is_sound(part, layout) or tuple(before.headers) != layout.headers or not 0 < part.records < before.records:
        return None
    named = _by_identity(part.rows, rows, layout)
    given_back = [sorted(rows.keys() & one) for one in faulty]
    if not set(named.values()) <= set().union(*given_back):
        return None
    workbook = [[row for row in one if row not in before.wrong_width_rows] for one in given_back]  # cannot hold them
    for known in chain(given_back, workbook):
        places = named | _by_place(len(part.rows), named, known)
        if len(set(places.values())) == len(part.rows) and all(
            number in named or _is_alike(part.rows[number], rows[row]) for number, row in places.items()
        ):
            return [places[number] for number in range(len(part.rows))]
    return None


def put_in(part: Table, before: Table, replaced: Sequence[int]) -> Table:
    """The version before with the records of the part at these rows. All rows keep their numbers."""
    gone = set(replaced)
    kept = [index for index, row in enumerate(before.places) if row not in gone]
    rows = [(before.places[index], before.rows[index], _notes_at(before, index)) for index in kept]
    rows += [(row, part.rows[index], _notes_at(part, index)) for index, row in enumerate(replaced)]
    rows.sort(key=lambda one: one[0])
    notes: dict[int, dict[int, int]] = {}
    for index, (_, _, flags) in enumerate(rows):
        for column, flag in flags:
            notes.setdefault(column, {})[index] = flag
    unread = {
        header: [*before.unread.get(header, ()), *part.unread.get(header, ())]
        for header in [*before.unread, *(one for one in part.unread if one not in before.unread)]
    }
    return before._replace(
        rows=[cells for _, cells, _ in rows],
        places=[row for row, _, _ in rows],
        notes=notes,
        findings=[one for one in before.findings if one.row not in gone],
        wrong_width_rows={row: cells for row, cells in before.wrong_width_rows.items() if row not in gone},
        unread=unread,
    )


def keys_kept(before: Table, replaced: Collection[int], layout: Layout) -> dict[Kind, set[Key]]:
    """The companies and the persons that the other rows of the version before name."""
    gone = set(replaced)
    kept = [_identity(cells, layout) for row, cells in zip(before.places, before.rows, strict=True) if row not in gone]
    return {"company": {one for one, _ in kept if one}, "person": {one for _, one in kept if one}}


def as_document(table: Table) -> dict[str, Any]:
    """A table as JSON has it."""
    return {**table._asdict(), "findings": [one._asdict() for one in table.findings]}


def from_document(document: Mapping[str, Any]) -> Table:
    """The table of `as_document`, also after JSON has made texts of its row numbers."""
    findings = [Finding(**{**one, "other_rows": tuple(one["other_rows"])}) for one in document["findings"]]
    notes = {int(column): {int(row): flag for row, flag in of.items()} for column, of in document["notes"].items()}
    wrong_width = {int(row): cells for row, cells in document["wrong_width_rows"].items()}
    return Table(**{**document, "findings": findings, "notes": notes, "wrong_width_rows": wrong_width})


def _is_sound(part: Table, layout: Layout) -> bool:
    """Whether all of its records were read, under the headers of the layout."""
    faults = (one for one in part.findings if one.severity == "error")
    return (
        tuple(part.headers) == layout.headers
        and len(part.rows) == part.records
        and not any(one.row or CATALOGUE[one.code].scope in ("file", "header") for one in faults)
    )


def _by_identity(part: Sequence[_Cells], rows: Mapping[int, _Cells], layout: Layout) -> dict[int, int]:
    """The number of a record in the part → the row whose pair of keys it has, where both are the only one."""
    there = {row: _identity(cells, layout) for row, cells in rows.items()}
    here = [_identity(cells, layout) for cells in part]
    how_often, row_of = Counter(there.values()), {one: row for row, one in there.items()}
    how_often_here = Counter(here)
    return {
        number: row_of[one]
        for number, one in enumerate(here)
        if any(one) and how_often_here[one] == 1 and how_often[one] == 1
    }


def _identity(cells: _Cells, layout: Layout) -> _Identity:
    return _key(cells, layout.company), _key(cells, layout.person)


def _key(cells: _Cells, block: Block) -> Key | None:
    source, extern_id = block.extern_source.index, block.extern_id.index
    if max(source, extern_id) >= len(cells):
        return None
    found = key(cells[source], cells[extern_id])
    return found if all(found) else None


def _by_place(count: int, named: Mapping[int, int], known: Sequence[int]) -> dict[int, int]:
    """The records that are left over → the known rows that are left over between the same neighbours, where these are
    as many and all stand in one order."""
    free = sorted(set(known) - set(named.values()))
    end = (count, max([*known, *named.values()], default=0) + 1)
    anchors = [_BEFORE_ALL, *sorted(named.items()), end]
    if any(row >= next_row for (_, row), (_, next_row) in pairwise(anchors)):
        return _the_last_one(count, named, free)
    return dict(chain.from_iterable(_within(one, after, free) for one, after in pairwise(anchors)))


def _within(one: tuple[int, int], after: tuple[int, int], free: Sequence[int]) -> Iterator[tuple[int, int]]:
    numbers = range(one[0] + 1, after[0])
    rows = [row for row in free if one[1] < row < after[1]]
    return zip(numbers, rows, strict=True) if len(numbers) == len(rows) else iter(())


def _the_last_one(count: int, named: Mapping[int, int], free: Sequence[int]) -> dict[int, int]:
    """In a file that is sorted otherwise, one record that is left over is the one row that is."""
    loose = set(range(count)) - named.keys()
    return {loose.pop(): free[0]} if len(loose) == len(free) == 1 else {}


def _is_alike(record: _Cells, row: _Cells) -> bool:
    """Whether at least half of the values stand in both, in whatever column: a row with a cell too many has moved."""
    ours, theirs = (Counter(filter(None, map(trim, cells))) for cells in (record, row))
    return 2 * (ours & theirs).total() >= max(ours.total(), theirs.total())


def _notes_at(table: Table, index: int) -> list[tuple[int, int]]:
    return [(column, of[index]) for column, of in table.notes.items() if index in of]
