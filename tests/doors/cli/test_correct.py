"""A corrected file, and what changed since approval, by command (product.md D5, D7)."""

from typing import Any

import pytest
from tests.commands import Run
from tests.doors.cli.conftest import WriteCsv
from tests.doors.cli.records import BAD_DATE, GOOD


@pytest.fixture
def ready(run: Run) -> Run:
    """A database with the customer demo."""
    assert run("init", "--demo").code == 0
    return run


def deliver(run: Run, path: object, *options: str) -> Any:
    """Deliver a file; its document."""
    return run("deliver", path, "--format", "json", *options).document


def test_a_corrected_file_is_the_next_version(ready: Run, csv_file: WriteCsv) -> None:
    first = deliver(ready, csv_file(BAD_DATE), "--on-error", "whole")
    assert first["state"] == "rejected"
    assert f"--corrects {first['id']}" in ready("show", first["id"]).out
    second = deliver(ready, csv_file(GOOD), "--corrects", first["id"])
    assert second["state"] == "awaiting-approval"
    third = deliver(ready, csv_file(GOOD | {"PersoonVoornaam": "Annelies"}), "--corrects", first["id"])
    assert ready("show", second["id"], "--format", "json").document["state"] == "superseded"
    assert f"Versie 3 van 3; hiervoor: {second['id']}" in ready("show", third["id"]).out
    assert ready("approve", third["id"], "--at", "now").code == 0
    told = ready("deliver", csv_file(GOOD), "--corrects", third["id"])
    assert told.code != 0
    assert "geen hersteld bestand" in told.err


def test_what_changed_since_approval_is_told(ready: Run, csv_file: WriteCsv) -> None:
    slow = deliver(ready, csv_file(GOOD | {"PersoonVoornaam": "Annelies"}))
    quick = deliver(ready, csv_file(GOOD | {"PersoonVoornaam": "Aafje"}))
    assert ready("approve", quick["id"]).code == 0
    ran = ready("approve", slow["id"])
    assert ran.code == 1
    assert "1 anders geworden" in ran.out
    told = ready("show", slow["id"], "--differences").out
    assert told.index("In het goedgekeurde plan:") < told.index("Nu:")
    [moved] = ready("show", slow["id"], "--differences", "--format", "json").document["differences"]
    assert moved["word"] == "different"
    assert (moved["approved"]["action"], moved["now"]["action"]) == ("new", "changed")
    assert moved["now"]["fields"] == {"first_name": ["Aafje", "Annelies"]}
