"""One import at a time in an environment; in two environments they do not wait for each other (product.md D7)."""

import subprocess
import sys
import time
from pathlib import Path

import pytest

from instroom.store.locks import environment_lock
from tests.contracts.customer import SampleCustomer, person, write_csv

PATIENCE = 300  # seconds before a process counts as hanging, on a busy machine too


def start(*command: str) -> "subprocess.Popen[str]":
    """An `instroom` command as a process of its own, on this test's database."""
    program = str(Path(sys.executable).with_name("instroom"))
    return subprocess.Popen([program, *command], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def test_an_import_waits_for_another_one_in_its_environment_and_for_no_other(tmp_path):
    path = write_csv(tmp_path / "personen.csv", [person("1")])
    busy, free = SampleCustomer(), SampleCustomer()
    with environment_lock(busy.environment("training").id):
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
    states = customer.record.deliveries.values_list("state", "attempts")
    assert set(states) == {("awaiting-approval", 0)}
    assert len(customer.snapshot("training")) == 5
    newest = customer.record.deliveries.order_by("-pk").first()
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


def test_the_lock_goes_with_its_holder():
    customer = SampleCustomer()
    place = customer.environment("training").id
    program = (
        "import sys, time, uuid; from instroom.config import setup; setup();"
        "from instroom.store.locks import environment_lock\n"
        "with environment_lock(uuid.UUID(sys.argv[1])): print('held', flush=True); time.sleep(600)"
    )
    holder = subprocess.Popen([sys.executable, "-c", program, str(place)], stdout=subprocess.PIPE, text=True)
    assert holder.stdout.readline() == "held\n"
    holder.kill()
    holder.communicate()
    started = time.monotonic()
    assert customer.deliver([person("1")]).state == "awaiting-approval"
    assert time.monotonic() - started < PATIENCE


@pytest.mark.slow
def test_many_imports_in_many_environments_at_once(tmp_path):
    customers = [SampleCustomer() for _ in range(4)]
    path = write_csv(tmp_path / "personen.csv", [person(str(number)) for number in range(500)])
    processes = [start("deliver", str(path), "--customer", customer.name) for customer in customers for _ in range(4)]
    for process in processes:
        _out, err = process.communicate(timeout=PATIENCE)
        assert process.returncode == 0, err
    assert all(len(customer.snapshot("training")) == 500 for customer in customers)
