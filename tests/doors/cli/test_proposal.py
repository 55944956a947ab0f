"""Two-person approval at the command line: what relaxes it waits for the other (product.md D3)."""

import json
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from tests.commands import Run


@pytest.fixture(autouse=True)
def home(run: Run) -> None:
    """The customer demo, where two persons decide."""
    assert run("init", "--demo").code == 0
    assert run("customer", "change", "demo", "--approver-differs").code == 0


def waiting(run: Run, fact: str = "id") -> str:
    """A fact of the one proposal that waits."""
    (one,) = json.loads(run("proposal", "list", "--format", "json").out)["proposals"]
    return str(one[fact])


def test_a_second_person_confirms(run: Run) -> None:
    changed = run("customer", "change", "demo", "--approver-may-be-supplier", "--lang", "en")
    assert f"`instroom proposal confirm {waiting(run)}`" in changed.err
    assert "somebody other than the supplier must approve: yes → no" in run("proposal", "list", "--lang", "en").out
    refused = run("proposal", "confirm", waiting(run), "--lang", "en")
    assert (refused.code, "You proposed this yourself" in refused.err) == (1, True)
    confirmed = run("proposal", "confirm", waiting(run), "--by", "approver", "--lang", "en")
    assert confirmed.err == "Confirmed: the safeguards have been relaxed.\n"
    assert json.loads(run("customer", "show", "demo", "--format", "json").out)["policies"]["approver_differs"] is False


def test_who_proposed_takes_it_back(run: Run) -> None:
    run("connection", "add", "nacht", "--standing")
    shown = run("connection", "show", "nacht", "--lang", "en").out
    assert f"instroom proposal confirm {waiting(run)}" in shown
    assert run("proposal", "refuse", waiting(run)).code == 0
    assert "Nothing waits" in run("proposal", "list", "--lang", "en").err


def test_what_waits_is_not_called_nothing(run: Run) -> None:
    run("connection", "add", "nacht")
    changed = run("connection", "change", "nacht", "--standing", "--lang", "en")
    assert (changed.err, f"instroom proposal confirm {waiting(run)}" in changed.out) == ("", True)


def test_a_proposal_is_listed_with_the_time_on_the_clock(run: Run) -> None:
    run("connection", "add", "nacht", "--standing")
    at = datetime.fromisoformat(waiting(run, "asked_at")).astimezone(ZoneInfo("Europe/Amsterdam"))
    assert run("proposal", "list").out.splitlines()[0].endswith(f"{at:%H:%M}")
