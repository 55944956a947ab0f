"""The findings of a delivery, kept in chunks with an index: to see fifty of two million, one or two chunks are read.

Facts only: sentences are made on reading. The index has how many there are of each severity, code and column, and which
chunk lists how many of them. All are counted, and of too many the first of each group are listed.
"""

import json
import logging
import zlib
from codecs import getincrementaldecoder
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, Final, NamedTuple, overload
from uuid import UUID

from django.db import transaction

from instroom.core.findings import CATALOGUE
from instroom.core.findings.collected import KEPT_WHOLE, MOST_OF_GROUP, CountedFindings, FindingGroup
from instroom.core.model import Finding, Severity
from instroom.store import data_keys
from instroom.store.models import Delivery, FindingChunk, KeptFindings

_NAMES: Final = -1
"""The number of the chunk with who is on which row; those with findings count from 0."""
_IN_CHUNK: Final = 1_000
_CHUNK_CHARACTERS: Final = 256 * 1024  # of values, which can be long
_AT_ONCE: Final = 50  # chunks in an INSERT
_READ_AT_ONCE: Final = 10
_PIECE: Final = 64 * 1024  # bytes
_read_value: Final = json.JSONDecoder().raw_decode
_log = logging.getLogger(__name__)


class FindingIndex(NamedTuple):
    groups: list[FindingGroup]
    counts: list[int]
    """How many there are, by the number of the group."""
    chunks: list[dict[int, int]]
    """For each chunk how many it lists, by the number of the group."""


class FindingRows(NamedTuple):
    """The rows with findings, also with those that are not listed."""

    errors: list[int]
    warnings: dict[str, list[int]]
    """By code."""
    refused: list[int] | None = None
    """What the check itself keeps out: most rows with an error, and the others of a conflict. None: an older version
    did not store it."""


class StoredFindings(CountedFindings):
    """The findings of a delivery, or some groups of them. Those that are looked at are read, a chunk at a time."""

    def __init__(self, delivery: Delivery, index: FindingIndex, chosen: frozenset[int] | None = None) -> None:
        self._delivery, self._index = delivery, index
        self._chosen = frozenset(range(len(index.groups))) if chosen is None else chosen
        self._listed = [sum(map(chunk.__getitem__, chunk.keys() & self._chosen)) for chunk in index.chunks]

    def among(self, wanted: Callable[[FindingGroup], bool]) -> "StoredFindings":
        """Those of the groups that are wanted."""
        chosen = frozenset(number for number in self._chosen if wanted(self._index.groups[number]))
        return StoredFindings(self._delivery, self._index, chosen)

    def counts(self) -> Counter[FindingGroup]:
        groups, counts = self._index.groups, self._index.counts
        return Counter({groups[number]: counts[number] for number in sorted(self._chosen)})

    def unlisted(self) -> Counter[FindingGroup]:
        listed: Counter[FindingGroup] = Counter()
        for chunk in self._index.chunks:
            for number, count in chunk.items():
                listed[self._index.groups[number]] += count
        return self.counts() - listed

    def first_of_each_code(self, amount: int) -> dict[tuple[Severity, str], list[Finding]]:
        """The first findings of each severity and code, in the order in which these first occur."""
        first: dict[tuple[Severity, str], list[Finding]] = defaultdict(list)
        listed: Counter[tuple[Severity, str]] = Counter()
        numbers: list[int] = []
        for number, chunk in enumerate(self._index.chunks):
            here = [(self._index.groups[group][:2], chunk[group]) for group in chunk.keys() & self._chosen]
            if any(listed[code] < amount for code, _ in here):
                numbers.append(number)
            for code, count in here:
                listed[code] += count
        for one in self._read(numbers):
            found = first[one.severity, one.code]
            if len(found) < amount:
                found.append(one)
        return first

    def __len__(self) -> int:
        return sum(self._listed)

    def __iter__(self) -> Iterator[Finding]:
        return self._read([number for number, listed in enumerate(self._listed) if listed])

    @overload
    def __getitem__(self, at: int) -> Finding: ...

    @overload
    def __getitem__(self, at: slice) -> list[Finding]: ...

    def __getitem__(self, at: int | slice) -> Finding | list[Finding]:
        if isinstance(at, slice):
            asked = range(len(self))[at]
            return self._between(asked.start, asked.stop)[:: asked.step] if asked else []
        place = range(len(self))[at]
        return self._between(place, place + 1)[0]

    def _between(self, start: int, stop: int) -> list[Finding]:
        numbers: list[int] = []
        passed = before = 0
        for number, listed in enumerate(self._listed):
            if listed and passed < stop and passed + listed > start:
                before = passed if not numbers else before
                numbers.append(number)
            passed += listed
        return list(islice(self._read(numbers), start - before, stop - before))

    def _read(self, numbers: Sequence[int]) -> Iterator[Finding]:
        chunks = FindingChunk.objects.filter(delivery=self._delivery).order_by("number")
        for start in range(0, len(numbers), _READ_AT_ONCE):
            some = chunks.filter(number__in=numbers[start : start + _READ_AT_ONCE])
            for content in some.values_list("content", flat=True):
                yield from self._findings_in(content)

    def _findings_in(self, content: bytes | memoryview) -> Iterator[Finding]:
        kinds, kind_of, rows, values = _unpacked(data_keys.unseal(content))
        for number, row, value in zip(kind_of, rows, values, strict=True):
            group, others, facts = kinds[number]
            if group in self._chosen:
                severity, code, column = self._index.groups[group]
                yield Finding(code, severity, row, column, value, tuple(others), facts)


