"""The way of a delivery by command (product.md D and Contracts): delivered, approved, looked at, undone."""

import csv
import io
import json
import os
import re
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from tests.commands import Ran, Run
from tests.doors.cli.conftest import WriteCsv
from tests.doors.cli.records import BAD_DATE, GOOD

COMPANY = {"BedrijfExternId": "C-1", "BedrijfExternSource": "HR", "BedrijfNaam": "Voorbeeld BV"}
EMPLOYEE = GOOD | COMPANY
OTHER = GOOD | {"PersoonExternId": "P-2", "PersoonVoornaam": "Bram", "PersoonGeboortedatum": "03-04-1990"}
MADE_GONE = "The person has been erased. Deliveries whose file and findings went with them: 1\n"
NOTHING = {"companies": {"new": 0, "changed": 0, "unchanged": 0},
           "persons": {"new": 0, "changed": 0, "unchanged": 0, "linked": 0, "relinked": 0, "unlinked": 0}}  # fmt: skip


@pytest.fixture
def ready(run: Run) -> Run:
    """A database with the customer demo."""
    assert run("init", "--demo").code == 0
    return run


def deliver(run: Run, path: Path, *options: str) -> Any:
    """Deliver a file; its document."""
    return run("deliver", path, "--format", "json", *options).document


def imported(run: Run, path: Path) -> Any:
    """Deliver a file and approve it; its document."""
    ran = run("approve", deliver(run, path)["id"], "--format", "json")
    assert (ran.code, ran.document["state"]) == (0, "imported")
    return ran.document


def live(run: Run, target: str = "uit.csv") -> list[dict[str, str]]:
    """The filled-in columns of live's dossiers."""
    ran = run("export", "--environment", "live", "-o", target)
    assert ran.code == 0, ran.err
    return [
        {name: value for name, value in row.items() if value}
        for row in csv.DictReader(io.StringIO(read(run, target)), delimiter=";")
    ]


def read(run: Run, target: str) -> str:
    """A file that a command wrote, next to it."""
    return (run.folder / target).read_text(encoding="utf-8-sig")


@pytest.mark.on_postgresql
def test_a_delivery_is_told_as_the_contract_says(ready: Run, csv_file: WriteCsv) -> None:
    document = deliver(ready, csv_file(EMPLOYEE, OTHER))
    new = {
        "records": 2,
        "left_out": 0,
        "companies": {"new": 1, "changed": 0, "unchanged": 0},
        "persons": {"new": 2, "changed": 0, "unchanged": 0, "linked": 1, "relinked": 0, "unlinked": 0},
    }
    delivery_id = document.pop("id")
    assert document == {
        "customer": "demo",
        "connection": None,
        "file": "levering.csv",
        "state": "awaiting-approval",
        "verdict": "clean",
        "counts": {"records": 2, "companies": 1, "persons": 2, "errors": 0, "warnings": 0, "notices": 0},
        "training": {"state": "imported", **new},
        "live": {"state": "planned", **new},
    }
    assert len(delivery_id) == 36 and delivery_id[14] == "7"

    approved = ready("approve", delivery_id, "--format", "json")
    assert approved.code == 0
    assert approved.document == {
        "id": delivery_id,
        **document,
        "state": "imported",
        "live": {"state": "imported", **new},
    }
    assert ready("show", delivery_id, "--format", "json").document == approved.document


def test_keys_stand_in_the_order_of_the_contract(ready: Run, csv_file: WriteCsv) -> None:
    document = deliver(ready, csv_file(EMPLOYEE))
    assert list(document) == [
        "id", "customer", "connection", "file", "state", "verdict", "counts", "training", "live",
    ]  # fmt: skip
    assert list(document["live"]) == ["state", "records", "left_out", "companies", "persons"]


def test_what_is_approved_is_in_live_and_what_is_not_is_not(ready: Run, csv_file: WriteCsv) -> None:
    document = deliver(ready, csv_file(EMPLOYEE))
    assert live(ready) == []
    ready("approve", document["id"])
    assert live(ready, "straks.csv") == [EMPLOYEE | {"BedrijfActief": "Ja", "PersoonActief": "Ja"}]


