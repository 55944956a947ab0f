"""Finds stored dossiers that resemble new ones (findings possible-duplicate and value-leading-zero), by index."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Sequence
from typing import NamedTuple
from uuid import UUID

from django.db import connection

from instroom.core.fields import FIELDS, Kind
from instroom.core.keys import Key
from instroom.core.model import RecordPart
from instroom.store.models import Company, Person
from instroom.store.sql import records, statements

_SAMPLE = 1000  # keys with leading zeros, to learn the usual lengths of such keys
_MOST_WIDTHS = 8
_KEY = ("d.extern_source", "d.extern_id")
_EMAILS = ("work_email", "home_email")
_ADDRESSES = ("postal_address", "visiting_address")


class Lookalike(NamedTuple):
    """A stored dossier with another key that a new one resembles."""

    by: str  # name-date, email, name-postal, registration
    extern_source: str
    extern_id: str


def lookalikes(
    environment: str, kind: Kind, parts: Sequence[RecordPart], sources: Collection[str] | None
) -> dict[Key, Lookalike]:
    """For each new dossier the stored one that it resembles, if any, of these `sources` alone where they are given. Of
    several, the one whose key sorts first."""
    model = Company if kind == "company" else Person
    if not parts or not model.objects.filter(environment=UUID(environment)).exists():
        return {}
    matches = _companies_alike(environment, parts) if kind == "company" else _persons_alike(environment, parts)
    found: dict[Key, Lookalike] = {}
    for part, other in matches:
        if sources is not None and other.extern_source not in sources:
            continue
        if part.key not in found or other < found[part.key]:
            found[part.key] = other
    return found


def _persons_alike(environment: str, parts: Sequence[RecordPart]) -> Iterator[tuple[RecordPart, Lookalike]]:
    """By surname and date of birth, or by an e-mail address."""
    value = _values("person")
    named: dict[tuple[str, str], list[RecordPart]] = defaultdict(list)
    mailed: dict[str, list[RecordPart]] = defaultdict(list)
    for part in parts:
        if (born := value(part, "date_of_birth")) and (surname := value(part, "surname")):
            named[lower(surname), born].append(part)
        for address in {value(part, email).lower() for email in _EMAILS} - {""}:
            mailed[address].append(part)
    columns = [*_KEY, "lower(d.surname)", "d.date_of_birth", "d.first_name", "d.initials"]
    by = ("lower(d.surname)", "d.date_of_birth")
    for source, extern_id, surname, born, first_name, initials in statements.fetch_by_pairs(
        "store_person", columns, by, list(named), statements.in_environment(), environment
    ):
        for part in named.get((surname, born), ()):
            given = (value(part, "first_name"), first_name), (value(part, "initials"), initials)
            if not any(_contradict(one, other) for one, other in given):
                yield part, Lookalike("name-date", source, extern_id)
    for email in _EMAILS:
        columns = [*_KEY, f"lower(d.{email})"]
        where = f"{statements.in_environment()} AND NOT d.{email} = ''"
        rows = statements.fetch_by("store_person", columns, f"lower(d.{email})", list(mailed), where, environment)
        for source, extern_id, address in rows:
            for part in mailed.get(address, ()):
                yield part, Lookalike("email", source, extern_id)


def _companies_alike(environment: str, parts: Sequence[RecordPart]) -> Iterator[tuple[RecordPart, Lookalike]]:
    """By registration number, or by name and postal code."""
    value = _values("company")
    numbered: dict[str, list[RecordPart]] = defaultdict(list)
    named: dict[str, list[RecordPart]] = defaultdict(list)
    for part in parts:
        if number := value(part, "registration_number"):
            numbered[number].append(part)
        if any(value(part, f"{address}.postal_code") for address in _ADDRESSES):
            named[lower(value(part, "name"))].append(part)
    columns = [*_KEY, "d.registration_number"]
    where = f"{statements.in_environment()} AND NOT d.registration_number = ''"
    for source, extern_id, number in statements.fetch_by(
        "store_company", columns, "d.registration_number", list(numbered), where, environment
    ):
        for part in numbered[number]:
            yield part, Lookalike("registration", source, extern_id)
    columns = [*_KEY, "lower(d.name)", *(f"d.{address}_postal_code" for address in _ADDRESSES)]
    rows = statements.fetch_by(
        "store_company", columns, "lower(d.name)", list(named), statements.in_environment(), environment
    )
    for source, extern_id, name, *codes in rows:
        for part in named.get(name, ()):
            if {value(part, f"{address}.postal_code") for address in _ADDRESSES} & set(codes) - {""}:
                yield part, Lookalike("name-postal", source, extern_id)


def _values(kind: Kind) -> Callable[[RecordPart, str], str]:
    at = {name: index for index, name in enumerate(FIELDS[kind])}
    return lambda part, name: part.fields[at[name]] or ""


def _contradict(one: str, other: str) -> bool:
    """Whether both are filled with different names."""
    return bool(one and other) and _letters(one) != _letters(other)


def _letters(name: str) -> str:
    return "".join(filter(str.isalnum, name.casefold()))


def lower(text: str) -> str:
    """The text in lower case, as the database's lower() has it in its indexes: SQLite lowers only ASCII."""
    if connection.vendor != "sqlite" or text.isascii():
        return text.lower()
    return "".join([letter.lower() if letter.isascii() else letter for letter in text])


def zero_padded(environment: str, kind: Kind, keys: Collection[Key]) -> dict[Key, str]:
    """For keys of digits without a leading zero, the ExternId of a stored dossier that differs only in leading zeros: a
    spreadsheet drops those."""
    bare: dict[str, list[str]] = defaultdict(list)
    for source, key in keys:
        if key.isdecimal() and key.isascii() and key[0] != "0":
            bare[source].append(key)
    padded = {
        (source, key.rjust(width, "0")): (source, key)
        for source, own in bare.items()
        for width in _widths(environment, kind, source)
        for key in own
        if len(key) < width
    }
    return {padded[key]: extern_id for key, extern_id in stored_ids(environment, kind, padded).items()}


def stored_ids(environment: str, kind: Kind, keys: Collection[Key]) -> dict[Key, str]:
    """The ExternId as it was stored, for each of these keys that is stored."""
    rows = records.fetch_by_keys(environment, kind, ("d.extern_source", "d.extern_id_key", "d.extern_id"), keys)
    return {(source, key): extern_id for source, key, extern_id in rows}


def _widths(environment: str, kind: Kind, source: str) -> list[int]:
    """The lengths of stored keys with a leading zero. Such keys have a fixed length, so a sample is enough."""
    query = (
        f"SELECT DISTINCT length(extern_id_key) FROM (SELECT extern_id_key FROM store_{kind} WHERE environment_id = %s"  # noqa: S608 - the names are ours, values are %s
        " AND extern_source = %s AND extern_id_key >= '0' AND extern_id_key < '1' LIMIT %s) AS sample"
    )
    with connection.cursor() as cursor:
        cursor.execute(query, [environment, source, _SAMPLE])
        return sorted(row[0] for row in cursor.fetchall())[:_MOST_WIDTHS]