def stored(delivery: Delivery) -> StoredFindings:
    """What was found in a delivery; nothing before its check."""
    kept = KeptFindings.objects.filter(pk=delivery.pk).values_list("index", "packed").first()
    if kept is None:
        return StoredFindings(delivery, FindingIndex([], [], []))
    index, packed = kept
    groups, counts, chunks = _unpacked(index if packed is None else _in_chunks(delivery.pk).index)
    named: list[FindingGroup] = [(severity, code, column) for severity, code, column in groups]
    return StoredFindings(delivery, FindingIndex(named, counts, [dict(chunk) for chunk in chunks]))


def rows_of(delivery: Delivery) -> FindingRows:
    """The rows with an error or a warning."""
    kept = KeptFindings.objects.filter(pk=delivery.pk).values_list("rows", "packed").first()
    if kept is None:
        return FindingRows([], {})
    rows, packed = kept
    return FindingRows(*_unpacked(rows if packed is None else _in_chunks(delivery.pk).rows))


def keep(
    delivery: Delivery,
    found: Iterable[Finding],
    amount: int,
    refused: Iterable[int] | None = None,
    names: Mapping[int, str] | None = None,
) -> None:
    """Store what a check found, `amount` findings in order, which rows it refused, and the `names` on rows with a
    finding. Call it in a transaction."""
    writer = _Writer(MOST_OF_GROUP if amount > KEPT_WHOLE else amount)
    seal = data_keys.current(delivery.customer_id).seal
    chunks = (
        FindingChunk(delivery=delivery, number=number, content=content)
        for number, content in enumerate(map(seal, writer.contents(found)))
    )
    while some := list(islice(chunks, _AT_ONCE)):
        FindingChunk.objects.bulk_create(some)
    if named := [(row, name) for row, name in (names or {}).items() if row in writer.rows]:
        FindingChunk.objects.create(delivery=delivery, number=_NAMES, content=seal(_packed(named)))
    index = [list(writer.numbers), writer.counts, [list(listed.items()) for listed in writer.listed]]
    warnings = {code: sorted(rows) for code, rows in writer.warnings.items()}
    rows = FindingRows(sorted(writer.errors), warnings, None if refused is None else sorted(refused))
    kept = KeptFindings(delivery=delivery, index=_packed(index), rows=_packed(rows), packed=None)
    KeptFindings.objects.bulk_create(
        [kept], update_conflicts=True, unique_fields=["delivery"], update_fields=["index", "rows", "packed"]
    )


def names_on(delivery: Delivery, rows: Collection[int]) -> dict[int, str]:
    """Who is on these rows, as the file calls them; nobody where a version before this one checked it."""
    names = FindingChunk.objects.filter(delivery=delivery, number=_NAMES).values_list("content", flat=True).first()
    return {} if names is None else {row: name for row, name in _unpacked(data_keys.unseal(names)) if row in rows}


def remove_values(delivery: Delivery) -> int:
    """Delete the findings of a delivery, in the caller's transaction, and give their number. How many there were of
    each severity, code and column stays; of headers without the column, as that is what the file says."""
    counts: Counter[FindingGroup] = Counter()
    try:
        for (severity, code, column), count in stored(delivery).counts().items():
            counts[severity, code, None if CATALOGUE[code].scope == "header" else column] += count
    except (ValueError, zlib.error):
        _log.error("the findings of delivery %s are damaged: not even their numbers are kept", delivery.pk)
    FindingChunk.objects.filter(delivery=delivery).delete()
    index = _packed([list(counts), list(counts.values()), []])
    KeptFindings.objects.filter(pk=delivery.pk).update(index=index, packed=None)
    return counts.total()


