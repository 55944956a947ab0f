"""The ground under these tests: a command that runs in their process answers as one of its own, and leaves nothing."""

import gc
import logging
import os
import sys
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.utils import translation
from tests.commands import Run
from tests.doors.cli.conftest import WriteCsv
from tests.doors.cli.records import BAD_DATE

from instroom.core.errors import NotAllowed
from instroom.flow.operations.init import DEMO_USERS, add_customer
from instroom.store.models import Customer


@pytest.mark.parametrize(
    "arguments",
    [(), ("check", "levering.csv"), ("check", "-", "--format", "json"), ("deliveries",), ("deliveries", "--lang", "en"),
     ("show", "niets"), ("export", "--environment", "live", "-o", "-")],
    ids=" ".join,
)  # fmt: skip
def test_it_answers_as_a_process_of_its_own(run: Run, csv_file: WriteCsv, arguments: tuple[str, ...]) -> None:
    add_customer("demo", "Demo", DEMO_USERS)
    content = csv_file(BAD_DATE).read_bytes()
    assert run(*arguments, stdin=content) == run.process(*arguments, stdin=content)


def surroundings() -> list[Any]:
    """What a command could leave otherwise than it was."""
    umask = os.umask(0)
    os.umask(umask)
    return [
        Path.cwd(), dict(os.environ), sys.argv, sys.stdin, sys.stdout, sys.stderr, umask, gc.get_threshold(),
        gc.get_freeze_count(), translation.get_language(), connection.in_atomic_block,
    ]  # fmt: skip


@pytest.mark.parametrize("arguments", [("deliveries", "--lang", "en"), ("chek",), ("deliver", "--customer", "x", "y")])
def test_it_leaves_nothing_behind(run: Run, arguments: tuple[str, ...]) -> None:
    before = surroundings()
    with translation.override("en"):
        run(*arguments, INSTROOM_DEBUG="1")
        assert translation.get_language() == "en"
    assert surroundings() == before


def test_what_is_not_committed_at_its_end_is_lost(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    from instroom.doors.cli.commands import deliveries

    def broken_off(*_: object, **__: object) -> None:
        connection.set_autocommit(False)
        Customer.objects.create(name="half", title="Half")
        logging.getLogger("instroom").warning("left open")
        raise NotAllowed("refusal-without-reason")

    monkeypatch.setattr(deliveries.command, "callback", broken_off)
    ran = run("deliveries")
    assert (ran.code, ran.err.splitlines()[1:]) == (1, ["Bij niet akkoord hoort een reden."])
    assert ran.err.splitlines()[0].endswith("WARNING instroom left open")
    assert not Customer.objects.exists()
