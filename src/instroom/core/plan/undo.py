"""The plan that undoes an import (product.md D8): pure, from what was done and what is stored now.

What has changed since is kept and named. A value counts as changed since when it is no longer what the import made it.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any, NamedTuple

from instroom.core.fields import FIELDS, Kind
from instroom.core.plan.difference import Values, link_change
from instroom.core.plan.digest import digest, encode
from instroom.core.plan.model import Action, Change, Link, Outcome, Plan, Seen, Stored
from instroom.core.plan.totals import totals


class Kept(NamedTuple):
    """A dossier of which something is kept, as it has changed since."""

    kind: Kind
    extern_source: str
    extern_id: str
    fields: tuple[str, ...]  # empty: the dossier as a whole


class Now(NamedTuple):
    """What is stored now of the dossiers that the import touched."""

    dossiers: Mapping[str, Stored]  # by id
    persons_of: Mapping[str, Collection[str]]  # company id → ids of its persons
    taken: Mapping[tuple[str, Any], str]  # (kind, key) → id, of removed dossiers' keys that exist again
    companies: Collection[str]  # ids, of those that a link would go back to, that exist


def make_undo_plan(done: Sequence[Change], now: Now) -> Plan:
    """A plan that takes back each of the changes `done`, as far as nothing came over it."""
    undoer = _Undoer(now, done)
    persons = [undoer.person(change) for change in done if change.kind == "person"]
    leaving = {person.dossier for person in persons if person.action == "removed" or person.link}
    companies = [undoer.company(change, leaving) for change in done if change.kind == "company"]
    both = sorted((*companies, *persons), key=lambda change: (change.kind, change.key))
    changes = [change for change in both if _does_something(change)]
    outcomes = _outcomes(both)
    encoded = encode(changes)
    actions = [[change.action for change in own if _does_something(change)] for own in (companies, persons)]
    counted = totals(outcomes, actions[0], actions[1], changes)
    for kind, own in (("companies", companies), ("persons", persons)):
        counted[kind]["removed"] = sum(change.action == "removed" for change in own)
    counted["kept"] = [kept._asdict() for kept in sorted(undoer.kept)]
    return Plan(
        changes,
        [Seen(change.key, change.dossier, change.version) for change in companies],
        [Seen(change.key, change.dossier, change.version) for change in persons],
        outcomes,
        counted,
        encoded,
        digest(changes, encoded, [outcome.row for outcome in outcomes if outcome.word == "left_out"]),
    )


def _does_something(change: Change) -> bool:
    return change.action != "unchanged" or bool(change.link)


class _Undoer:
    def __init__(self, now: Now, done: Sequence[Change]) -> None:
        self._now = now
        self._comes_back = {change.dossier for change in done if change.action == "removed"}
        self.kept: list[Kept] = []

    def person(self, change: Change) -> Change:
        """What takes a person's change back, its link included."""
        undone = self._take_back_dossier(change, lambda stored: stored.company == change.company_after)
        stored = self._now.dossiers.get(change.dossier)
        if stored is None or change.action in ("new", "removed") or not change.link:
            return undone
        if stored.company != change.company_after or not self._company_is_there(change.company_before):
            self._keep(change, ("company",))
            return undone
        link = link_change(stored.company, change.company_before)
        return undone._replace(link=link, company_before=stored.company, company_after=change.company_before)

    def company(self, change: Change, leaving: Collection[str]) -> Change:
        """What takes a company's change back; a new company that keeps a person which is not `leaving` stays."""
        return self._take_back_dossier(
            change, lambda stored: all(one in leaving for one in self._now.persons_of.get(stored.id, ()))
        )

    def _take_back_dossier(self, change: Change, may_go: Callable[[Stored], bool]) -> Change:
        """Takes the change of one dossier back; `may_go` says whether nothing else keeps a new one."""
        stored = self._now.dossiers.get(change.dossier)
        if change.action == "removed":
            return self._bring_back(change)
        if stored is None:
            return self._leave_as_it_is(change, None)
        if change.action == "new":
            gone = _filled(change.kind, stored) == dict(change.after) and may_go(stored)
            return _remove(change, stored) if gone else self._leave_as_it_is(change, stored)
        return self._restore(change, stored)

    def _company_is_there(self, company: str | None) -> bool:
        return company is None or company in self._now.companies or company in self._comes_back

    def _bring_back(self, change: Change) -> Change:
        """A dossier that the import removed (it was itself an undo) is made again, with its id."""
        if change.dossier in self._now.dossiers or (change.kind, change.key) in self._now.taken:
            return self._leave_as_it_is(change, self._now.dossiers.get(change.dossier))
        company = change.company_before
        if not self._company_is_there(company):
            self._keep(change, ("company",))
            company = None
        after = dict(change.before)
        link: Link = "linked" if company else ""
        return change._replace(
            version=0, action="new", link=link, before={}, after=after, company_before=None, company_after=company
        )

    def _restore(self, change: Change, stored: Stored) -> Change:
        """Each value goes back to what it was, unless it is no longer what the import made it."""
        current = _stored_values(change.kind, stored)
        before: Values = {}
        after: Values = {}
        kept = []
        for name, made in change.after.items():
            back = _value_before(name, change.before[name], made, current[name])
            if back is None:
                kept.append(name)
            elif back != current[name]:
                before[name], after[name] = current[name], back
        if kept:
            self._keep(change, tuple(kept))
        action: Action = "changed" if after else "unchanged"
        return change._replace(
            version=stored.version, action=action, link="", before=before, after=after,
            company_before=stored.company, company_after=stored.company, company_key=None,
        )  # fmt: skip

    def _leave_as_it_is(self, change: Change, stored: Stored | None) -> Change:
        self._keep(change, ())
        return change._replace(
            version=stored.version if stored else 0, action="unchanged", link="", before={}, after={},
            company_before=None, company_after=None, company_key=None,
        )  # fmt: skip

    def _keep(self, change: Change, fields: tuple[str, ...]) -> None:
        self.kept.append(Kept(change.kind, change.key[0], change.extern_id, fields))