def test_an_approval_shows_its_plan_and_is_of_no_other(ready: Run, csv_file: WriteCsv) -> None:
    document = deliver(ready, csv_file(EMPLOYEE))
    other = ready("approve", document["id"], "--digest", "0" * 64, "--lang", "en")
    assert (other.code, "no longer the one that you looked at" in other.err) == (1, True)
    digest = re.search("digest ([0-9a-f]{64})", other.err)
    assert digest
    assert ready("approve", document["id"], "--digest", digest[1]).code == 0


def test_a_rejected_delivery_is_a_no(ready: Run, csv_file: WriteCsv) -> None:
    path = csv_file(GOOD, BAD_DATE | {"PersoonExternId": "P-2"})
    ran = ready("deliver", path, "--format", "json")
    assert ran.code == 1
    assert (ran.document["state"], ran.document["verdict"]) == ("rejected", "errors")
    assert (ran.document["training"], ran.document["live"]) == (None, None)
    text = ready("deliver", path)
    assert text.code == 1 and "value-date" in text.out and "afgekeurd" in text.out
    shown = ready("show", ran.document["id"], "--format", "json", "--findings")
    assert shown.code == 0
    assert [finding["code"] for finding in shown.document["findings"]] == ["value-date"]
    assert ready("approve", ran.document["id"]).code == 1


def test_a_policy_may_leave_records_out_up_to_its_limit(ready: Run, csv_file: WriteCsv) -> None:
    path = csv_file(GOOD, BAD_DATE | {"PersoonExternId": "P-2"})
    some = ready("deliver", path, "--on-error", "skip", "--skip-limit", "50", "--format", "json")
    assert (some.code, some.document["state"], some.document["live"]["left_out"]) == (0, "awaiting-approval", 1)
    assert some.document["live"]["records"] == 2
    many = ready("deliver", path, "--on-error", "skip", "--skip-limit", "49", "--format", "json")
    assert (many.code, many.document["state"]) == (1, "rejected")


def test_the_plan_is_shown_field_by_field(ready: Run, csv_file: WriteCsv) -> None:
    imported(ready, csv_file(EMPLOYEE))
    changed = EMPLOYEE | {"PersoonVoornaam": "Anne", "PersoonCategorieGroep1": "Brief", "PersoonCategorie1": "Ja"}
    second = deliver(ready, csv_file(changed | {"BedrijfExternId": "C-2"}))
    shown = ready("show", second["id"], "--changes", "--format", "json").document
    company, person = shown.pop("changes")
    assert list(shown) == list(second)
    assert (company["kind"], company["action"], company["extern_id"]) == ("company", "new", "C-2")
    assert person == {
        "kind": "person",
        "action": "changed",
        "source": "HR",
        "extern_id": "P-1",
        "row": 2,
        "fields": {"first_name": ["Anna", "Anne"]},
        "categories": [["Brief", "Ja"]],
        "categories_removed": [],
        "free_fields": {},
        "link": ["relinked", "C-1", "C-2"],
    }
    text = ready("show", second["id"]).out
    for piece in ("Anna → Anne", "Brief", "C-1", "C-2", f"instroom approve {second['id']}"):
        assert piece in text
    assert "Anna → Anne" in ready("show", second["id"], "--lang", "en").out


@pytest.mark.on_postgresql
def test_undo_restores_and_names_what_it_keeps(ready: Run, csv_file: WriteCsv) -> None:
    imported(ready, csv_file(EMPLOYEE, OTHER))
    before = live(ready)
    second = imported(ready, csv_file(EMPLOYEE | {"PersoonVoornaam": "Anne"}, OTHER | {"PersoonVoornaam": "Bas"}))
    imported(ready, csv_file(OTHER | {"PersoonVoornaam": "Bob"}))
    ran = ready("undo", second["id"], "--format", "json")
    assert (ran.code, ran.document["state"], ran.document["live"]["state"]) == (0, "awaiting-approval", "planned")
    text = ready("show", ran.document["id"])
    assert "P-2 (HR): Voornaam" in text.out and "Anne → Anna" in text.out
    assert ready("approve", ran.document["id"]).code == 0
    bob = {name: "Bob" if value == "Bram" else value for name, value in before[1].items()}
    assert live(ready, "straks.csv") == [before[0], bob]
    assert ready("show", second["id"], "--format", "json").document["state"] == "undone"
    assert ready("undo", second["id"]).code == 1


