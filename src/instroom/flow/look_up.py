"""Looks companies and persons up by name, key, postal code or e-mail (product.md, the reader)."""

import re
from typing import Final, NamedTuple

from instroom.core.fields import Kind
from instroom.core.plan.model import Stored
from instroom.flow import audit, permissions
from instroom.flow.names import name_of, values_of
from instroom.store import records, search
from instroom.store.models import Environment

MOST: Final = 50  # dossiers of a kind that are shown
LEAST_LETTERS: Final = 2
_CANDIDATES: Final = 5000  # of a surname, among which the other words of a name are sought
_DUTCH_POSTAL_CODE: Final = re.compile(r"(\d{4}) ?([A-Za-z]{2})")


class Found(NamedTuple):
    """A dossier in a list."""

    kind: Kind
    stored: Stored
    name: str
    values: dict[str, str]
    company: str
    """The name of a person's company; "" for a private person."""


def look_up(environment: Environment, text: str, by: str) -> list[Found]:
    """The dossiers that a text means, companies first; at most MOST of each kind.

    That somebody saw them in a list is in the audit log, without the text that was asked (G2). Raises NotFound and
    NotAllowed.
    """
    wanted = " ".join(text.split())
    if len(wanted) < LEAST_LETTERS:
        return []
    user = permissions.person(by, "read", environment.customer)
    companies, persons = _found(environment, "company", wanted), _found(environment, "person", wanted)
    if companies or persons:
        seen = {"companies": len(companies), "persons": len(persons)}
        audit.note(environment.customer, "looked-up", user, environment=environment.name, seen=seen)
    return [*companies, *persons]


def persons_of(environment: Environment, company: Stored) -> list[Found]:
    """The persons of a company, at most MOST, in order of name."""
    return _shown("person", search.persons_of(environment.id.hex, company.id, MOST))


def _found(environment: Environment, kind: Kind, text: str) -> list[Found]:
    place = environment.id.hex
    if "@" in text:
        return _shown(kind, search.by_email(place, kind, text, MOST))
    ids = search.by_key(place, kind, text, MOST)
    if code := _DUTCH_POSTAL_CODE.fullmatch(text):
        ids += search.by_postal_code(place, kind, f"{code[1]} {code[2].upper()}", MOST)
    elif any(letter.isdigit() for letter in text):
        ids += search.by_postal_code(place, kind, text.upper(), MOST)
    ids += search.by_name(place, kind, text, MOST)
    if kind == "person" and " " in text:
        ids += _by_whole_name(place, text)
    return _shown(kind, list(dict.fromkeys(ids))[:MOST])


def _by_whole_name(place: str, text: str) -> list[str]:
    """By surname, such that the words before it are in the rest of the name: `Anna de Vries`."""
    first, _, surname = text.rpartition(" ")
    words = set(first.casefold().split())
    found = search.names(place, surname, _CANDIDATES)
    return [one for one, rest in found if words <= set(rest.casefold().split())][:MOST]


def _shown(kind: Kind, ids: list[str]) -> list[Found]:
    stored = records.load_by_ids(kind, ids)
    companies = records.load_by_ids("company", {one.company for one in stored.values() if one.company})
    found = []
    for one in filter(None, map(stored.get, ids)):
        company = companies.get(one.company or "")
        employer = name_of("company", company) if company else ""
        found.append(Found(kind, one, name_of(kind, one), values_of(kind, one), employer))
    return sorted(found, key=lambda one: one.name.casefold())
