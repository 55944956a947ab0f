"""Looks companies and persons up as people search: by any word of a name, a number, a date (product.md, the reader)."""

import re
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from instroom.core.fields import Kind
from instroom.core.plan.model import Stored
from instroom.core.search.question import (
    Question,
    instead,
    may_be_mistyped,
    one_letter_off,
    read_question,
    replaced,
)
from instroom.core.search.words import FIELDS, NAMES, words_of
from instroom.flow import audit, permissions
from instroom.flow.paging import Page, bounds
from instroom.flow.queries.dossier_names import name_of, values_of
from instroom.flow.source_limits import Sources, is_within, sources_for
from instroom.store import words_backlog
from instroom.store.models import Environment, User
from instroom.store.sql import records, search

MOST: Final = 50  # dossiers of a kind that are shown
LEAST_LETTERS: Final = 2
MOST_FOUND: Final = 1000
"""Dossiers of a kind that are put in order of name. Who finds more is asked for another word."""
_MOST_SPLIT: Final = 3  # words, of which some may be a company's
_MOST_COMPANIES: Final = 50
_MOST_SUGGESTED: Final = 20  # words that are counted


class FoundDossier(NamedTuple):
    """A dossier in a list."""

    kind: Kind
    stored: Stored
    name: str
    values: dict[str, str]
    company: str
    """The name of a person's company; "" for a private person, and of a source that the reader may not see."""
    by: Sequence[str] = ()
    """The fields by which it was found, where a list does not show them."""


class SearchFilter(NamedTuple):
    """Which of the dossiers that are found are wanted; "" is all of them. Only persons have a company or department."""

    company: str = ""
    """As in a search: words of its name, a number."""
    department: str = ""
    """How it begins."""
    active: str = ""
    """`yes` or `no`."""


class Hits(NamedTuple):
    """The dossiers of one kind that a text means, as many as go on a page, in order of name."""

    items: list[FoundDossier]
    more: str
    """Where the next page begins; "" where this is the last one."""
    total: int
    """On all pages; at most MOST_FOUND."""
    too_many: bool
    """Whether there are more, which are on no page."""


class Suggestion(NamedTuple):
    """What was probably meant by a text for which nothing is found."""

    text: str
    dossiers: int
    """How many it finds; at most MOST_FOUND of each kind."""


EVERYBODY: Final = SearchFilter()
NO_QUESTION: Final = Question((), "")
_ACTIVE: Final = {"yes": True, "no": False}


def look_up(environment: Environment, text: str, wanted: SearchFilter = EVERYBODY, *, by: User) -> list[FoundDossier]:
    """The dossiers that a text means, companies first; at most MOST of each kind.

    That somebody saw them in a list is in the audit log, without the text that was asked (G2). Raises NotFound and
    NotAllowed.
    """
    companies, persons = hits(environment, text, wanted=wanted, by=by)
    return [*companies.items, *persons.items]


def hits(
    environment: Environment,
    text: str,
    kind: str = "",
    after: str = "",
    wanted: SearchFilter = EVERYBODY,
    *,
    by: User,
) -> tuple[Hits, Hits]:
    """The companies and the persons that a text means; of one `kind` alone where it is named, `after` a page before.
    Without a text, the persons of the company that is `wanted`.

    Raises as `look_up`, which also says what is in the audit log.
    """
    question = read_question(text) if len(text.strip()) >= LEAST_LETTERS else NO_QUESTION
    if not question.parts and not wanted.company:
        return NO_HITS, NO_HITS
    permissions.check(by, "look-up", environment.customer)
    sources = sources_for(by, "look-up", environment.customer)
    narrowing = search.Narrowing(department=wanted.department, active=_ACTIVE.get(wanted.active))
    if wanted.company:
        employer = read_question(wanted.company)
        ids = search.find_ids(environment.id.hex, "company", employer, _MOST_COMPANIES, sources=sources)
        narrowing = narrowing._replace(companies=ids)
    one_kind = "person" if wanted.company or wanted.department else kind
    companies = _hits(environment, "company", question, after, sources, narrowing) if one_kind != "person" else NO_HITS
    persons = _hits(environment, "person", question, after, sources, narrowing) if one_kind != "company" else NO_HITS
    if companies.items or persons.items:
        seen = {"companies": len(companies.items), "persons": len(persons.items)}
        audit.note(environment.customer, "looked-up", by, environment=environment.name, seen=seen)
    return companies, persons


def finds_all() -> bool:
    """Not while the index is being made of dossiers that were there before it."""
    return not words_backlog.is_left()


