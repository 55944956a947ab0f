"""Looks companies and persons up as people search: by any word of a name, a number, a date (product.md, the reader)."""

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from instroom.core.fields import Kind
from instroom.core.plan.model import Stored
from instroom.core.search.question import Question, may_be_mistyped, one_letter_off, read_question, replaced
from instroom.core.search.words import fold
from instroom.flow import audit, permissions
from instroom.flow.paging import Page, bounds
from instroom.flow.queries.dossier_names import name_of, values_of
from instroom.flow.source_limits import Sources, is_within, sources_for
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
    question = read_question(text)
    if len(text.strip()) < LEAST_LETTERS or not question.parts:
        return NO_HITS, NO_HITS
    permissions.check(by, "look-up", environment.customer)
    sources = sources_for(by, "look-up", environment.customer)
    companies = _hits(environment, "company", question, after, sources) if kind != "person" else NO_HITS
    persons = _hits(environment, "person", question, after, sources) if kind != "company" else NO_HITS
    if companies.items or persons.items:
        seen = {"companies": len(companies.items), "persons": len(persons.items)}
        audit.note(environment.customer, "looked-up", by, environment=environment.name, seen=seen)
    return companies, persons


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
                best = Suggestion(_instead(text, part.text, word), count)
    return best


def _instead(text: str, part: str, word: str) -> str:
    """The text with another word, with a capital where there was one."""
    typed = (
        (word.capitalize() if one[0].isupper() else word) if fold(one).strip(".,") == part else one
        for one in text.split()
    )
    return " ".join(typed)


def persons_of(environment: Environment, company: Stored, number: int = 1, *, by: User) -> Page[FoundDossier]:
    """A page of a company's persons, in order of name."""
    sources = sources_for(by, "look-up", environment.customer)
    total = search.count_persons_of(company.id, sources=sources)
    number, pages, part = bounds(number, total, MOST)
    found = search.persons_of(company.id, part.start, MOST, sources=sources)
    return Page(_found_dossiers("person", found, sources), number, pages, total)


NO_HITS: Final = Hits([], "", 0, too_many=False)
_KINDS: Final[tuple[Kind, ...]] = ("company", "person")
_ID: Final = re.compile("[0-9a-f]{32}")


def _hits(environment: Environment, kind: Kind, question: Question, after: str, sources: Sources) -> Hits:
    place = environment.id.hex
    found = search.find_ids(place, kind, question, MOST_FOUND + 1, sources=sources)
    if kind == "person" and not found:
        found = _of_companies(place, question, sources)
    ids = found[:MOST_FOUND]
    start = ids.index(after) + 1 if _ID.fullmatch(after) and after in ids else 0
    shown = ids[start : start + MOST]
    more = shown[-1] if len(ids) > start + MOST else ""
    return Hits(_found_dossiers(kind, shown, sources), more, len(ids), len(found) > MOST_FOUND)


def _of_companies(place: str, question: Question, sources: Sources) -> list[str]:
    """The persons whose name is some of the words, and their company's the others: `Brouwer De Linde`."""
    found: dict[str, None] = {}
    for name, employer in _splits(question):
        companies = search.find_ids(place, "company", employer, _MOST_COMPANIES, sources=sources)
        if companies:
            most = MOST_FOUND + 1
            found |= dict.fromkeys(search.find_ids(place, "person", name, most, sources=sources, companies=companies))
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
