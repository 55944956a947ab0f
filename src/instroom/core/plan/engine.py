"""The one engine that makes plans: for training, for the preview of live and at its execution (product.md D1)."""

from collections.abc import Callable, Collection, Sequence
from typing import NamedTuple

from instroom.core.fields import Kind
from instroom.core.keys import Key
from instroom.core.model import Policies, Record, RecordPart
from instroom.core.plan.columns import as_json, count_columns
from instroom.core.plan.difference import differ, link_change, new_fields, new_values
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
    by_column: bool = False,
) -> Plan:
    """What the records do to the known dossiers.

    `records` are those to import; `repeated` the rows among them whose person another row gives already; `left_out`
    the rows of the file that are not in `records`. `known` holds every stored dossier that the records name.
    `by_column`: the totals hold `columns` too, which costs time.
    """
    asked = wanted(records, repeated)
    planner = _Planner(asked, known, policies, new_ids)
    companies = planner.companies()
    persons = planner.persons()
    changes = [*companies.changes, *persons.changes]
    outcomes = _outcomes(records, companies, persons, repeated, left_out)
    encoded = encode(changes)
    out_rows = [outcome.row for outcome in outcomes if outcome.word == "left_out"]
    counted = totals(outcomes, companies.actions, persons.actions, changes)
    if by_column:
        counted["columns"] = as_json(count_columns(asked, changes))
    return Plan(changes, companies.seen, persons.seen, outcomes, counted, encoded, digest(changes, encoded, out_rows))


class _Planned(NamedTuple):
    """One kind, in order of key: what is looked at, what is done to each, and the changes among them."""

    seen: list[Seen]
    actions: list[Action]
    words: list[OutcomeWord]  # as actions, but the link where nothing else happens
    changes: list[Change]

    def add(self, change: Change) -> None:
        self.seen.append(Seen(change.key, change.dossier, change.version))
        self.actions.append(change.action)
        self.words.append(change.link or "unchanged" if change.action == "unchanged" else change.action)
        self.changes.append(change)

    def add_unchanged(self, stored: Stored) -> None:
        self.seen.append(Seen(stored.key, stored.id, stored.version))
        self.actions.append("unchanged")
        self.words.append("unchanged")


class _Planner:
    """Holds what both kinds need."""

    def __init__(self, asked: Wanted, known: Known, policies: Policies, new_ids: NewIds) -> None:
        self._asked, self._known, self._policies, self._new_ids = asked, known, policies, new_ids
        self._company_ids: dict[Key, str] = {}

    def companies(self) -> _Planned:
        """The companies that the file names."""
        asked, stored, difference = self._asked.companies, self._known.companies, differ("company", self._policies)
        ids = self._ids_for(asked, stored)
        planned = _Planned([], [], [], [])
        for key in sorted(asked):
            part, old, row = asked[key], stored.get(key), self._asked.company_rows[key]
            if old is None:
                change = _new_dossier("company", ids.pop(), part, row)
                self._company_ids[key] = change.dossier
                planned.add(change)
                continue
            self._company_ids[key] = old.id
            before, after = difference(part, old)
            if after:
                planned.add(_known_dossier("company", old, row, before, after))
            else:
                planned.add_unchanged(old)
        return planned

    def persons(self) -> _Planned:
        """The persons that the file names; companies() goes before, since a person may be linked to a new company."""
        asked, stored, difference = self._asked.persons, self._known.persons, differ("person", self._policies)
        ids = self._ids_for(asked, stored)
        planned = _Planned([], [], [], [])
        for key in sorted(asked):
            part, company_key, row = asked[key]
            old = stored.get(key)
            company = self._company_ids[company_key] if company_key else None
            if old is None:
                planned.add(_new_dossier("person", ids.pop(), part, row, company, company_key))
                continue
            before, after = difference(part, old)
            if company != old.company:
                link = link_change(old.company, company)
                change = _known_dossier("person", old, row, before, after)
                planned.add(change._replace(link=link, company_after=company, company_key=company_key))
            elif after:
                planned.add(_known_dossier("person", old, row, before, after))
            else:
                planned.add_unchanged(old)
        return planned

    def _ids_for(self, asked: Collection[Key], stored: dict[Key, Stored]) -> list[str]:
        ids = self._new_ids(sum(key not in stored for key in asked))
        ids.reverse()  # popped from the end: ids rise with the keys, which keeps inserts in the index's order
        return ids


def _new_dossier(
    kind: Kind, dossier: str, part: RecordPart, row: int, company: str | None = None, company_key: Key | None = None
) -> Change:
    link: Link = "linked" if company else ""
    fields = new_fields(kind, part)
    after = new_values(kind, fields)
    if part.categories:
        after["categories"] = part.categories
    if part.free_fields:
        after["free_fields"] = dict(part.free_fields)
    key, extern_id = part.key, part.extern_id
    return Change(kind, dossier, 0, key, extern_id, "new", link, row, {}, after, None, company, company_key, fields)


def _known_dossier(kind: Kind, old: Stored, row: int, before: dict[str, object], after: dict[str, object]) -> Change:
    action: Action = "changed" if after else "unchanged"
    same = (old.company, old.company, None)
    return Change(kind, old.id, old.version, old.key, old.extern_id, action, "", row, before, after, *same)


def _outcomes(
    records: Sequence[Record],
    companies: _Planned,
    persons: _Planned,
    repeated: Collection[int],
    left_out: Collection[int],
) -> list[Outcome]:
    """One for each record of the file, in order of row. The person says what becomes of a record, unless nothing
    happens to it and something to the company."""
    company_index = {seen.key: index for index, seen in enumerate(companies.seen)}
    person_index = {seen.key: index for index, seen in enumerate(persons.seen)}
    outcomes = [Outcome(row, "left_out", None, None) for row in left_out]
    for row, company, person in records:
        company_at = company_index[company.key] if company else None
        person_at = person_index[person.key] if person else None
        word: OutcomeWord = persons.words[person_at] if person_at is not None else "unchanged"
        if row in repeated:
            word = "left_out"
        elif word == "unchanged" and company_at is not None:
            word = companies.words[company_at]
        outcomes.append(Outcome(row, word, company_at, person_at))
    outcomes.sort()
    return outcomes