def suggest(environment: Environment, text: str, *, by: User) -> Suggestion | None:
    """What finds most, of all that differs in one letter from a word that nobody has. Raises as `look_up`."""
    permissions.check(by, "look-up", environment.customer)
    place, sources = environment.id.hex, sources_for(by, "look-up", environment.customer)
    question, best = read_question(text), None
    for part in filter(may_be_mistyped, question.parts):
        alone = Question((part,), "")
        if any(search.count(place, kind, alone, 1, sources=sources) for kind in _KINDS):
            continue  # it is somebody's
        words = one_letter_off(part.text)
        known = {one for kind in _KINDS for one in search.known_words(place, kind, words, sources=sources)}
        for word in sorted(known)[:_MOST_SUGGESTED]:
            meant = replaced(question, part, word)
            count = sum(search.count(place, kind, meant, MOST_FOUND, sources=sources) for kind in _KINDS)
            if count and (best is None or count > best.dossiers):
                best = Suggestion(instead(text, part, word), count)
    return best


def persons_of(environment: Environment, company: Stored, number: int = 1, *, by: User) -> Page[FoundDossier]:
    """A page of a company's persons, in order of name."""
    sources = sources_for(by, "look-up", environment.customer)
    total = search.count_persons_of(company.id, sources=sources)
    number, pages, part = bounds(number, total, MOST)
    found = search.persons_of(company.id, part.start, MOST, sources=sources)
    return Page(_found_dossiers("person", found, sources), number, pages, total)


NO_HITS: Final = Hits([], "", 0, too_many=False)
_KINDS: Final[tuple[Kind, ...]] = ("company", "person")
SHOWN: Final[dict[Kind, tuple[str, ...]]] = {
    "company": ("name", "visiting_address.city"),
    "person": (*NAMES["person"][:4], "date_of_birth"),
}
"""The fields that a list shows, beside the number and the company."""
_ID: Final = re.compile("[0-9a-f]{32}")


def _hits(
    environment: Environment, kind: Kind, question: Question, after: str, sources: Sources, narrowing: search.Narrowing
) -> Hits:
    place = environment.id.hex
    found = search.find_ids(place, kind, question, MOST_FOUND + 1, sources=sources, narrowing=narrowing)
    if kind == "person" and not found and narrowing.companies is None:
        found = _of_companies(place, question, sources, narrowing)
    ids = found[:MOST_FOUND]
    start = ids.index(after) + 1 if _ID.fullmatch(after) and after in ids else 0
    shown = ids[start : start + MOST]
    more = shown[-1] if len(ids) > start + MOST else ""
    dossiers = [one._replace(by=_fields_met(one, question)) for one in _found_dossiers(kind, shown, sources)]
    return Hits(dossiers, more, len(ids), len(found) > MOST_FOUND)


def _fields_met(found: FoundDossier, question: Question) -> list[str]:
    """The fields by which a dossier was found, beside those that a list shows."""
    key, values, kind = found.stored.key[1], found.values, found.kind
    in_list = {name: values.get(name, "") for name in SHOWN[kind]}
    seen = words_of(kind, key, in_list) | words_of("company", "", {"name": found.company})
    hidden = [part for part in question.parts if not part.is_met_by(seen)]
    if not hidden or (question.whole and any(word.startswith(question.whole) for word in seen)):
        return []
    others = [name for name in FIELDS[kind] if values[name] and name not in in_list]
    words = {name: words_of(kind, "", {name: values[name]}) for name in others}
    whole = Question((), question.whole)
    return [name for name, own in words.items() if whole.is_met_by(own) or any(part.is_met_by(own) for part in hidden)]


def _of_companies(place: str, question: Question, sources: Sources, narrowing: search.Narrowing) -> list[str]:
    """The persons whose name is some of the words, and their company's the others: `Brouwer De Linde`."""
    found: dict[str, None] = {}
    for name, employer in _splits(question):
        companies = search.find_ids(place, "company", employer, _MOST_COMPANIES, sources=sources)
        if companies:
            most, own = MOST_FOUND + 1, narrowing._replace(companies=companies)
            found |= dict.fromkeys(search.find_ids(place, "person", name, most, sources=sources, narrowing=own))
    return list(found)


def _splits(question: Question) -> Iterator[tuple[Question, Question]]:
    parts = question.parts
    for place in range(1, len(parts) if len(parts) <= _MOST_SPLIT else 0):
        one, other = Question(parts[:place], ""), Question(parts[place:], "")
        yield one, other
        yield other, one


def _found_dossiers(kind: Kind, ids: list[str], sources: Sources) -> list[FoundDossier]:
    stored = records.load_by_ids(kind, ids)
    companies = records.load_by_ids("company", {one.company for one in stored.values() if one.company})
    found = []
    for one in filter(None, map(stored.get, ids)):
        company = companies.get(one.company or "")
        employer = name_of("company", company) if company and is_within(company.key[0], sources) else ""
        found.append(FoundDossier(kind, one, name_of(kind, one), values_of(kind, one), employer))
    return found
