"""The policies of approvals, written a second time and apart from the code: who may do what, and what goes by itself.

It knows no database and no plan. It is given what a delivery would do to dossiers, and says what may become of the
delivery. `test_policy_walk.py` compares the product with it.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple

MAY = {
    "deliver": {"operator", "supplier"},
    "withdraw": {"operator", "supplier"},
    "approve": {"operator", "approver"},
    "refuse": {"operator", "approver"},
    "undo": {"operator", "approver"},
    "configure": {"operator"},
}
"""Action → the roles that allow it."""
ACCOUNT = "account"
"""Who delivers through the file server."""
WAITING = {"awaiting-approval", "held"}
PERIOD = timedelta(days=7)


class Actor(NamedTuple):
    """A person, or the program that works for them, which may do no more than its token."""

    name: str
    scopes: frozenset[str] | None = None


@dataclass
class One:
    """A delivery: a file, or an undo of another one."""

    by: str
    """A person, or ACCOUNT."""
    managed_by: frozenset[str] = frozenset()
    """Who could deliver through the account when it came in."""
    on_connection: bool = False
    undoes: "One | None" = None
    state: str = "received"
    reason: str = ""
    names: frozenset[str] = frozenset()
    """The dossiers that its file names."""
    does: dict[str, frozenset[str]] = field(default_factory=dict)
    """Guard → the dossiers that it touches so."""
    keys: frozenset[str] = frozenset()
    """All dossiers that it touches."""
    records: int = 0
    automatic: bool = False
    came_at: datetime | None = None
    decided_by: str = ""
    decided: int = 0
    """The turn at which somebody decided, or it was approved automatically."""
    imported: int = 0
    """The turn at which it came in live."""
    imported_at: datetime | None = None

    def file(self) -> "One":
        return self.undoes.file() if self.undoes else self


@dataclass
class World:
    """One customer with one connection, on which files are taken as they arrive."""

    roles: dict[str, set[str]]
    guards: dict[str, tuple[int, int, int]]
    """Name → percent, number, least."""
    account_made_by: str
    two_persons: bool = False
    standing_by: str = ""
    proposed_by: str = ""
    """Who wants a standing approval, where that takes two persons."""
    former_suppliers: set[str] = field(default_factory=set)
    """They were suppliers with the present password of the account."""
    corrected: int = 0
    """The turn at which a person last corrected a file of the connection."""
    turn: int = 0
    all: list[One] = field(default_factory=list)

    # Who may do what.

    def has_right(self, name: str, action: str) -> bool:
        return bool(self.roles[name] & MAY[action])

    def may(self, who: Actor, action: str) -> bool:
        return self.has_right(who.name, action) and (who.scopes is None or action in who.scopes)

    def managers(self) -> frozenset[str]:
        """Who may have the password of the account."""
        suppliers = {name for name, roles in self.roles.items() if "supplier" in roles}
        return frozenset({self.account_made_by, *suppliers, *self.former_suppliers})

    def lose_role(self, name: str, role: str) -> None:
        self.roles[name].remove(role)
        if role == "supplier":
            self.former_suppliers.add(name)

    def makers(self, one: One) -> frozenset[str]:
        made = one.managed_by | self.managers() if one.by == ACCOUNT else frozenset({one.by})
        return made | (self.makers(one.file()) if one.undoes and one.undoes.undoes else frozenset())

    def stands_behind(self, name: str, one: One) -> bool:
        """Whether an approval of this person holds."""
        return self.has_right(name, "approve") and not (self.two_persons and name in self.makers(one))

    def approves(self, who: Actor, one: One) -> bool:
        return one.state in WAITING and self.may(who, "approve") and self.stands_behind(who.name, one)

    def refuses(self, who: Actor, one: One) -> bool:
        return one.state in WAITING and self.may(who, "refuse")

    def withdraws(self, who: Actor, one: One) -> bool:
        return one.state in {*WAITING, "approved", "scheduled"} and self.may(who, "withdraw")

    def takes_back(self, who: Actor, one: One) -> bool:
        return one.state == "scheduled" and self.may(who, "approve")

    def moves(self, who: Actor, one: One) -> bool:
        return one.state == "scheduled" and self.may(who, "approve") and self.stands_behind(who.name, one)

    def undoes(self, who: Actor, one: One) -> bool:
        ended = {"refused", "withdrawn", "failed", "undone"}
        under_way = any(other.undoes is one and other.state not in ended for other in self.all)
        can = one.state in {"imported", "refused", "withdrawn", "superseded"}
        return can and not under_way and self.may(who, "undo")

    def stands(self) -> bool:
        """Whether there is a standing approval, of somebody who may still give it."""
        return bool(self.standing_by) and self.has_right(self.standing_by, "approve")

    def gives_standing(self, who: Actor) -> bool:
        return self.may(who, "configure") and (self.stands() or self.may(who, "approve"))

    def confirms_standing(self, who: Actor) -> bool:
        by = self.proposed_by
        still = by and self.has_right(by, "approve") and self.has_right(by, "configure")
        return bool(still) and self.may(who, "approve") and who.name != by and not self.stands()

    def give_standing(self, who: Actor) -> None:
        if not self.stands() and self.two_persons:
            self.proposed_by = who.name
        elif not self.stands():
            self.standing_by = who.name

    # What becomes of a delivery.

    def tick(self) -> int:
        self.turn += 1
        return self.turn

    def correct(self, one: One) -> None:
        """A person turns down, takes back or undoes it."""
        if one.file().on_connection:
            self.corrected = self.tick()

    def approval(self) -> One | None:
        """The file that a person last approved on the connection, and that is in live."""
        found = [one for one in self.all if one.on_connection and one.state == "imported" and one.decided_by]
        return max(found, key=lambda one: one.decided, default=None)

    def judge(self, one: One, now: datetime) -> tuple[str, str]:
        """The state to which a delivery comes after training, and why."""
        approved = self.approval()
        if one.undoes or not one.on_connection or not self.standing_by or not approved:
            return "awaiting-approval", ""
        since = [other for other in self.all if other.state == "imported" and other.imported > approved.decided]
        undone = any(other.undoes and other.keys & one.keys for other in since)
        if self.corrected > approved.decided or undone:
            return "held", "corrected"
        if not self.stands():
            return "held", "giver-left"
        if self.two_persons and self.standing_by in self.makers(one):
            return "held", "giver-delivered"
        if any(not self.within(guard, *counted) for guard, *counted in self.counts(one, approved, now)):
            return "held", "guards"
        started = one.came_at and one.came_at.replace(hour=0, minute=0, second=0, microsecond=0)
        for other in self.all:
            lasts = other.state in {"approved", "imported", "undone"}
            same_day = other.came_at and started and other.came_at >= started
            if other is not one and other.automatic and lasts and same_day and other.decided > approved.decided:
                return "held", "once"
        return "imported", ""

    def counts(self, one: One, approved: One, now: datetime) -> Iterator[tuple[str, int, int, int]]:
        """Guard, how many, of how many, in how many days: of the delivery, and of it with each row of those that went
        by themselves just before it."""
        before = [
            other
            for other in self.all
            if other.automatic and other.state == "imported" and other.imported > approved.decided
        ]
        before.sort(key=lambda other: -other.imported)
        made = one.does["created"].union(*(other.does["created"] for other in before))
        base = len(approved.names) + len(made)
        for guard in ("created", "changed", "sensitive"):
            mine = one.does[guard]
            yield guard, len(mine), min(base, len(one.names)), 0
            for length in range(1, len(before) + 1 if mine else 1):
                oldest = before[length - 1]
                if oldest.imported_at:
                    together = mine.union(*(other.does[guard] for other in before[:length]))
                    yield guard, len(together), base, (now - oldest.imported_at).days
        files = [other for other in before if other.imported_at and now - other.imported_at <= PERIOD]
        most = max(other.records for other in [approved, *files, *before[:1]])
        yield "fewer", max(most - one.records, 0), most, 0

    def within(self, guard: str, number: int, of: int, days: int) -> bool:
        percent, most, least = self.guards[guard]
        if days > PERIOD.days:
            weeks, months = days / 7, 1 + (days - 7) / 28
            percent, most, least = int(percent * months + 1e-9), int(most * weeks + 1e-9), int(least * months + 1e-9)
        return number <= most and (number <= least or percent >= 100 or number * 100 <= percent * of)

    def make_way(self, one: One) -> None:
        """What waited on the connection makes way for a newer file that waits or goes."""
        if one.on_connection and not one.undoes:
            for other in self.all[: self.all.index(one)]:
                if other.on_connection and not other.undoes and other.state in {*WAITING, "scheduled"}:
                    other.state = "superseded"

    def comes_in_live(self, one: One) -> None:
        one.state, one.imported = "imported", self.tick()
        if one.undoes:
            self.is_undone(one.undoes)
            self.correct(one)

    def is_undone(self, one: One) -> None:
        one.state = "undone"
        if one.undoes and one.undoes.state == "undone":
            one.undoes.state = "imported"
            if one.undoes.undoes and one.undoes.undoes.state == "imported":
                self.is_undone(one.undoes.undoes)
