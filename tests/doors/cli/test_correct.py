"""A corrected file, and what changed since approval, by command (product.md D5, D7)."""

from pathlib import Path
from typing import Any

import pytest
from tests.commands import Run
from tests.doors.cli.conftest import WriteCsv
from tests.doors.cli.records import BAD_DATE, GOOD

OTHER = GOOD | {"PersoonExternId": "P-2"}


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
    assert "geen verbeterd bestand" in told.err


def test_a_version_with_fewer_records_is_confirmed(ready: Run, csv_file: WriteCsv) -> None:
    first = deliver(ready, csv_file(GOOD, OTHER, BAD_DATE | {"PersoonExternId": "P-3"}))
    held = deliver(ready, csv_file(GOOD, OTHER), "--corrects", first["id"])
    assert (held["state"], held["fewer_records"]) == ("held", 1)
    assert f"instroom confirm-complete {held['id']}" in ready("show", held["id"]).out
    confirmed = ready("confirm-complete", held["id"], "--by", "supplier")
    assert confirmed.code == 0
    assert "De aanleveraar zegt dat dit bestand volledig is" in confirmed.out
    again = ready("confirm-complete", held["id"])
    assert (again.code, "Er valt niets te bevestigen" in again.err) == (1, True)


def test_the_whole_of_a_part_is_written(ready: Run, csv_file: WriteCsv, tmp_path: Path) -> None:
    first = deliver(ready, csv_file(GOOD, BAD_DATE | {"PersoonExternId": "P-3"}))
    part = deliver(ready, csv_file(GOOD | {"PersoonExternId": "P-3"}), "--corrects", first["id"])
    assert part["merged"]["kept"] == 1
    assert ready("show", part["id"], "--whole", tmp_path / "heel.csv").code == 0
    assert len((tmp_path / "heel.csv").read_text("utf-8-sig").splitlines()) == 3
    none = ready("show", first["id"], "--whole", tmp_path / "niets.csv")
    assert (none.code, "niet met de vorige versie samengevoegd" in none.err) == (2, True)


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
