"""Random people do random things, and the product allows and does what the policies say (E3, E3a, D3, D4, D8).

The policies stand in `policy_model.py`, apart from the code. After each act the states of all deliveries are compared.
A hundred thousand acts take as long as their queries do: what the walk itself reads is SQL, and days pass on the clock.
"""

import random
import tempfile
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from django.db import connection as database
from django.utils import timezone

from instroom.core.errors import InstroomError
from instroom.flow import acting
from instroom.flow.connections import connections
from instroom.flow.delivery import advance, decide, receive, scheduled, undo
from instroom.flow.delivery.states import AT_WORK
from instroom.flow.people import members
from instroom.flow.safeguards import proposals
from instroom.store.models import ApiToken, Customer, Delivery, FileAccount, Plan, Role, User
from instroom.store.sql import plans
from tests.contracts.customer import Row, SampleCustomer, person, write_csv
from tests.contracts.policy_model import ACCOUNT, MAY, Actor, One, World

pytestmark = pytest.mark.on_sqlite_alone

GUARDS = {"created": (20, 500, 1), "changed": (30, 1000, 1), "sensitive": (10, 100, 0), "fewer": (10, 250, 1)}
PEOPLE = {
    "operator": {"operator"}, "supplier": {"supplier"}, "approver": {"approver"}, "reader": {"reader"},
    "both": {"supplier", "approver"}, "stranger": set(),
}  # fmt: skip
STEPS = 250  # of one customer: then the next one begins, so that no history grows without end