def test_one_dossier_is_restored_alone(ready: Run, csv_file: WriteCsv) -> None:
    imported(ready, csv_file(EMPLOYEE, OTHER))
    second = imported(ready, csv_file(EMPLOYEE | {"PersoonVoornaam": "Anne"}, OTHER | {"PersoonVoornaam": "Bas"}))
    ran = ready("undo", second["id"], "--only", "person", "HR", "p-1", "--format", "json")
    assert (ran.code, ran.document["live"]["persons"]["changed"]) == (0, 1)
    assert "herstelt één dossier uit" in ready("show", ran.document["id"]).out
    for kind, number in (("person", "P-9"), ("dossier", "P-1")):
        assert ready("undo", second["id"], "--only", kind, "HR", number).code == 2


def test_undo_keeps_a_company_that_is_in_use(ready: Run, csv_file: WriteCsv) -> None:
    first = imported(ready, csv_file(COMPANY))
    imported(ready, csv_file(EMPLOYEE))
    ran = ready("undo", first["id"])
    assert "sindsdien gewijzigd of in gebruik (er zijn personen aan gekoppeld): bedrijf C-1 (HR)" in ran.out
    assert "zo zou het gaan: 1 dossier, 1 ongemoeid gelaten" in ran.out and "regel" not in ran.out


def test_delivering_an_export_changes_nothing(ready: Run, csv_file: WriteCsv) -> None:
    imported(ready, csv_file(EMPLOYEE, OTHER))
    for form in ("csv", "xml", "xlsx"):
        assert ready("export", "--environment", "live", "--format", form, "-o", f"live.{form}").code == 0
        plan = deliver(ready, ready.folder / f"live.{form}")["live"]
        assert plan["companies"] == NOTHING["companies"] | {"unchanged": 1}
        assert plan["persons"] == NOTHING["persons"] | {"unchanged": 2}


def test_an_export_goes_to_standard_output(ready: Run, csv_file: WriteCsv) -> None:
    imported(ready, csv_file(EMPLOYEE))
    assert ready("export", "--environment", "live", "-o", "live.csv").code == 0
    ran = ready("export", "--environment", "live", "-o", "-")
    assert ran.code == 0
    assert ran.out.removeprefix("\ufeff").splitlines() == read(ready, "live.csv").splitlines()


def test_an_export_has_a_name_of_its_own_and_spares_what_is_there(ready: Run) -> None:
    ran = ready("export", "--environment", "training")
    assert (ran.code, ran.out) == (0, "demo-training.csv\n")
    assert ready("export", "--environment", "training").code == 2


def test_a_plan_that_live_has_overtaken_goes_back_for_approval(ready: Run, csv_file: WriteCsv) -> None:
    first = deliver(ready, csv_file(GOOD))
    second = deliver(ready, csv_file(GOOD | {"PersoonVoornaam": "Anne"}))
    assert ready("approve", first["id"]).code == 0
    ran = ready("approve", second["id"])
    assert ran.code == 1 and "intussen" in ran.out
    again = ready("approve", second["id"], "--format", "json")
    assert (again.code, again.document["live"]["persons"]["changed"]) == (0, 1)


def test_refuse_takes_a_reason_and_says_it(ready: Run, csv_file: WriteCsv) -> None:
    document = deliver(ready, csv_file(GOOD))
    assert ready("refuse", document["id"]).code == 2
    for blank in ("", " "):
        ran = ready("refuse", document["id"], "--reason", blank, "--format", "json")
        assert (ran.code, ran.document["error"]["code"]) == (2, "no-reason")
    ran = ready("refuse", document["id"], "--reason", "De \x1b[2J afdeling ontbreekt", "--format", "json")
    assert (ran.code, ran.document["state"]) == (0, "refused")
    shown = ready("show", document["id"]).out
    assert "afdeling ontbreekt" in shown and "\x1b" not in shown
    assert ready("approve", document["id"]).code == 1


