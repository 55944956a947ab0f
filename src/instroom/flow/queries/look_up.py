"""Looks companies and persons up by name, key, postal code or e-mail (product.md, the reader)."""

import re
from collections.abc import Callable
from typing import Final, NamedTuple

from instroom.core.clean_text import clean
from instroom.core.fields import Kind
from instroom.core.plan.model import Stored
from instroom.flow import audit, permissions
from instroom.flow.paging import Page, bounds
from instroom.flow.queries.dossier_names import name_of, values_of
from instroom.flow.source_limits import Sources, is_within, sources_for
from instroom.store.models import Environment, User
from instroom.store.sql import records, search

MOST: Final = 50  # dossiers of a kind that are shown
LEAST_LETTERS: Final = 2
_CANDIDATES: Final = 5000  # of a surname, among which the other words of a name are sought
_ID: Final = re.compile("[0-9a-f]{32}")
_DUTCH_POSTAL_CODE: Final = re.compile(r"(\d{4}) ?([A-Za-z]{2})")


class FoundDossier(NamedTuple):
    """A dossier in a list."""

    kind: Kind
    stored: Stored
    name: str
    values: dict[str, str]
    company: str
    """The name of a person's company; "" for a private person, and of a source that the reader may not see."""


class Hits(NamedTuple):
    """The dossiers of one kind that a text means, as many as go on a page."""

    items: list[FoundDossier]
    more: str
    """Where the next page begins; "" where this is the last one."""


def look_up(environment: Environment, text: str, *, by: User) -> list[FoundDossier]:
    """The dossiers that a text means, companies first; at most MOST of each kind.

    That somebody saw them in a list is in the audit log, without the text that was asked (G2). Raises NotFound and
    NotAllowed.
    """
    companies, persons = hits(environment, text, by=by)
    return [*companies.items, *persons.items]


def hits(environment: Environment, text: str, kind: str = "", after: str = "", *, by: User) -> tuple[Hits, Hits]:
    """The companies and the persons that a text means; of one `kind` alone where it is named, `after` a page before.

    Raises as `look_up`, which also says what is in the audit log.
    """
    wanted = clean(" ".join(text.split()))  # names are stored clean
    if len(wanted) < LEAST_LETTERS:
        return NO_HITS, NO_HITS
    permissions.check(by, "look-up", environment.customer)
    sources = sources_for(by, "look-up", environment.customer)
    companies = _hits(environment, "company", wanted, after, sources) if kind != "person" else NO_HITS
    persons = _hits(environment, "person", wanted, after, sources) if kind != "company" else NO_HITS
    if companies.items or persons.items:
        seen = {"companies": len(companies.items), "persons": len(persons.items)}
        audit.note(environment.customer, "looked-up", by, environment=environment.name, seen=seen)
    return companies, persons


def persons_of(environment: Environment, company: Stored, number: int = 1, *, by: User) -> Page[FoundDossier]:
    """A page of a company's persons, in order of name."""
    sources = sources_for(by, "look-up", environment.customer)
    total = search.count_persons_of(company.id, sources=sources)
    number, pages, part = bounds(number, total, MOST)
    found = search.persons_of(company.id, part.start, MOST, sources=sources)
    return Page(_found_dossiers("person", found, sources), number, pages, total)


NO_HITS: Final = Hits([], "")
Ways = dict[str, Callable[[int, str], list[str]]]
"""How a text may be meant, in the order in which it is shown: each finds so many ids after an id."""


def _hits(environment: Environment, kind: Kind, text: str, after: str, sources: Sources) -> Hits:
    """From each way of reading the text in turn, until the page is full."""
    way, _, last = after.partition("-")
    ways = _ways(environment.id.hex, kind, text, sources)
    if way not in ways or not _ID.fullmatch(last):
        way, last = next(iter(ways)), ""
    found: dict[str, str] = {}
    for name in list(ways)[list(ways).index(way) :]:
        ids = ways[name](MOST + 1, last if name == way else "")
        found |= {one: name for one in ids if one not in found}
        if len(found) > MOST:
            break
    shown = list(found)[:MOST]
    more = f"{found[shown[-1]]}-{shown[-1]}" if len(found) > MOST else ""
    return Hits(_found_dossiers(kind, shown, sources), more)


def _ways(place: str, kind: Kind, text: str, sources: Sources) -> Ways:
    if "@" in text:
        return {"email": lambda most, after: search.by_email(place, kind, text, most, after, sources=sources)}
    exact = search.by_key(place, kind, text, MOST, sources=sources)
    ways: Ways = {"key": lambda most, after: _after(exact, after)[:most]}
    if any(letter.isdigit() for letter in text):
        code = _DUTCH_POSTAL_CODE.fullmatch(text)
        postal = f"{code[1]} {code[2].upper()}" if code else text.upper()
        ways["postal"] = lambda most, after: search.by_postal_code(place, kind, postal, most, after, sources=sources)
    ways["name"] = lambda most, after: search.by_name(place, kind, text, most, after, sources=sources)
    if kind == "person" and " " in text:
        ways["whole"] = lambda most, after: _after(_by_whole_name(place, text, sources), after)[:most]
    return ways


def _after(ids: list[str], last: str) -> list[str]:
    return ids[ids.index(last) + 1 :] if last in ids else ids


def _by_whole_name(place: str, text: str, sources: Sources) -> list[str]:
    """By surname, with the words before it in the rest of the name: `Anna de Vries`."""
    first, _, surname = text.rpartition(" ")
    words = set(first.casefold().split())
    found = search.names(place, surname, _CANDIDATES, sources=sources)
    return [one for one, rest in found if words <= set(rest.casefold().split())]


def _found_dossiers(kind: Kind, ids: list[str], sources: Sources) -> list[FoundDossier]:
    stored = records.load_by_ids(kind, ids)
    companies = records.load_by_ids("company", {one.company for one in stored.values() if one.company})
    found = []
    for one in filter(None, map(stored.get, ids)):
        company = companies.get(one.company or "")
        employer = name_of("company", company) if company and is_within(company.key[0], sources) else ""
        found.append(FoundDossier(kind, one, name_of(kind, one), values_of(kind, one), employer))
    return found
