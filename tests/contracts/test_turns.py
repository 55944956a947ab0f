"""One step of a customer at a time, and customers in turn; nobody waits for another customer, nor for a process that
hangs (product.md D7)."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import timedelta
from itertools import count
from pathlib import Path

import pytest
from django.db import connection, transaction
from django.db.models.functions import Now
from django.test.utils import CaptureQueriesContext

from instroom.doors.cli.run_due import run_due
from instroom.flow import find
from instroom.flow.delivery import decide
from instroom.flow.delivery.advance import advance, advance_all
from instroom.flow.delivery.examine import examine
from instroom.flow.delivery.states import AT_WORK
from instroom.store.leases import LIFE, HeldLease, LeaseLost, held
from instroom.store.models import Delivery, Lease, Person
from tests.contracts.customer import SampleCustomer, person, write_csv

PATIENCE = 300  # seconds before a process counts as hanging, on a busy machine too


def start(*command: str) -> "subprocess.Popen[str]":
    """An `instroom` command as a process of its own, on this test's database."""
    program = str(Path(sys.executable).with_name("instroom"))
    return subprocess.Popen([program, *command], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def test_an_import_waits_for_another_one_of_its_customer_and_for_no_other(tmp_path):
    path = write_csv(tmp_path / "personen.csv", [person("1")])
    busy, free = SampleCustomer(), SampleCustomer()
    with held(busy.record.pk):
        waiting = start("deliver", str(path), "--customer", busy.name)
        passing = start("deliver", str(path), "--customer", free.name)
        _, err = passing.communicate(timeout=PATIENCE)
        assert passing.returncode == 0, err
        assert waiting.poll() is None, "it did not wait"
        assert busy.snapshot("training") == {}
    _out, err = waiting.communicate(timeout=PATIENCE)
    assert waiting.returncode == 0, err
    assert len(busy.snapshot("training")) == 1


def test_imports_at_once_in_one_environment_all_get_their_turn(tmp_path):
    customer = SampleCustomer()
    paths = [
        write_csv(tmp_path / f"{number}.csv", [person("0", first=f"V{number}"), person(str(number))])
        for number in range(1, 5)
    ]
    processes = [start("deliver", str(path), "--customer", customer.name) for path in paths]
    for process in processes:
        _out, err = process.communicate(timeout=PATIENCE)
        assert process.returncode == 0, err
    states = customer.record.deliveries.values_list("state", "failures")
    assert set(states) == {("awaiting-approval", 0)}
    assert len(customer.snapshot("training")) == 5
    newest = customer.record.deliveries.order_by("-number").first()
    number = newest.file_name.removesuffix(".csv")
    assert customer.snapshot("training")["person", ("HR", "0")]["first_name"] == f"V{number}"


def test_approvals_at_once_import_once(tmp_path):
    customer = SampleCustomer()
    delivery = customer.deliver([person(str(number)) for number in range(50)])
    processes = [start("approve", str(delivery.pk), "--by", "approver") for _ in range(3)]
    codes = []
    for process in processes:
        _out, _err = process.communicate(timeout=PATIENCE)
        codes.append(process.returncode)
    assert sorted(codes) == [0, 1, 1]
    delivery.refresh_from_db()
    assert delivery.state == "imported"
    assert len(customer.snapshot()) == 50
    assert [entry.action for entry in delivery.audit.order_by("pk")].count("imported") == 1


def test_a_lease_goes_with_its_process():
    customer = SampleCustomer()
    program = (
        "import sys, time, uuid; from instroom.config import setup; setup();"
        "from instroom.store.leases import held\n"
        "with held(uuid.UUID(sys.argv[1])): print('held', flush=True); time.sleep(600)"
    )
    holder = subprocess.Popen(
        [sys.executable, "-c", program, str(customer.record.pk)], stdout=subprocess.PIPE, text=True
    )
    assert holder.stdout.readline() == "held\n"
    delivery = customer.receive([person("1")])
    assert advance_all() == 0
    holder.kill()
    holder.communicate()
    assert advance_all() == 1
    delivery.refresh_from_db()
    assert delivery.state == "awaiting-approval"


def test_who_gives_no_sign_of_life_is_passed_by_and_changes_nothing_when_it_comes_back():
    customer = SampleCustomer()
    customer.receive([person("1")])
    with held(customer.record.pk) as late:
        Lease.objects.update(holder="instroom elsewhere:1:1:00000000", until=Now() - timedelta(seconds=1))
        assert advance_all() == 1
        before = customer.snapshot("training")
        with pytest.raises(LeaseLost), late.transaction():
            Person.objects.all().delete()
        next_one = customer.receive([person("2")])
        with pytest.raises(LeaseLost):
            examine(next_one, late)
    assert (len(before), customer.snapshot("training")) == (1, before)
    states = customer.record.deliveries.order_by("pk").values_list("state", "failures")
    assert list(states) == [("awaiting-approval", 0), ("received", 0)]


def test_customers_have_their_turns():
    """One with many files beside some with one each: they are through once it has had one turn."""
    many, *others = [SampleCustomer() for _ in range(4)]
    for number in range(5):
        many.receive([person(str(number))])
    for one in others:
        one.receive([person("1")])
    turns = count()
    advance_all(lambda: next(turns) >= 4)
    assert [one.record.deliveries.get().state for one in others] == ["awaiting-approval"] * 3
    states = list(many.record.deliveries.order_by("pk").values_list("state", flat=True))
    assert states == ["awaiting-approval", *["received"] * 4]


def test_one_look_does_for_some_turns(monkeypatch: pytest.MonkeyPatch) -> None:
    """What has been done in the meantime by another process is passed over."""
    monkeypatch.setattr("instroom.flow.delivery.advance._COUNTS_FOR", PATIENCE)
    customers = [SampleCustomer() for _ in range(4)]
    for one in customers:
        one.receive([person("1")])

    def meanwhile() -> bool:
        waiting = [one for one in customers if one.record.deliveries.get().state == "received"]
        if len(waiting) == 3:
            advance(waiting[0].record)
        return False

    with CaptureQueriesContext(connection) as asked:
        assert advance_all(meanwhile) == 3
    assert len([one for one in asked if "WITH due AS MATERIALIZED" in one["sql"]]) == 2
    assert {one.record.deliveries.get().state for one in customers} == {"awaiting-approval"}


def test_a_command_takes_its_delivery_as_far_as_it_goes_and_waits_for_none_behind_it():
    customer = SampleCustomer()
    _before, own, _behind = [customer.receive([person("1")]) for _ in range(3)]
    run_due(own)
    states = customer.record.deliveries.order_by("number").values_list("state", flat=True)
    assert [own.state, *states] == ["awaiting-approval", "awaiting-approval", "awaiting-approval", "received"]


def test_who_gives_a_sign_of_life_at_the_last_moment_keeps_its_lease():
    customer = SampleCustomer()
    with held(customer.record.pk):
        late = Lease.objects.filter(subject=customer.record.pk)
        late.update(holder="instroom elsewhere:1:1:00000000", until=Now() - timedelta(seconds=1))
    looks = []

    def beat_after_the_look(execute, sql, *rest):
        found = execute(sql, *rest)
        if '"until" <' in sql and not looks:
            looks.append(sql)
            late.update(until=Now() + LIFE)
        return found

    with connection.execute_wrapper(beat_after_the_look), held(customer.record.pk) as lease:
        assert (len(looks), lease) == (1, None)


@pytest.mark.on_postgresql_alone
def test_a_sign_of_life_waits_for_no_commit_and_a_commit_holds_nobody_up_while_it_checks_what_was_written():
    customer = SampleCustomer()
    with held(customer.record.pk) as lease, CaptureQueriesContext(connection) as asked:
        with transaction.atomic():
            lease.confirm()
            with ThreadPoolExecutor() as others:  # on a connection of their own
                others.submit(_give_sign_of_life, lease).result(timeout=PATIENCE)
        lease.give_sign_of_life()
    checks = [number for number, one in enumerate(asked.captured_queries) if "SET CONSTRAINTS" in one["sql"]]
    locks = [number for number, one in enumerate(asked.captured_queries) if "FOR UPDATE" in one["sql"]]
    assert checks[0] < locks[0]


def _give_sign_of_life(lease: HeldLease) -> None:
    with closing(connection):
        lease.give_sign_of_life()


def test_a_turn_asks_the_database_little():
    """Most files are small: what a turn costs is how often it asks. Some more than was measured are allowed."""
    customer = SampleCustomer()
    customer.import_([person("0")])  # makes the customer's keys
    delivery = customer.receive([person("1", name="Een", c="1", cs="CRM")])
    with CaptureQueriesContext(connection) as check:
        assert advance(customer.record)
    delivery.refresh_from_db()
    decide.approve(delivery, by=find.user("approver"), at="now")
    with CaptureQueriesContext(connection) as live:
        assert advance(customer.record)
    assert len(check) <= 95
    assert len(live) <= 55


def test_what_is_due_is_found_by_an_index_of_what_is_due():
    """Its condition says the same as the look: else the index would hold too little."""
    (index,) = [one for one in Delivery._meta.indexes if one.name == "delivery_due"]
    assert set(dict(index.condition.children)["state__in"]) == set(AT_WORK)


@pytest.mark.slow
def test_many_imports_in_many_environments_at_once(tmp_path):
    customers = [SampleCustomer() for _ in range(4)]
    path = write_csv(tmp_path / "personen.csv", [person(str(number)) for number in range(500)])
    processes = [start("deliver", str(path), "--customer", customer.name) for customer in customers for _ in range(4)]
    for process in processes:
        _out, err = process.communicate(timeout=PATIENCE)
        assert process.returncode == 0, err
    assert all(len(customer.snapshot("training")) == 500 for customer in customers)
