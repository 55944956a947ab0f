"""Example records of the template that were left in beside real ones: nobody in them exists (product.md A7)."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from instroom.core.check.rows.content import required_column
from instroom.core.check.rows.identity import Identities
from instroom.core.check.sheet import Sheet
from instroom.core.fields import Kind
from instroom.core.keys import Key


class ExampleRecords(NamedTuple):
    """What is in the templates. The names are only asked for where a file has one of the sources."""

    sources: frozenset[str]
    names: Callable[[], Mapping[Kind, Mapping[Key, frozenset[str]]]]
    """By key the names of a company, the surnames of a person."""


def check_example_records(sheet: Sheet, companies: Identities, persons: Identities, examples: ExampleRecords) -> None:
    """example-record, at each of them. A file with nothing else is the example itself, or part of it."""
    blocks = (companies, persons)
    if not any(examples.sources.intersection(set(sheet.column(one.block.extern_source))) for one in blocks):
        return
    names = [_invented(sheet, one, examples.names()[one.block.kind]) for one in blocks]
    if not any(
        key is not None and name is None
        for one, found in zip(blocks, names, strict=True)
        for key, name in zip(one.keys, found, strict=True)
    ):
        return
    for identities, found in zip(blocks, names, strict=True):
        column = identities.block.extern_id
        for record, name in enumerate(found):
            if name is not None and (identities is persons or names[1][record] is None):
                facts = {"block": identities.block.kind, "name": name}
                sheet.report("example-record", record, column.label, sheet.texts[column.index][record], (), facts)


def _invented(sheet: Sheet, identities: Identities, examples: Mapping[Key, frozenset[str]]) -> list[str | None]:
    """For each record the name of its company or person, where that is one of the template. A blank name contradicts
    nothing."""
    names = sheet.column(required_column(identities.block))
    return [
        (name or min(known, default="")) if key is not None and (known := examples.get(key)) is not None
        and (not name or name in known) else None
        for key, name in zip(identities.keys, names, strict=True)
    ]  # fmt: skip