def test_a_wish_that_comes_too_late_is_told_so(ready: Run, csv_file: WriteCsv) -> None:
    document = imported(ready, csv_file(GOOD))
    wishes = {("approve",): "goedgekeurd", ("withdraw",): "ingetrokken", ("refuse", "--reason", "x"): "geweigerd"}
    for (command, *options), word in wishes.items():
        ran = ready(command, document["id"], *options)
        assert ran.code == 1
        assert ran.err.strip() == f"Deze aanlevering is al geïmporteerd en kan niet meer worden {word}."
    ran = ready("approve", document["id"], "--lang", "en")
    assert ran.err.strip() == "This delivery has been imported and can no longer be approved."


def test_withdraw_takes_a_delivery_back(ready: Run, csv_file: WriteCsv) -> None:
    document = deliver(ready, csv_file(GOOD))
    ran = ready("withdraw", document["id"], "--format", "json", "--by", "supplier")
    assert (ran.code, ran.document["state"]) == (0, "withdrawn")
    assert live(ready) == []


def test_live_can_wait_for_its_time(ready: Run, csv_file: WriteCsv) -> None:
    document = deliver(ready, csv_file(GOOD))
    assert ready("approve", document["id"], "--at", "gisteren").code == 2
    for past in ("2001-01-01 20:00", "01-01-2001 20:00"):
        assert "voorbij" in ready("approve", document["id"], "--at", past).err
    ran = ready("approve", document["id"], "--at", "2130-12-31 20:00", "--format", "json")
    assert (ran.code, ran.document["state"], ran.document["live"]["state"]) == (0, "scheduled", "planned")
    assert ready("worker", "--once").code == 0
    assert live(ready) == []
    moved = ready("approve", document["id"], "--at", "2131-12-31 20:00")
    assert (moved.code, "31-12-2131" in moved.out, f"instroom unapprove {document['id']}" in moved.out) == (
        *(0, True, True),
    )
    back = ready("unapprove", document["id"], "--reason", "Nee.", "--format", "json", "--by", "approver")
    assert (back.code, back.document["state"]) == (0, "awaiting-approval")
    assert ready("unapprove", document["id"], "--reason", "Nee.").code == 1
    ready("approve", document["id"], "--at", "2130-12-31 20:00")
    assert ready("approve", document["id"], "--at", "now").code == 0
    assert live(ready) != []


def test_roles_count(ready: Run, csv_file: WriteCsv) -> None:
    document = deliver(ready, csv_file(GOOD), "--by", "supplier")
    ran = ready("approve", document["id"], "--by", "reader")
    assert ran.err.strip() == (
        "reader mag voor demo niet goedkeuren: daarvoor is de rol goedkeurder of beheerder nodig."
    )
    codes = [
        ready("approve", document["id"], "--by", name).code for name in ("supplier", "reader", "nobody", "approver")
    ]
    assert codes == [1, 1, 2, 0]


@pytest.mark.parametrize("command", ["show", "approve", "withdraw", "undo"])
def test_an_id_that_is_none_is_wrong_use(ready: Run, command: str) -> None:
    for name in ("01a203e8", "x", "", "f" * 32, "%"):
        ran = ready(command, name, "--format", "json")
        assert (ran.code, ran.document["error"]["code"]) == (2, "not-found"), name


def test_an_id_may_be_cut_short_where_it_is_clear(ready: Run, csv_file: WriteCsv) -> None:
    first, second = deliver(ready, csv_file(GOOD)), deliver(ready, csv_file(OTHER))
    assert ready("show", first["id"][:-4], "--format", "json").document["id"] == first["id"]
    shared = first["id"][:6]
    ran = ready("show", shared, "--lang", "en")
    assert second["id"].startswith(shared) and ran.code == 2 and "More than one" in ran.err


