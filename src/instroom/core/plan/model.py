"""The records of planning: what is stored, what the file asks, and what will be done."""

from collections.abc import Mapping
from typing import Any, Literal, NamedTuple

from instroom.core.fields import Kind
from instroom.core.keys import Key
from instroom.core.model import Pair, RecordPart

Action = Literal["new", "changed", "unchanged", "removed"]
Link = Literal["", "linked", "relinked", "unlinked"]
OutcomeWord = Literal["left_out", "new", "changed", "unchanged", "removed", "linked", "relinked", "unlinked"]


class Stored(NamedTuple):
    """A dossier as the store has it."""

    id: str
    version: int
    key: Key
    extern_id: str
    text: str
    """All fields in their fixed order, joined by SEPARATOR: one comparison tells whether a record changes any, and a
    dossier that does not change is never taken apart (measured: a quarter of the time of an unchanged delivery)."""
    categories: tuple[Pair, ...]
    free_fields: tuple[Pair, ...]
    company: str | None  # the id of a person's company

    @property
    def fields(self) -> tuple[str, ...]:
        """In the order of `instroom.core.fields`."""
        return tuple(self.text.split(SEPARATOR))


SEPARATOR = "\x1f"
"""Stands in no value: the check refuses control characters."""

Dossiers = dict[Key, Stored]


class Known(NamedTuple):
    """The dossiers of an environment that a file names: nothing else needs to be known for its plan."""

    companies: Dossiers
    persons: Dossiers


class WantedPerson(NamedTuple):
    """A person that the file asks for, once."""

    part: RecordPart
    company: Key | None  # None: a private person (B2)
    row: int


class Wanted(NamedTuple):
    """What a file asks, whatever the order of its records (B11)."""

    companies: dict[Key, RecordPart]
    persons: dict[Key, WantedPerson]
    company_rows: dict[Key, int]


class Change(NamedTuple):
    """What is done to one dossier. `before` and `after` hold the fields that differ, and nothing else: by field name,
    `categories` as a list of pairs, `free_fields` as a mapping."""

    kind: Kind
    dossier: str
    version: int  # that the plan saw; 0: no dossier yet
    key: Key
    extern_id: str
    action: Action
    link: Link
    row: int | None
    before: Mapping[str, Any]
    after: Mapping[str, Any]
    company_before: str | None
    company_after: str | None
    company_key: Key | None  # of company_after, which may be new
    fields: tuple[str, ...] = ()
    """All fields of a new dossier, where the plan is fresh: they need not be put together again from `after`."""

    @property
    def erased(self) -> bool:
        """Whether the person has been erased since (product.md G3): then nothing of the values is known any more."""
        return not self.extern_id


class Seen(NamedTuple):
    """A dossier that the plan looked at, changed or not. At execution it must still be as it was (D5)."""

    key: Key
    dossier: str
    version: int  # 0: it did not exist


class Outcome(NamedTuple):
    """What becomes of one record of the file."""

    row: int
    word: OutcomeWord
    company: int | None  # index in Plan.companies
    person: int | None  # index in Plan.persons


class Plan(NamedTuple):
    """What a delivery does in one environment."""

    changes: list[Change]  # companies first, each kind in order of key
    companies: list[Seen]
    persons: list[Seen]
    outcomes: list[Outcome]
    totals: dict[str, Any]
    encoded: list[tuple[str, str]]  # before and after of each change, as JSON
    digest: str
    """Equal for two plans that do the same, whatever ids and versions (D3, D5)."""
