"""`instroom connection` as a person and a program use it."""

import json
import re
from pathlib import Path

import pytest
from tests.commands import Run
from tests.contracts.customer import person, write_csv

from instroom.flow import find
from instroom.flow.delivery.receive import receive
from instroom.flow.file_server import accounts
from instroom.flow.operations.init import DEMO_USERS, add_customer
from instroom.store.models import Connection, Delivery

ADD = ("connection", "add", "nacht", "--account", "hr", "--file-name", "personen.csv", "--schedule")


@pytest.fixture(autouse=True)
def account(empty_database: None) -> None:
    """The account `hr` of `demo`."""
    add_customer("demo", "Demo", DEMO_USERS)
    accounts.add("hr", find.customer("demo"), "een-lang-woord-7", by=find.user("operator"))


@pytest.mark.parametrize(
    ("schedule", "said"),
    [
        ("daily 01:00", "elke dag om 01:00"),
        ("weekly mon 01:00", "elke maandag om 01:00"),
        ("monthly 1 01:00", "elke maand op dag 1 om 01:00"),
        ("monthly 31 01:00", "elke maand op dag 31 om 01:00, en in een kortere maand op de laatste dag"),
        ("daily 06:00,18:00", "elke dag om 06:00 en 18:00"),
        ("workdays 06:00", "elke werkdag om 06:00"),
        ("weekly mon,thu 07:00", "elke maandag en donderdag om 07:00"),
        ("monthly last 07:00", "elke maand op de laatste dag om 07:00"),
        ("monthly first-workday 07:00", "elke maand op de eerste werkdag om 07:00"),
        ("monthly last-workday 07:00", "elke maand op de laatste werkdag om 07:00"),
        ("arrival", "zodra het bestand binnenkomt"),
    ],
)
def test_a_connection_is_made_and_its_next_three_times_are_shown(run: Run, schedule: str, said: str) -> None:
    made = run(*ADD, schedule)
    assert made.code == 0, made.err
    assert f"Schema: {said} (Europe/Amsterdam)" in made.out
    times = re.search(r"^Volgende keren: (.*)$", made.out, re.MULTILINE)
    assert len(times[1].split(", ")) == 3 if times else schedule == "arrival"
    shown = json.loads(run("connection", "show", "nacht", "--format", "json").out)
    assert (shown["schedule"], shown["state"], shown["file_name"]) == (schedule, "waiting", "personen.csv")
    assert len(shown["next"]) == (0 if schedule == "arrival" else 3)


def test_it_is_listed_changed_paused_and_resumed(run: Run) -> None:
    assert "`instroom connection add" in run("connection", "list").err
    run(*ADD, "daily 01:00")
    changed = run(
        "connection", "change", "nacht", "--standing", "--guard", "created=5,10", "--blank", "clear", "--lang", "en"
    )
    assert "  at most 5 % and 10: new dossiers" in changed.out
    assert "Standing approval: by operator, since" in changed.out
    again = run("connection", "change", "nacht", "--guard", "fewer=1,1,4", "--format", "json")
    document = json.loads(again.out)
    assert document["policies"] == {"blank": "clear"}
    assert document["guards"]["created"] == {"percent": 5, "number": 10, "least": 2}
    assert document["guards"]["fewer"] == {"percent": 1, "number": 1, "least": 4}
    assert run("connection", "pause", "nacht").out.startswith("nacht: gepauzeerd; elke dag om 01:00")
    listed = json.loads(run("connection", "list", "--format", "json").out)["connections"]
    assert [(one["name"], one["state"], one["next"]) for one in listed] == [("nacht", "paused", [])]
    assert run("connection", "resume", "nacht").out.startswith("nacht: wacht op het bestand; ")


def test_it_is_renamed_and_removed(run: Run) -> None:
    run(*ADD, "daily 01:00")
    changed = run("connection", "change", "nacht", "--name", "avond", "--lang", "en")
    assert changed.err == "Changed: name\n"
    assert run("connection", "show", "nacht").code == 2
    assert run("connection", "remove", "avond").err == "Koppeling avond is verwijderd. De aanleveringen blijven.\n"
    assert run("connection", "remove", "avond").code == 2
    assert run(*ADD, "daily 01:00").code == 0


