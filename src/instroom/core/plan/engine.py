"""The one engine that makes plans: for training, for the preview of live and at its execution (product.md D1)."""

from collections.abc import Callable, Collection, Sequence

from instroom.core.fields import Kind
from instroom.core.keys import Key
from instroom.core.model import Part, Policies, Record
from instroom.core.plan.difference import differ, new_values
from instroom.core.plan.digest import digest, encode
from instroom.core.plan.model import Action, Change, Known, Link, Outcome, OutcomeWord, Plan, Seen, Stored, Wanted
from instroom.core.plan.totals import totals
from instroom.core.plan.wanted import wanted

NewIds = Callable[[int], list[str]]


def make_plan(
    records: Sequence[Record],
    known: Known,
    policies: Policies,
    new_ids: NewIds,
    *,
    repeated: Collection[int] = frozenset(),
    left_out: Collection[int] = frozenset(),
) -> Plan:
    """What the records do to the known dossiers.

    `records` are those to import; `repeated` the rows among them whose person another row gives already; `left_out`
    the rows of the file that are not in `records`. `known` holds every stored dossier that the records name.
    """
    asked = wanted(records, repeated)
    planner = _Planner(asked, known, policies, new_ids)
    companies = planner.companies()
    persons = planner.persons()
    changes = [change for change in (*companies, *persons) if change.action != "unchanged" or change.link]
    outcomes = _outcomes(records, companies, persons, repeated, left_out)
    encoded = encode(changes)
    out_rows = [outcome.row for outcome in outcomes if outcome.word == "left_out"]
    return Plan(
        changes,
        [Seen(change.key, change.dossier, change.version) for change in companies],
        [Seen(change.key, change.dossier, change.version) for change in persons],
        outcomes,
        totals(outcomes, companies, persons),
        encoded,
        digest(changes, encoded, out_rows),
    )


class _Planner:
    """Holds what both kinds need; makes one Change for each dossier that the file names, changed or not."""

    def __init__(self, asked: Wanted, known: Known, policies: Policies, new_ids: NewIds) -> None:
        self._asked, self._known, self._policies, self._new_ids = asked, known, policies, new_ids
        self._company_ids: dict[Key, str] = {}

    def companies(self) -> list[Change]:
        """In order of key."""
        asked, stored, difference = self._asked.companies, self._known.companies, differ("company", self._policies)
        ids = self._ids_for(asked, stored)
        changes = []
        for key in sorted(asked):
            part, old, row = asked[key], stored.get(key), self._asked.company_rows[key]
            if old is None:
                change = _new("company", ids.pop(), part, row)
            else:
                before, after = difference(part, old)
                change = _known("company", old, row, before, after)
            self._company_ids[key] = change.dossier
            changes.append(change)
        return changes

    def persons(self) -> list[Change]:
        """In order of key; companies() goes before, since a person may be linked to a new company."""
        asked, stored, difference = self._asked.persons, self._known.persons, differ("person", self._policies)
        ids = self._ids_for(asked, stored)
        changes = []
        for key in sorted(asked):
            part, company_key, row = asked[key]
            old = stored.get(key)
            company = self._company_ids[company_key] if company_key else None
            if old is None:
                change = _new("person", ids.pop(), part, row)
            else:
                before, after = difference(part, old)
                change = _known("person", old, row, before, after)
            if link := _link(old.company if old else None, company):
                change = change._replace(link=link, company_after=company, company_key=company_key)
            changes.append(change)
        return changes

    def _ids_for(self, asked: Collection[Key], stored: dict[Key, Stored]) -> list[str]:
        ids = self._new_ids(sum(key not in stored for key in asked))
        ids.reverse()  # popped from the end: ids rise with the keys, which keeps inserts in the index's order
        return ids


def _new(kind: Kind, dossier: str, part: Part, row: int) -> Change:
    after = new_values(kind, part)
    return Change(kind, dossier, 0, part.key, part.extern_id, "new", "", row, {}, after, None, None, None)


def _known(kind: Kind, old: Stored, row: int, before: dict[str, object], after: dict[str, object]) -> Change:
    action: Action = "changed" if after else "unchanged"
    same = (old.company, old.company, None)
    return Change(kind, old.id, old.version, old.key, old.extern_id, action, "", row, before, after, *same)


def _link(old: str | None, new: str | None) -> Link:
    if old == new:
        return ""
    if old is None:
        return "linked"
    return "unlinked" if new is None else "relinked"


def _outcomes(
    records: Sequence[Record],
    companies: list[Change],
    persons: list[Change],
    repeated: Collection[int],
    left_out: Collection[int],
) -> list[Outcome]:
    """One for each record of the file, in order of row."""
    company_index = {change.key: index for index, change in enumerate(companies)}
    person_index = {change.key: index for index, change in enumerate(persons)}
    outcomes = [Outcome(row, "left_out", None, None) for row in left_out]
    for row, company, person in records:
        company_at = company_index[company.key] if company else None
        person_at = person_index[person.key] if person else None
        word: OutcomeWord = "left_out"
        if row not in repeated:
            word = _word(
                companies[company_at] if company_at is not None else None,
                persons[person_at] if person_at is not None else None,
            )
        outcomes.append(Outcome(row, word, company_at, person_at))
    outcomes.sort()
    return outcomes


def _word(company: Change | None, person: Change | None) -> OutcomeWord:
    """The person says what becomes of a record, unless nothing happens to it and something to the company."""
    if person and (person.action != "unchanged" or person.link):
        return (
            "new" if person.action == "new" else "changed" if person.action == "changed" else person.link or "unchanged"
        )
    if company and company.action in ("new", "changed"):
        return "new" if company.action == "new" else "changed"
    return "unchanged"
