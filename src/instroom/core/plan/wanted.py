"""Folds a file's records into what it asks of each company and each person (product.md B3, B5, B11)."""

from collections.abc import Collection, Iterable

from instroom.core.keys import Key
from instroom.core.model import Record, RecordPart
from instroom.core.plan.model import Wanted, WantedPerson


def wanted(records: Iterable[Record], repeated: Collection[int] = frozenset()) -> Wanted:
    """What the records ask. `repeated`: rows whose person already stands on another row with the same data.

    The records hold no conflicts: the check has refused those.
    """
    companies: dict[Key, RecordPart] = {}
    persons: dict[Key, WantedPerson] = {}
    rows: dict[Key, int] = {}
    spellings: list[RecordPart] = []
    for record in records:
        company, person = record.company, record.person
        if company is not None:
            seen = companies.get(company.key)
            if seen is None:
                companies[company.key] = company
                rows[company.key] = record.row
            elif seen != company:
                companies[company.key] = merge(seen, company)
        if person is not None:
            if record.row in repeated:
                spellings.append(person)
            else:
                persons[person.key] = WantedPerson(person, company.key if company else None, record.row)
    for part in spellings:
        if (kept := persons.get(part.key)) and part.extern_id < kept.part.extern_id:
            persons[part.key] = kept._replace(part=kept.part._replace(extern_id=part.extern_id))
    return Wanted(companies, persons, rows)


def merge(one: RecordPart, other: RecordPart) -> RecordPart:
    """The same company on two records: what one leaves blank the other may give (B3). Symmetric and associative."""
    fields = tuple(mine or theirs for mine, theirs in zip(one.fields, other.fields, strict=True))
    return RecordPart(
        one.key,
        min(one.extern_id, other.extern_id),
        fields,
        tuple(sorted({*one.categories, *other.categories})),
        tuple(sorted({*one.free_fields, *other.free_fields})),
        one.alone and other.alone,
    )