@pytest.mark.parametrize(
    "option", [("--customer", "geen"), ("--connection", "geen"), ("--layout", "geen"), ("--by", "geen")]
)
def test_naming_what_is_not_there_is_wrong_use(ready: Run, csv_file: WriteCsv, option: tuple[str, str]) -> None:
    ran = ready("deliver", csv_file(GOOD), *option, "--format", "json")
    assert (ran.code, ran.document["error"]["code"]) == (2, "not-found")
    assert "geen" in ran.err


def test_deliveries_are_listed_the_newest_first(ready: Run, csv_file: WriteCsv) -> None:
    ids = [deliver(ready, csv_file(GOOD, name=f"{name}.csv"))["id"] for name in ("een", "twee")]
    listed = ready("deliveries", "--format", "json").document["deliveries"]
    assert [one["id"] for one in listed] == ids[::-1]
    lines = ready("deliveries").out.splitlines()
    assert [line.split()[0] for line in lines] == ids[::-1] and "wacht op akkoord" in lines[0]
    assert re.search(r" \d\d-\d\d-\d{4} \d\d:\d\d ", lines[0])
    assert re.search(r" \d{4}-\d\d-\d\d \d\d:\d\d ", ready("deliveries", "--lang", "en").out)
    assert len(ready("deliveries", "--limit", "1").out.splitlines()) == 1
    from instroom.store.models import Delivery

    Delivery.objects.filter(pk=ids[0]).update(cause="memory", try_again_at=datetime(2030, 1, 31, 9, 31, tzinfo=UTC))
    assert "(volgende poging op 31-01-2030 10:31)" in ready("deliveries").out.splitlines()[1]
    listed = ready("deliveries", "--format", "json").document["deliveries"]
    assert listed[1]["trouble"]["again_at"] == "2030-01-31T10:31:00+01:00"


def test_a_dossier_tells_its_history(ready: Run, csv_file: WriteCsv) -> None:
    first = imported(ready, csv_file(EMPLOYEE))
    second = imported(ready, csv_file(GOOD | {"PersoonVoornaam": "Anne"}))
    document = ready("dossier", "person", "HR", "p-1", "--format", "json").document
    assert document["fields"]["first_name"] == "Anne" and document["company"] is None
    assert [(one["delivery"], one["action"]) for one in document["history"]] == [
        (first["id"], "new"),
        (second["id"], "changed"),
    ]
    assert document["history"][1]["fields"] == {"first_name": ["Anna", "Anne"]}
    text = ready("dossier", "person", "HR", "P-1").out
    assert "Anna → Anne" in text and "Particulier" in text
    assert text.startswith("Persoon P-1 (HR)\n")
    assert ready("dossier", "company", "HR", "c-1", "--lang", "en").out.startswith("Company C-1 (HR)\n")
    assert "Personen: 0" in ready("dossier", "company", "HR", "c-1").out
    assert ready("dossier", "person", "HR", "P-9").code == 2
    assert ready("dossier", "dog", "HR", "P-1").code == 2


@pytest.mark.on_postgresql
def test_training_becomes_a_copy_of_live(ready: Run, csv_file: WriteCsv) -> None:
    document = deliver(ready, csv_file(EMPLOYEE))
    ran = ready("refresh-training", "--format", "json")
    assert ran.document == {"customer": "demo", "training": {"companies": 0, "persons": 0}}
    shown = ready("show", document["id"])
    assert shown.code == 0 and "ververst" in shown.out
    assert ready("refresh-training", "--by", "supplier").code == 1


def test_names_and_values_cannot_drive_the_terminal(ready: Run, csv_file: WriteCsv) -> None:
    path = csv_file(
        GOOD | {"PersoonVoornaam": "A\u202enna", "PersoonAchternaam": "\u2066V"}, name="a\x1b[2J\u202eb.csv"
    )
    document = deliver(ready, path)
    outputs = [
        ready("deliver", path),
        ready("show", document["id"]),
        ready("deliveries"),
        ready("approve", document["id"]),
    ]
    outputs += [ready("dossier", "person", "HR", "P-1"), ready("show", "\x1b[2J")]
    for ran in outputs:
        assert not set("\x1b\u202e\u2066") & set(ran.out + ran.err)