def test_closing_days_are_shown_added_to_and_cleared(run: Run) -> None:
    assert run("connection", "closing-days").out == "Er zijn geen sluitingsdagen ingesteld.\n"
    run(*ADD, "workdays 06:00", "--on-closed", "move")
    run("connection", "closing-days", "--country", "NL", "--day", "2027-12-27..2027-12-31", "--lang", "en")
    shown = run("connection", "closing-days", "--open", "2027-03-26", "--weekends").out
    assert shown == ("Sluitingsdagen: NL, zaterdagen en zondagen, 2027-12-27..2027-12-31\nToch open: 2027-03-26\n")
    assert "Valt een keer op een sluitingsdag" in run("connection", "show", "nacht").out
    document = json.loads(run("connection", "closing-days", "--clear", "--country", "DE-BY", "--format", "json").out)
    assert document == {"country": "DE-BY", "weekends": False, "days": [], "open": []}
    assert run("connection", "closing-days", "--day", "morgen").code == 2
    assert run("connection", "closing-days", "--country", "XX").code == 2
    assert run("connection", "closing-days", "--country", "BE", "--by", "supplier").code == 1


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ((*ADD, "hourly"), 2),
        ((*ADD, "daily 25:00"), 2),
        ((*ADD, "daily 01:00", "--zone", "Mars"), 1),
        ((*ADD, "daily 01:00", "--guard", "created=5"), 2),
        ((*ADD, "daily 01:00", "--guard", "created=5," + "9" * 5000), 2),
        ((*ADD, "daily 01:00", "--by", "supplier"), 1),
        (("connection", "add", "x", "--account", "niemand", "--file-name", "x.csv"), 2),
        (("connection", "show", "niets"), 2),
        (("connection", "pause", "niets"), 2),
        (("connection", "take", "01234567"), 2),
    ],
)
def test_what_cannot_be_is_told(run: Run, arguments: tuple[str, ...], code: int) -> None:
    told = run(*arguments)
    assert told.code == code, told.out
    assert len(told.err.splitlines()) == 1
    assert not Connection.objects.exists()


def test_who_gets_which_mails_is_chosen_and_shown(run: Run) -> None:
    run(*ADD, "daily 01:00", "--mail-to", "supplier", "--mail-off", "received", "--mail-off", "stale")
    run("connection", "change", "nacht", "--overview-at", "17:00", "--mail-at-once", "held")
    shown = run("connection", "show", "nacht").out
    assert "Mails gaan naar supplier, voor zover hun rol ze krijgt" in shown
    assert "Niet gemaild: zelfde bestand als de vorige keer en ontvangen" in shown
    assert "Dagelijks overzicht om 17:00; meteen gemaild: aangehouden" in shown
    usual = ("--mail-to", "", "--mail-off", "", "--overview-at", "")
    assert "Mails gaan naar iedereen" in run("connection", "change", "nacht", *usual).out
    assert find.connection(find.customer("demo"), "nacht").mails == {"at_once": ["held"]}
    assert run("connection", "change", "nacht", "--mail-off", "held").code == 2
    assert "reader kan niet worden gekozen" in run("connection", "change", "nacht", "--mail-to", "reader").err


def test_a_file_that_waits_is_shown_and_taken(run: Run, tmp_path: Path) -> None:
    run(*ADD, "daily 01:00")
    path = write_csv(tmp_path / "personen.csv", [person("1")])
    demo = find.customer("demo")
    file = receive(path, demo, by=accounts.account("hr"), connection=find.connection(demo, "nacht"), waits_for="hour")
    assert f"Wacht op zijn uur: personen.csv ({file.pk})" in run("connection", "show", "nacht").out
    shown = run("show", str(file.pk)).out
    assert "Toestand: ontvangen: wacht op het tijdstip van de koppeling" in shown
    assert f"instroom connection take {file.pk}" in shown
    taken = run("connection", "take", str(file.pk), "--by", "supplier", "--format", "json")
    assert json.loads(taken.out)["state"] == "awaiting-approval"
    assert run("connection", "take", str(file.pk)).code == 1


def test_what_is_held_says_why(run: Run, tmp_path: Path) -> None:
    run("connection", "add", "nacht", "--standing", "--guard", "created=100,500")
    path = write_csv(tmp_path / "personen.csv", [person(str(number)) for number in range(10)])
    first = json.loads(run("deliver", path, "--connection", "nacht", "--format", "json").out)
    assert first["state"] == "awaiting-approval"
    assert run("approve", first["id"], "--by", "approver").code == 0
    half = write_csv(tmp_path / "half.csv", [person(str(number)) for number in range(5)])
    held = run("deliver", half, "--connection", "nacht", "--lang", "en")
    assert held.code == 1
    assert "State: held. It differs more than is allowed without an approval." in held.out
    assert "  Records: 5, last time 10. That is 5 fewer (50 %)" in held.out
    same = run("deliver", path, "--connection", "nacht", "--format", "json")
    assert json.loads(same.out)["state"] == "imported"
    assert Delivery.objects.get(file_name="half.csv").state == "superseded"
