"""Who may bring a delivery from which state to which, by which act: every state × every act × every role, through the
functions of the flow themselves. And nothing that has a word or a place for each state lacks one."""

import json
import zlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any, Final, NamedTuple
from uuid import uuid4

import pytest
from django.db import transaction
from django.utils import timezone

from instroom.core.errors import InstroomError
from instroom.core.model import Policies
from instroom.flow import audit
from instroom.flow.connections import taking
from instroom.flow.delivery import decide, receive, scheduled, undo
from instroom.flow.delivery.attempts import MOST_CRASHES
from instroom.flow.delivery.completing import confirm_complete
from instroom.flow.delivery.examine import examine
from instroom.flow.delivery.release import release
from instroom.flow.delivery.retry import retry
from instroom.flow.delivery.states import CORRECTABLE, FINAL, TRANSITIONS, UNDOABLE
from instroom.flow.delivery.train import train
from instroom.store.data_keys import seal
from instroom.store.files import delivered_files
from instroom.store.leases import HeldLease, held
from instroom.store.models import Connection, Delivery, Environment, Plan, Role, User
from instroom.store.states import State
from tests.contracts.customer import SampleCustomer, person, write_csv

pytestmark = pytest.mark.on_sqlite_alone

_NOTHING: Final = zlib.compress(
    json.dumps({"company": [], "person": []}).encode()
)  # of which the plan has seen a version
_COUNTS: Final = dict.fromkeys(("new", "changed", "unchanged", "linked", "relinked", "unlinked"), 0)
_TOTALS: Final = {"records": 1, "left_out": 0, "companies": _COUNTS, "persons": _COUNTS}
Pair = tuple[State, State]
OPERATOR, SUPPLIER, APPROVER, READER, EXPORTER = Role.NAMES
WORKER, STRANGER = "worker", "stranger"
PEOPLE: Final = (*Role.NAMES, STRANGER)
_APPROVERS: Final = {OPERATOR, APPROVER}
_SUPPLIERS: Final = {OPERATOR, SUPPLIER}
_DECIDABLE: Final = (State.AWAITING_APPROVAL, State.HELD)

WHO: Final[dict[Pair, set[str]]] = {
    (State.RECEIVED, State.CHECKING): {WORKER},
    (State.RECEIVED, State.REJECTED): {WORKER},
    (State.RECEIVED, State.WITHDRAWN): _SUPPLIERS,
    (State.RECEIVED, State.SUPERSEDED): {WORKER},
    (State.CHECKING, State.TRAINING): {WORKER},
    (State.CHECKING, State.REJECTED): {WORKER},
    (State.CHECKING, State.FAILED): {WORKER},
    (State.TRAINING, State.AWAITING_APPROVAL): {WORKER},
    (State.TRAINING, State.HELD): {WORKER},
    (State.TRAINING, State.APPROVED): {WORKER},
    (State.TRAINING, State.SCHEDULED): {WORKER},
    (State.TRAINING, State.IMPORTED): {WORKER},
    (State.TRAINING, State.FAILED): {WORKER},
    (State.TRAINING, State.SUPERSEDED): {WORKER},
    **{(before, State.APPROVED): _APPROVERS for before in _DECIDABLE},
    **{(before, State.SCHEDULED): _APPROVERS for before in _DECIDABLE},
    **{(before, State.REFUSED): _APPROVERS for before in _DECIDABLE},
    **{(before, State.WITHDRAWN): _SUPPLIERS for before in _DECIDABLE},
    **{(before, State.SUPERSEDED): {WORKER} for before in _DECIDABLE},
    (State.APPROVED, State.IMPORTING): {WORKER},
    (State.APPROVED, State.WITHDRAWN): _SUPPLIERS,
    (State.SCHEDULED, State.APPROVED): _APPROVERS,
    (State.SCHEDULED, State.AWAITING_APPROVAL): _APPROVERS,
    (State.SCHEDULED, State.HELD): _APPROVERS,
    (State.SCHEDULED, State.IMPORTING): {WORKER},
    (State.SCHEDULED, State.WITHDRAWN): _SUPPLIERS,
    (State.SCHEDULED, State.SUPERSEDED): {WORKER},
    (State.IMPORTING, State.IMPORTED): {WORKER},
    (State.IMPORTING, State.AWAITING_APPROVAL): {WORKER},
    (State.IMPORTING, State.HELD): {WORKER},
    (State.IMPORTING, State.FAILED): {WORKER},
    (State.FAILED, State.RECEIVED): {OPERATOR},
    (State.FAILED, State.TRAINING): {OPERATOR},
    (State.IMPORTED, State.UNDONE): {WORKER},
    (State.UNDONE, State.IMPORTED): {WORKER},
}
"""Every pair that is possible, and who may. What stands nowhere here is possible for nobody."""