@pytest.mark.on_postgresql
def test_init_again_changes_nothing(ready: Run, csv_file: WriteCsv) -> None:
    imported(ready, csv_file(GOOD))
    assert ready("init").code == 0
    assert len(live(ready)) == 1


def embedded(run: Run, *arguments: str, home: Path) -> Ran:
    """Run on an embedded database in this folder."""
    return run(*arguments, INSTROOM_HOME=str(home), INSTROOM_DATABASE_URL="")


@pytest.mark.parametrize(
    "command",
    [
        ("deliver", "levering.csv"),
        ("worker", "--once"),
        *(pytest.param(one, marks=pytest.mark.slow) for one in (("deliveries",), ("show", "01a2"))),
    ],
)
def test_without_a_database_it_says_how_to_make_one(run: Run, csv_file: WriteCsv, tmp_path: Path, command) -> None:
    csv_file(GOOD)
    ran = embedded(run, *command, home=tmp_path / "nieuw")
    assert ran.code == 2 and "instroom init" in ran.err
    assert not (tmp_path / "nieuw").exists()


def test_an_empty_database_is_no_database(run: Run, tmp_path: Path) -> None:
    (tmp_path / "instroom.sqlite3").touch()
    ran = embedded(run, "deliveries", "--lang", "en", home=tmp_path)
    assert ran.code == 2 and "instroom init" in ran.err


def test_a_file_that_is_no_database_is_something_broken(run: Run, tmp_path: Path) -> None:
    (tmp_path / "instroom.sqlite3").write_bytes(b"not a database " * 100)
    ran = embedded(run, "deliveries", home=tmp_path)
    assert ran.code == 3 and "Traceback" not in ran.err and ran.err.count("\n") == 1
    assert "instroom.sqlite3 is beschadigd of is geen database" in ran.err and "INSTROOM_HOME" in ran.err
    assert embedded(run, "init", "--lang", "en", home=tmp_path).err.count("is damaged or is not a database") == 1


@pytest.mark.parametrize("command", ["init", "deliveries"])
def test_a_database_that_cannot_be_reached_is_told_to_the_operator(run: Run, command: str) -> None:
    url = "postgresql://niemand:geheim@127.0.0.1:1/instroom"
    ran = run(command, "--format" if command == "deliveries" else "--debug", *["json"] * (command == "deliveries"),
              INSTROOM_DATABASE_URL=url)  # fmt: skip
    assert ran.code == 3
    assert "De database instroom (INSTROOM_DATABASE_URL) is niet te bereiken." in ran.err
    assert "geheim" not in ran.err and "ligt niet aan u" not in ran.err
    if command == "deliveries":
        assert ran.document["error"]["code"] == "database-unreachable"


@pytest.mark.parametrize("command", ["init", "deliveries"])
@pytest.mark.parametrize("place", ["bestand/erin", pytest.param("bestand", marks=pytest.mark.slow)])
def test_a_home_that_is_a_file_is_a_wrong_setting(run: Run, tmp_path: Path, command: str, place: str) -> None:
    (tmp_path / "bestand").touch()
    ran = embedded(run, command, home=tmp_path / place)
    assert ran.code == 2 and "INSTROOM_HOME moet een map zijn" in ran.err


def test_a_home_that_everybody_can_read_is_closed_or_refused(run: Run, tmp_path: Path) -> None:
    home = tmp_path / "open"
    (home / "files").mkdir(mode=0o755, parents=True)
    (home / "files" / "older").touch(mode=0o644)
    embedded(run, "init", home=home)
    written = [path.stat().st_mode & 0o077 for path in (home, *home.rglob("*"))]
    assert written and not any(written)
    home.chmod(0o755)
    ran = embedded(run, "deliveries", "--lang", "en", home=home)
    assert ran.code == 2 and f"chmod 700 {home}" in ran.err