def _value_before(name: str, was: Any, made: Any, current: Any) -> Any:
    """The value to go back to; None where it has changed since."""
    if name == "categories":
        before, after = {tuple(pair) for pair in was}, {tuple(pair) for pair in made}
        there = {tuple(pair) for pair in current}
        return [list(pair) for pair in sorted(there - (after - before) | (before - after))]
    if name == "free_fields":
        ours = {code for code in {*was, *made} if made.get(code) != was.get(code)}
        if any(current.get(code) != made.get(code) for code in ours):
            return None
        others = {code: value for code, value in current.items() if code not in ours}
        return dict(sorted({**others, **{code: was[code] for code in ours if code in was}}.items()))
    return was if current == made else None


def _stored_values(kind: Kind, stored: Stored) -> Values:
    values: Values = dict(zip(FIELDS[kind], stored.fields, strict=True))
    values["categories"] = [list(pair) for pair in stored.categories]
    values["free_fields"] = dict(stored.free_fields)
    return values


def _filled(kind: Kind, stored: Stored) -> Values:
    return {name: value for name, value in _stored_values(kind, stored).items() if value}


def _remove(change: Change, stored: Stored) -> Change:
    before = _filled(change.kind, stored)
    link: Link = "unlinked" if stored.company else ""
    return change._replace(
        version=stored.version, action="removed", link=link, before=before, after={},
        company_before=stored.company, company_after=None, company_key=None,
    )  # fmt: skip


def _outcomes(changes: Sequence[Change]) -> list[Outcome]:
    """An undo has no file: its records are the dossiers that the import touched, numbered in the plan's order."""
    counts = {"company": -1, "person": -1}
    outcomes = []
    for row, change in enumerate(changes, start=1):
        counts[change.kind] += 1
        word: Any = change.action if change.action != "unchanged" else change.link or "left_out"
        company = counts["company"] if change.kind == "company" else None
        outcomes.append(Outcome(row, word, company, counts["person"] if change.kind == "person" else None))
    return outcomes