class Scene(NamedTuple):
    """A customer with a kept file, and somebody of each role."""

    customer: SampleCustomer
    people: dict[str, User]
    file: Path
    kept: dict[str, str]
    """The SHA-256 of the files that are kept, by their keys."""


@pytest.fixture
def scene(tmp_path: Path) -> Scene:
    """Made once; what an act does to it is undone."""
    customer = SampleCustomer()
    people = {name: User.objects.create(username=f"{name}-{customer.name}") for name in PEOPLE}
    for name in Role.NAMES:
        Role.objects.create(customer=customer.record, user=people[name], name=name)
    file = write_csv(tmp_path / "personen.csv", [person("1")])
    kept = {}
    for name, rows in (("good", [person("1")]), ("bad", [person("1", born="31-02-1980")])):
        with write_csv(tmp_path / f"{name}.csv", rows).open("rb") as source:
            key = f"{customer.name}/{name}"
            kept[key] = delivered_files.keep(source, key, customer.record.pk).sha256
    return Scene(customer, people, file, kept)


def delivery_in(state: State, scene: Scene, **values: Any) -> Delivery:
    """A delivery in a state, with the plan against live that an approver would see; one that is received waits."""
    record = scene.customer.record
    waits_for = "hour" if state == State.RECEIVED else ""
    key = values.get("file_key", f"{record.name}/good")
    facts = {"file_name": "personen.csv", "file_key": key, "layout": "standard/1", "sha256": scene.kept.get(key, "")}
    facts |= {"verdict": "clean", "counts": {"records": 1}, "received_at": timezone.now(), "waits_for": waits_for}
    facts |= {"policies": Policies()._asdict(), "number": record.deliveries.count() + 1}
    one = Delivery.objects.create(customer=record, state=state, **{**facts, **values})
    live = record.environments.get(name=Environment.LIVE)
    Plan.objects.create(
        environment=live, delivery=one, digest="1", totals=_TOTALS, basis=seal(record.pk, _NOTHING), outcomes=b"",
        made_at=timezone.now(),
    )  # fmt: skip
    return one


def after(act: Callable[[], object], delivery: Delivery) -> State:
    """The state to which an act brings a delivery; all that the act does is undone."""
    with transaction.atomic():
        with suppress(InstroomError, OSError, Plan.DoesNotExist):  # refused, or broken off
            act()
        state = State(Delivery.objects.values_list("state", flat=True).get(pk=delivery.pk))
        transaction.set_rollback(True)
    return state


Act = Callable[[Delivery, User], object]
ACTS: Final[dict[str, Act]] = {
    "approve": lambda one, by: decide.approve(one, by=by, at="now"),
    "approve for later": lambda one, by: decide.approve(one, by=by, at=timezone.now() + timedelta(days=1)),
    "reschedule": lambda one, by: scheduled.reschedule(one, timezone.now() + timedelta(days=1), by=by),
    "import now": lambda one, by: scheduled.reschedule(one, "now", by=by),
    "unapprove": lambda one, by: scheduled.unapprove(one, "toch niet", by=by),
    "refuse": lambda one, by: decide.refuse(one, "verkeerd bestand", by=by),
    "withdraw": lambda one, by: decide.withdraw(one, by=by),
    "undo": lambda one, by: undo.undo(one, by=by),
    "retry": lambda one, by: retry(one, by=by),
    "confirm complete": lambda one, by: confirm_complete(one, by=by),
    "take now": lambda one, by: taking.take_now(one, by=by),
}