def test_what_is_somebody_elses_in_the_home_stays_as_it_is(run: Run, tmp_path: Path) -> None:
    """Such as `lost+found` on a volume of its own, which only root may change."""
    (other := tmp_path / "lost+found").mkdir(mode=0o755)
    with suppress(PermissionError):  # only root can give it to somebody else
        os.chown(other, 65534, 65534)
    assert embedded(run, "init", home=tmp_path).code == 0
    is_ours = other.stat().st_uid == os.geteuid()
    assert other.stat().st_mode & 0o777 == (0o700 if is_ours else 0o755)


def test_a_home_where_nothing_can_be_made_is_told_to_the_operator(run: Run) -> None:
    ran = embedded(run, "init", "--lang", "en", home=Path("/proc/instroom"))
    assert ran.code == 3 and "(INSTROOM_HOME) cannot be used" in ran.err


def test_init_says_what_comes_next(run: Run) -> None:
    for _ in range(2):  # until there is an operator
        assert "  instroom user add operator --site-operator  " in run("init").err
    assert "instroom deliver personen.csv" in run("init", "--demo").err
    assert "instroom deliver" not in run("init", "--demo").err
    assert "site-operator" not in run("init").err


def test_a_wrong_database_address_is_a_wrong_setting(run: Run) -> None:
    ran = run("deliveries", "--format", "json", INSTROOM_DATABASE_URL="mysql://x/y")
    assert (ran.code, ran.document["error"]["code"]) == (2, "setting")


def test_all_that_is_known_of_a_person(ready: Run, csv_file: WriteCsv) -> None:
    deliver(ready, csv_file(EMPLOYEE))
    document = ready("person", "export", "p-1").document
    assert ready("person", "export", "p-1", "--lang", "en", "-o", "p.html").code == 0
    assert read(ready, "p.html").startswith('<!doctype html>\n<html lang="en">')
    assert ready("person", "export", "p-1", "-o", "p.json").code == 0
    assert json.loads(read(ready, "p.json"))["dossiers"] == document["dossiers"]
    assert ready("person", "erase", "p-1", "--reason", "Op verzoek").code == 1, "a delivery is on its way"
    assert [ready("person", "export", *asked).code for asked in (["p-9"], ["p-1", "--by", "reader"])] == [2, 1]


def test_a_person_is_erased_and_let_in_again(ready: Run, csv_file: WriteCsv) -> None:
    imported(ready, csv_file(EMPLOYEE, OTHER))
    erased = ready("person", "erase", "p-1", "--reason", "Op verzoek", "--lang", "en")
    assert (erased.code, erased.err) == (0, MADE_GONE)
    again = deliver(ready, csv_file(EMPLOYEE, OTHER))
    assert again["state"] == "held"
    assert (
        "Left out, since they name a person who has been erased: 1 row"
        in ready("show", again["id"], "--lang", "en").out
    )
    let_in = ready("person", "admit", again["id"], "--format", "json").document
    assert (let_in["state"], let_in["live"]["persons"]["new"]) == ("held", 1)
    assert ready("person", "admit", again["id"]).code == 1


def test_what_failed_says_why_and_is_tried_again(ready: Run, csv_file: WriteCsv) -> None:
    from instroom.store.models import Delivery

    made = ready("deliver", csv_file(EMPLOYEE), "--format", "json").document["id"]
    waits = {"state": "training", "cause": "memory", "failures": 2, "try_again_at": "2030-01-31T11:00:00Z"}
    Delivery.objects.filter(pk=made).update(**waits)
    ran = ready("show", made, "--lang", "en")
    assert "attempt 2 failed, the next one is at " in ran.out and ". The server had too little memory" in ran.out
    Delivery.objects.filter(pk=made).update(state="failed", reason="memory", try_again_at=None)
    ran = ready("show", made)
    assert "mislukt. De server had te weinig geheugen" in ran.out
    assert f"instroom retry {made}" in ran.out
    assert ready("retry", made, "--format", "json").document["state"] == "awaiting-approval"
    assert ready("retry", made).code == 1