class Walk:
    """A customer, and what the model says of it."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.customer = SampleCustomer()
        self.live = self.customer.environment("live").pk
        self.people = {name: User.objects.create(username=f"{name}-{self.customer.name}") for name in PEOPLE}
        Role.objects.filter(customer=self.customer.record).delete()
        for name, roles in PEOPLE.items():
            for role in roles:
                Role.objects.create(customer=self.customer.record, user=self.people[name], name=role)
        self.keeper = User.objects.create(username=f"keeper-{self.customer.name}")  # who does nothing else
        Role.objects.create(customer=self.customer.record, user=self.keeper, name=Role.OPERATOR)
        self.account = FileAccount.objects.create(
            customer=self.customer.record, name=f"hr-{self.customer.name}", password="", made_at=timezone.now(),
            made_by=self.people["operator"],
        )  # fmt: skip
        guards = {name: list(limits) for name, limits in GUARDS.items()}
        self.connection = connections.add("nacht", self.customer.record, by=self.people["operator"], guards=guards)
        self.model = World({name: set(roles) for name, roles in PEOPLE.items()}, dict(GUARDS), "operator")
        self.stored: dict[int, UUID] = {}
        self.values = {str(number): ["Kok", f"{number}@voorbeeld.example"] for number in range(14)}
        self.later = timedelta()
        """By how much the clock has been put on."""
        self.said = ""
        self.seen: Counter[str] = Counter()

    # What people do.

    def deliver(self, who: Actor) -> None:
        rows, model = self._file(), self.model
        one = One(who.name, on_connection=self.chance.random() < 0.85)
        one.names, one.records = frozenset(row["p"] for row in rows), len(rows)
        if self.chance.random() < 0.3:
            one.by, one.managed_by = ACCOUNT, model.managers()
            self._follow(one, self._receive(rows, one, self.account))
        elif made := self._try(who, model.may(who, "deliver"), lambda by: self._receive(rows, one, by)):
            self._follow(one, made)

    def undo(self, who: Actor) -> None:
        file = self._any()
        if file and (
            made := self._try(who, self.model.undoes(who, file), lambda by: undo.undo(self._fresh(file), by=by))
        ):
            self.model.correct(file)
            self._follow(One(who.name, undoes=file), made)

    def approve(self, who: Actor) -> None:
        one, later = self._any(), self.chance.random() < 0.2
        at: Any = timezone.now() + timedelta(days=400) if later else "now"
        if one and self._does(
            who, self.model.approves(who, one), lambda by: decide.approve(self._fresh(one), by=by, at=at)
        ):
            one.state, one.decided_by, one.decided = "scheduled" if later else "approved", who.name, self.model.tick()
            self._release(one)

    def refuse(self, who: Actor) -> None:
        one = self._any()
        if one and self._does(
            who, self.model.refuses(who, one), lambda by: decide.refuse(self._fresh(one), "nee", by=by)
        ):
            one.state = "refused"
            self.model.correct(one)

    def withdraw(self, who: Actor) -> None:
        one = self._any()
        if one and self._does(who, self.model.withdraws(who, one), lambda by: decide.withdraw(self._fresh(one), by=by)):
            one.state = "withdrawn"
            self.model.correct(one)

    def take_back(self, who: Actor) -> None:
        one = self._any()
        if one and self._does(
            who, self.model.takes_back(who, one), lambda by: scheduled.unapprove(self._fresh(one), "Nee.", by=by)
        ):
            self._awaits_again(one)
            self.model.correct(one)

    def move_to_now(self, who: Actor) -> None:
        one = self._any()
        if one and self._does(
            who, self.model.moves(who, one), lambda by: scheduled.reschedule(self._fresh(one), "now", by=by)
        ):
            one.state, one.decided_by, one.decided = "approved", who.name, self.model.tick()
            self._release(one)

    def give_standing(self, who: Actor) -> None:
        if self._does(
            who,
            self.model.gives_standing(who),
            lambda by: connections.change(self.connection, by=by, standing=True),
        ):
            self.model.give_standing(who)

    def end_standing(self, who: Actor) -> None:
        if self._does(
            who,
            self.model.may(who, "configure"),
            lambda by: connections.change(self.connection, by=by, standing=False),
        ):
            self.model.standing_by = ""

    def confirm_standing(self, who: Actor) -> None:
        waiting = proposals.waiting(self.customer.record)
        assert len(waiting) == bool(self.model.proposed_by)
        for one in waiting:
            if self._does(who, self.model.confirms_standing(who), lambda by, one=one: proposals.confirm(one, by=by)):
                self.model.standing_by, self.model.proposed_by = who.name, ""
                self.seen["confirmed"] += 1

    # What happens.

    def time_passes(self, _: Actor) -> None:
        self.later += timedelta(days=self.chance.choice([1, 1, 1, 2, 7, 8]))

    def hour_comes(self, _: Actor) -> None:
        for one in self.model.all:
            if one.state == "scheduled" and self.chance.random() < 0.5:
                Delivery.objects.filter(pk=self.stored[id(one)]).update(due_at=timezone.now())
                one.state = "approved"
                self._release(one)
                return

    def agree_on_two_persons(self, _: Actor) -> None:
        self.model.two_persons = not self.model.two_persons
        policies = {"approver_differs": self.model.two_persons}
        Customer.objects.filter(pk=self.customer.record.pk).update(policies=policies)
        self.customer.record.refresh_from_db()

    def come_and_go(self, who: Actor) -> None:
        """Somebody gets a role, or loses one."""
        role, before = self.chance.choice(Role.NAMES), set(self.model.roles[who.name])
        if role in before:
            self.model.lose_role(who.name, role)
        else:
            self.model.roles[who.name].add(role)
        after = self.model.roles[who.name]
        members.set_roles(self.customer.record, self.people[who.name], after, by=self.keeper)

    ACTS = (
        (deliver, 10), (approve, 10), (time_passes, 8), (give_standing, 2), (undo, 1), (refuse, 1), (withdraw, 1),
        (take_back, 1), (move_to_now, 1), (end_standing, 0.2), (confirm_standing, 1), (hour_comes, 1),
        (agree_on_two_persons, 0.5), (come_and_go, 0.5),
    )  # fmt: skip

    def step(self) -> None:
        acts, weights = zip(*self.ACTS, strict=True)
        act = self.chance.choices(acts, weights)[0]
        name = self.chance.choice([*PEOPLE, *["operator", "approver", "both"] * 2])
        scopes = (
            self.chance.sample(sorted(MAY), self.chance.randrange(len(MAY))) if self.chance.random() < 0.2 else None
        )
        who = Actor(name, None if scopes is None else frozenset(scopes))
        self.said = f"{act.__name__} by {name}" + (f" with {', '.join(scopes)}" if scopes is not None else "")
        act(self, who)
        found = dict(
            self._select("SELECT id, state FROM store_delivery WHERE customer_id = %s", self.customer.record.pk)
        )
        expected = {self.stored[id(one)].hex: one.state for one in self.model.all}
        assert found == expected, self._differences(found, expected)

    # How it is compared.

    def _any(self) -> One | None:
        """Mostly the last one."""
        recent = self.model.all[-1:] if self.chance.random() < 0.7 else self.model.all[-9:]
        return self.chance.choice(recent) if recent else None

    def _fresh(self, one: One) -> Delivery:
        """As a door finds it."""
        return Delivery.objects.select_related("customer", "connection").get(pk=self.stored[id(one)])

    def _select(self, query: str, *ids: UUID) -> list[Any]:
        with database.cursor() as cursor:
            cursor.execute(query, [one.hex for one in ids])
            return cursor.fetchall()

    def _try(self, who: Actor, allowed: bool, act: Callable[[User], Any]) -> Any:
        """Do it as the person, or as their program."""
        user = self.people[who.name]
        try:
            with acting.one_request():
                if who.scopes is not None:
                    scopes = sorted(who.scopes)
                    acting.work_by(ApiToken(user=user, customer=self.customer.record, name="p", scopes=scopes))
                made = act(user)
        except InstroomError as error:
            assert not allowed, f"{self.said}: refused, {error.sentence('en')}"
            self.seen["not allowed"] += 1
            return None
        assert allowed, f"{self.said}: allowed"
        return made

    def _does(self, who: Actor, allowed: bool, act: Callable[[User], object]) -> bool:
        self._try(who, allowed, act)
        return allowed

    def _awaits_again(self, one: One) -> None:
        one.state, one.decided_by, one.automatic = "awaiting-approval", "", False

    def _file(self) -> list[Row]:
        """All, a few of them with another value; now and then some are missing, or new."""
        pick = self.chance.random()
        ids = sorted(self.values, key=int)
        for number in self.chance.sample(ids, self.chance.choice([0, 1, 1, 2, 3])):
            self.values[number][0] = f"Functie {self.chance.randrange(5)}"
        if pick < 0.15:
            number = self.chance.choice(ids)
            self.values[number][1] = f"{number}.{self.chance.randrange(5)}@voorbeeld.example"
        elif pick < 0.25:
            self.values[str(int(ids[-1]) + 1)] = ["Nieuw", "n@voorbeeld.example"]
        elif pick < 0.35:
            ids = ids[self.chance.randrange(4) :]
        return [person(number, job=self.values[number][0], email=self.values[number][1]) for number in ids]

    def _receive(self, rows: list[Row], one: One, by: User | FileAccount) -> Delivery:
        with tempfile.TemporaryDirectory() as folder:
            path = write_csv(Path(folder) / "personen.csv", rows)
            connection = self.connection if one.on_connection else None
            return receive.receive(path, self.customer.record, by=by, connection=connection)

    def _follow(self, one: One, made: Delivery) -> None:
        """Through training: what the stored plan does is given to the model, which says what becomes of it."""
        self.model.all.append(one)
        self.stored[id(one)] = made.pk
        reason = self._carry_on(one)
        one.came_at = made.received_at.astimezone(ZoneInfo("Europe/Amsterdam"))
        self._read_plan(one)
        if one.undoes and one.undoes.state != "imported":
            one.state = "imported"  # in training, where alone there is something to undo
            return
        one.state, one.reason = self.model.judge(one, timezone.now())
        self.seen[f"{one.state} {one.reason}".strip()] += 1
        self.model.make_way(one)
        if one.state == "imported":
            one.automatic, one.decided = True, self.model.tick()
            self._release(one)
        assert reason == one.reason, f"{self.said}: {reason}, not {one.reason}"

    def _release(self, one: One) -> None:
        """Approved now: in live, unless what it names has changed there since its plan was made."""
        reason = self._carry_on(one)
        if one.state == "scheduled":
            return
        executed_at = self._read_plan(one)
        if reason == "live-changed" or not (one.automatic or self.model.stands_behind(one.decided_by, one)):
            assert reason in ("live-changed", "approver-left"), f"{self.said}: {reason}"
            self.seen[reason] += 1
            self._awaits_again(one)
            return
        self.model.comes_in_live(one)
        assert executed_at, f"{self.said}: not in live"
        one.imported_at = executed_at.replace(tzinfo=UTC)

    def _carry_on(self, one: One) -> str:
        """Do what is due; gives the reason of the state to which the delivery comes."""
        delivery, reason = self.stored[id(one)], ""
        while advance.advance(self.customer.record):
            [(state, reason)] = self._select("SELECT state, reason FROM store_delivery WHERE id = %s", delivery)
            if state not in AT_WORK:
                break
        return reason

    def _read_plan(self, one: One) -> datetime | None:
        """What its last plan against live does; gives when that was executed."""
        own = Plan.objects.filter(delivery=self.stored[id(one)], environment=self.live)
        plan = own.only("executed_at").latest("pk")
        changes = [(change.extern_id, change.action, change.after) for change in plans.load_changes(plan)]
        one.keys = frozenset(key for key, _, _ in changes)
        one.does = {
            "created": frozenset(key for key, action, _ in changes if action == "new"),
            "changed": frozenset(key for key, action, _ in changes if action == "changed"),
            "sensitive": frozenset(
                key for key, action, after in changes if action == "changed" and "work_email" in after
            ),
        }
        return plan.executed_at

    def _differences(self, found: dict[Any, str], expected: dict[Any, str]) -> str:
        wrong = [
            f"{found.get(key)}, not {expected.get(key)}"
            for key in found | expected
            if found.get(key) != expected.get(key)
        ]
        return f"{self.said}: {'; '.join(wrong)}"


def walk(seed: int, steps: int) -> Counter[str]:
    """How often each thing became of a delivery."""
    seen: Counter[str] = Counter()
    for begin in range(0, steps, STEPS):
        one, now = Walk(seed + begin), timezone.now
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(timezone, "now", lambda now=now, one=one: now() + one.later)
            for number in range(min(STEPS, steps - begin)):
                try:
                    one.step()
                except AssertionError as error:
                    raise AssertionError(f"seed {seed + begin}, step {number}: {error}") from error
        seen.update(one.seen)
    return seen


def test_random_people_do_random_things() -> None:
    seen = walk(seed=1, steps=STEPS)
    reached = {"imported", "live-changed", "not allowed"}
    reached |= {f"held {why}" for why in ("guards", "corrected", "once")}
    assert reached <= seen.keys(), seen


@pytest.mark.slow
@pytest.mark.parametrize("tenth", range(10))
def test_random_people_do_random_things_for_long(tenth: int) -> None:
    """A hundred thousand steps together."""
    walk(seed=1_000_000 * (tenth + 1), steps=10_000)