def test_people_bring_a_delivery_where_their_role_allows_it_and_nowhere_else(scene: Scene) -> None:
    found: dict[Pair, set[str]] = {}
    failed_undo = delivery_in(State.FAILED, scene, kind=Delivery.UNDO, undoes=delivery_in(State.IMPORTED, scene))
    held_before = delivery_in(State.SCHEDULED, scene)
    audit.record(held_before, "held")
    for delivery in (*(delivery_in(state, scene) for state in State), failed_undo, held_before):
        state = State(delivery.state)
        for act in ACTS.values():
            for name, user in scene.people.items():
                fresh = Delivery.objects.get(pk=delivery.pk)
                reached = after(lambda act=act, one=fresh, user=user: act(one, user), delivery)  # type: ignore[misc]
                if reached != state:
                    found.setdefault((state, reached), set()).add(name)
    assert found == {pair: who for pair, who in WHO.items() if who != {WORKER}}


def made(act: Callable[[], Delivery]) -> State | None:
    """The state of the delivery that an act makes; None where it is refused."""
    with transaction.atomic():
        try:
            state = State(act().state)
        except InstroomError:
            state = None
        transaction.set_rollback(True)
    return state


def test_an_undo_and_a_corrected_file_come_after_the_states_that_allow_it_by_whom_it_is_allowed(scene: Scene) -> None:
    for state in State:
        for name, user in scene.people.items():
            one = delivery_in(state, scene)
            undoing = made(lambda one=one, user=user: undo.undo(one, by=user))  # type: ignore[misc]
            assert undoing == (State.TRAINING if state in UNDOABLE and name in _APPROVERS else None), (state, name)
            corrected = made(
                lambda one=one, user=user: receive.receive(  # type: ignore[misc]
                    scene.file, scene.customer.record, by=user, corrects=one
                )
            )
            assert corrected == (State.RECEIVED if state in CORRECTABLE and name in _SUPPLIERS else None), (state, name)


def connection_of(scene: Scene, **values: Any) -> Connection:
    """A connection with a standing approval, of which a person has approved one delivery."""
    one = Connection.objects.create(
        customer=scene.customer.record, name=f"nacht-{uuid4().hex}", standing_since=timezone.now(),
        standing_by=scene.people[OPERATOR],
        **{"guards": {"created": [100, 500]}, **values},
    )  # fmt: skip
    now = timezone.now()
    approved = delivery_in(
        State.IMPORTED, scene, connection=one, decided_by=scene.people[APPROVER], decided_at=now, received_at=now
    )
    approved.plans.update(state=Plan.IMPORTED, executed_at=now)
    return one


Step = tuple[Delivery, Callable[[], object]]


def take(step: Callable[[Delivery, HeldLease], object], delivery: Delivery) -> None:
    """A step as the worker takes it."""
    with held(delivery.customer_id) as lease:
        assert lease
        step(delivery, lease)