class _Chunk:
    """A chunk while it is filled: its kinds, and of each finding the number of its kind, its row and its value."""

    def __init__(self) -> None:
        self.content: tuple[list[Any], list[int], list[int | None], list[str | None]] = ([], [], [], [])
        self.counts: Counter[int] = Counter()
        self._kinds: dict[tuple[int, tuple[int, ...], int], int] = {}
        self._characters = 0

    def add(self, group: int, one: Finding) -> None:
        kinds, kind_of, rows, values = self.content
        kind = self._kinds.setdefault((group, one.other_rows, id(one.facts)), len(kinds))
        if kind == len(kinds):
            kinds.append((group, one.other_rows, one.facts))  # holds the facts, so the id stays theirs
        kind_of.append(kind)
        rows.append(one.row)
        values.append(one.value)
        self.counts[group] += 1
        self._characters += len(one.value or "")

    @property
    def is_full(self) -> bool:
        return len(self.content[1]) == _IN_CHUNK or self._characters > _CHUNK_CHARACTERS


class _Writer:
    """Divides findings over chunks, and counts them."""

    def __init__(self, most: int) -> None:
        """`most` is how many of a group are listed."""
        self._most = most
        self.numbers: dict[FindingGroup, int] = {}
        self.counts: list[int] = []
        self.listed: list[Counter[int]] = []
        self.rows: set[int | None] = set()
        self.errors: set[int] = set()
        self.warnings: dict[str, set[int]] = defaultdict(set)

    def contents(self, found: Iterable[Finding]) -> Iterator[bytes]:
        chunk = _Chunk()
        for one in found:
            number = self._count(one)
            if self.counts[number] <= self._most:
                chunk.add(number, one)
                self.rows.add(one.row)
                if chunk.is_full:
                    yield self._done(chunk)
                    chunk = _Chunk()
        if chunk.counts:
            yield self._done(chunk)

    def _count(self, one: Finding) -> int:
        """The number of its group."""
        number = self.numbers.setdefault((one.severity, one.code, one.column), len(self.counts))
        if number == len(self.counts):
            self.counts.append(0)
        self.counts[number] += 1
        if one.row and one.severity == "error":
            self.errors.add(one.row)
        elif one.row and one.severity == "warning":
            self.warnings[one.code].add(one.row)
        return number

    def _done(self, chunk: _Chunk) -> bytes:
        self.listed.append(chunk.counts)
        return _packed(chunk.content)


def put_older_in_chunks() -> None:
    """Put what older versions kept in one piece in chunks, a delivery at a time."""
    for pk in list(KeptFindings.objects.filter(packed__isnull=False).values_list("pk", flat=True)):
        try:
            _in_chunks(pk)
        except (ValueError, zlib.error):
            _log.error("the findings of delivery %s are damaged, and stay as they are", pk)


@transaction.atomic
def _in_chunks(delivery_id: UUID) -> KeptFindings:
    """Put what an older version kept in one piece in chunks, unless another process was first."""
    kept = KeptFindings.objects.select_for_update().get(pk=delivery_id)
    if kept.packed is not None:
        counts = kept.delivery.counts
        amount = sum(counts.get(name, 0) for name in ("errors", "warnings", "notices"))
        keep(kept.delivery, _older(kept.packed), amount)
        kept.refresh_from_db()
    return kept


def _older(packed: bytes | memoryview) -> Iterator[Finding]:
    """What stands in one list of lists, read a piece at a time: the whole of it can take a gigabyte.

    Raises ValueError and zlib.error where it is damaged.
    """
    stream, characters = zlib.decompressobj(), getincrementaldecoder("utf-8")("surrogatepass")
    text, left = "", bytes(packed)
    while not stream.eof and (piece := stream.decompress(left, _PIECE)):
        text, left, at = text + characters.decode(piece), stream.unconsumed_tail, 0
        while True:
            try:
                one, end = _read_value(text, at + 1)  # behind the bracket or the comma
            except json.JSONDecodeError:  # the rest of it is in the next piece
                break
            code, severity, row, column, value, others, facts = one
            yield Finding(code, severity, row, column, value, tuple(others), facts)
            at = end
        text = text[at:]
    if not stream.eof:
        raise ValueError("the end is missing")


def _packed(facts: Any) -> bytes:
    return zlib.compress(json.dumps(facts, separators=(",", ":")).encode("ascii"), 6)


def _unpacked(content: bytes | memoryview) -> Any:
    return json.loads(zlib.decompress(content))