def worker_steps(scene: Scene) -> Iterator[Step]:
    """What can become of a delivery by the worker, besides what its steps do with one that nothing is the matter with.

    Each is yielded within a transaction of its own that is undone.
    """
    record = scene.customer.record

    def on(state: State, **values: Any) -> Delivery:
        return delivery_in(state, scene, **values)

    for step, state in ((examine, State.CHECKING), (train, State.TRAINING), (release, State.IMPORTING)):
        one = on(state, crashes=MOST_CRASHES)
        yield one, lambda step=step, one=one: take(step, one)  # type: ignore[misc]
    one = on(State.RECEIVED, waits_for="", file_key="lost")
    yield one, lambda one=one: take(examine, one)  # type: ignore[misc]
    one = on(State.CHECKING, file_key=f"{record.name}/bad")
    yield one, lambda one=one: take(examine, one)  # type: ignore[misc]
    for guards, policies in (
        ({"created": [100, 500]}, {}),
        ({"created": [0, 0]}, {}),
        ({"created": [100, 500]}, _LATER),
    ):
        record.policies = policies
        record.save(update_fields=["policies"])
        one = on(State.TRAINING, connection=connection_of(scene, guards=guards))
        yield one, lambda one=one: take(train, one)  # type: ignore[misc]
    record.policies = {}
    record.save(update_fields=["policies"])
    connection = connection_of(scene)
    one = on(State.TRAINING, connection=connection, failing_since=timezone.now() - timedelta(minutes=1))
    newer = on(State.TRAINING, connection=connection)
    take(train, newer)
    yield one, lambda one=one: take(train, one)  # type: ignore[misc]
    one = on(State.TRAINING, kind=Delivery.UNDO, undoes=on(State.REFUSED))
    yield one, lambda one=one: take(train, one)  # type: ignore[misc]
    for state in (State.AWAITING_APPROVAL, State.HELD, State.SCHEDULED):
        one = on(state)
        newer = on(State.TRAINING, corrects=one)
        yield one, lambda newer=newer: take(train, newer)  # type: ignore[misc]
    for state in (State.APPROVED, State.SCHEDULED):
        one = on(state)
        one.plans.all().delete()
        yield one, lambda one=one: take(release, one)  # type: ignore[misc]
    for digest in (None, "another"):
        one = on(State.TRAINING)
        take(train, one)
        right = one.plans.get(environment__name=Environment.LIVE, state=Plan.PLANNED).digest
        by = scene.people[APPROVER]
        Delivery.objects.filter(pk=one.pk).update(state=State.IMPORTING, approved_digest=digest or right, decided_by=by)
        yield one, lambda one=one: take(release, one)  # type: ignore[misc]
    one = on(State.TRAINING, connection=connection_of(scene))
    take(train, one)
    one.refresh_from_db()
    Delivery.objects.filter(pk=one.pk).update(state=State.IMPORTING)
    Connection.objects.filter(pk=one.connection_id).update(corrected_at=timezone.now())
    one = Delivery.objects.get(pk=one.pk)
    yield one, lambda one=one: take(release, one)  # type: ignore[misc]
    one = on(State.IMPORTED)
    undoing = on(State.TRAINING, kind=Delivery.UNDO, undoes=one)
    take(train, undoing)
    decide.approve(undoing, by=scene.people[APPROVER], at="now")
    yield one, lambda undoing=undoing: take(release, undoing)  # type: ignore[misc]
    one = on(State.UNDONE)
    again = on(State.TRAINING, kind=Delivery.UNDO, undoes=on(State.IMPORTED, kind=Delivery.UNDO, undoes=one))
    take(train, again)
    decide.approve(again, by=scene.people[APPROVER], at="now")
    yield one, lambda again=again: take(release, again)  # type: ignore[misc]
    connection = connection_of(scene, schedule="arrival")
    older, newer = (on(State.RECEIVED, connection=connection) for _ in range(2))
    yield older, lambda c=connection, n=newer: taking.take(c, None, n, timezone.now())  # type: ignore[misc]
    yield newer, lambda c=connection, n=newer: taking.take(c, None, n, timezone.now())  # type: ignore[misc]


_NOW = timezone.localtime()
_LATER: Final = {
    "quiet_above": 0,
    "quiet_from": f"{_NOW + timedelta(hours=2):%H:%M}",
    "quiet_until": f"{_NOW + timedelta(hours=3):%H:%M}",
}


def test_the_worker_brings_a_delivery_everywhere_else(scene: Scene) -> None:
    found: set[Pair] = set()
    for state in State:  # what nothing is the matter with, and what is none of a step's business
        for step in (examine, train, release):
            one = delivery_in(state, scene, waits_for="")
            reached = after(lambda step=step, one=one: take(step, one), one)  # type: ignore[misc]
            found.add((state, reached))
    with transaction.atomic():
        for one, step in worker_steps(scene):
            one.refresh_from_db()
            found.add((State(one.state), after(step, one)))
        transaction.set_rollback(True)
    ways = {(State.RECEIVED, State.TRAINING), (State.APPROVED, State.AWAITING_APPROVAL),
            (State.SCHEDULED, State.AWAITING_APPROVAL)}  # fmt: skip
    assert {pair for pair in found - ways if pair[0] != pair[1]} == {pair for pair, who in WHO.items() if WORKER in who}


def test_the_table_is_the_one_that_decides() -> None:
    assert set(WHO) == {(before, one) for before, others in TRANSITIONS.items() for one in others}
    assert set(TRANSITIONS) == set(State)
    assert set(State) - {before for before, _ in WHO} == FINAL
