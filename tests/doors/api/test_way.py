"""The way of a delivery by programs: delivered, followed, found, approved, looked up, exported and undone."""

import json
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from tests.commands import Run
from tests.doors.api.programs import deliver, program, token_of
from tests.doors.web.web_customer import ANNA, BAD_DATE, BRAM, COMPANY, WebCustomer, make_reports

from instroom.flow import find
from instroom.flow.connections import connections
from instroom.flow.delivery.advance import advance_all
from instroom.flow.delivery.receive import receive
from instroom.flow.delivery.reports import make_asked
from instroom.flow.file_server import accounts
from instroom.store.models import AuditEntry, Delivery


@pytest.mark.on_postgresql
def test_from_a_file_to_live_and_back(customer: WebCustomer) -> None:
    supplier, approver = program(token_of(customer, "supplier")), program(token_of(customer, "approver"))
    made = deliver(supplier, customer, customer.file(ANNA | COMPANY, BRAM).read_bytes(), name="personen.csv")
    assert made.status_code == 201, made.content
    assert (made.json()["state"], made.json()["file"]) == ("received", "personen.csv")
    assert set(made.json()["counts"].values()) == {0}
    where = made.headers["Location"]
    advance_all()

    followed = supplier.get(where).json()
    assert (followed["state"], followed["verdict"], followed["live"]["persons"]["new"]) == (
        "awaiting-approval", "clean", 2
    )  # fmt: skip
    plan = approver.get(f"{where}/plan").json()
    assert [(one["kind"], one["name"]) for one in plan["changes"]] == [
        ("company", "Voorbeeld BV"), ("person", "Anna de Voorbeeld"), ("person", "Bram de Voorbeeld")
    ]  # fmt: skip
    assert approver.post(
        f"{where}/approve", {"at": "now", "digest": plan["digest"]}, "application/json"
    ).json()["state"] == "approved"  # fmt: skip
    advance_all()
    assert supplier.get(where).json()["state"] == "imported"

    one = {"kind": "person", "source": "HR", "extern_id": "p-1"}
    restore = approver.post(f"{where}/restore", one, "application/json")
    assert restore.status_code == 201
    advance_all()
    assert [change["name"] for change in approver.get(restore.headers["Location"] + "/plan").json()["changes"]] == [
        "Anna de Voorbeeld"
    ]
    assert approver.get(restore.headers["Location"] + "/timeline").json()["one_dossier"]
    assert approver.post(f"{where}/restore", one | {"extern_id": "p-9"}, "application/json").status_code == 404
    refused = approver.post(restore.headers["Location"] + "/refuse", {"reason": "toch niet"}, "application/json")
    assert refused.status_code == 200

    undo = approver.post(f"{where}/undo")
    assert undo.status_code == 201
    advance_all()
    seen = {"digest": approver.get(undo.headers["Location"] + "/plan").json()["digest"]}
    approved = approver.post(undo.headers["Location"] + "/approve", seen, "application/json")
    assert approved.json()["state"] == "approved"
    advance_all()
    assert supplier.get(where).json()["state"] == "undone"


def test_a_delivery_is_the_document_of_show(customer: WebCustomer, run: Run) -> None:
    delivery = customer.deliver(ANNA | COMPANY, BRAM)
    client = program(token_of(customer, "reader"))
    path = f"/api/v1/customers/ons/deliveries/{delivery.pk}"
    shown = json.loads(run("show", str(delivery.pk), "--format", "json").out)
    assert client.get(path).json().items() >= shown.items()
    (listed,) = client.get("/api/v1/customers/ons/deliveries").json()["deliveries"]
    (told,) = json.loads(run("deliveries", "--customer", "ons", "--format", "json").out)["deliveries"]
    assert listed.items() >= told.items()


def test_findings_and_changes_are_those_of_show(customer: WebCustomer, run: Run) -> None:
    delivery = customer.deliver(ANNA, BAD_DATE, on_error="skip", skip_limit_percent=60)  # type: ignore[arg-type]
    shown = run("show", str(delivery.pk), "--format", "json", "--findings", "--changes", "--lang", "en").out
    client = program(token_of(customer, "reader"))
    path = f"/api/v1/customers/ons/deliveries/{delivery.pk}"
    assert client.get(f"{path}/findings").json()["findings"] == json.loads(shown)["findings"]
    changes = client.get(f"{path}/plan").json()["changes"]
    own = {"name", "warnings"}
    assert [{name: one[name] for name in one if name not in own} for one in changes] == json.loads(shown)["changes"]


def test_the_columns_of_a_plan_stand_beside_the_file_before(customer: WebCustomer, run: Run) -> None:
    staff = [ANNA | {"PersoonExternId": f"P-{number}", "PersoonFunctie": f"Coach {number}"} for number in range(1, 7)]
    first = customer.import_in_live(*staff)
    second = customer.deliver(*(one | {"PersoonFunctie": ""} for one in staff))
    client = program(token_of(customer, "reader"))
    base = "/api/v1/customers/ons/deliveries"

    alone = client.get(f"{base}/{first.pk}/plan").json()["columns"]
    assert (alone["compared_with"], alone["jumps"], alone["persons"]["before"]) == (None, [], None)
    assert alone["companies"] == {"dossiers": 0, "new": 0, "before": None, "fields": []}
    assert {one["field"]: one["filled"] for one in alone["persons"]["fields"]}["job_title"] == 6
    assert {one["before"] for one in alone["persons"]["fields"]} == {None}

    columns = client.get(f"{base}/{second.pk}/plan?lang=en").json()["columns"]
    assert columns["compared_with"] == str(first.pk)
    (jump,) = columns["jumps"]
    assert (jump["name"], jump["kind"], jump["field"], jump["number"], jump["of"]) == (
        "emptied",
        "person",
        "job_title",
        6,
        6,
    )
    assert jump["message"].endswith("Last time that was 0%.")
    job = next(one for one in columns["persons"]["fields"] if one["field"] == "job_title")
    assert job == {
        "field": "job_title", "filled": 0, "distinct": 0, "most": 0, "new": 0, "changed": 0,
        "before": {"filled": 6, "distinct": 6, "most": 1, "new": 6, "changed": 0},
    }  # fmt: skip
    shown = run("show", str(second.pk), "--format", "json", "--columns", "--lang", "en").out
    assert json.loads(shown)["columns"] == columns
    assert client.get(f"{base}/{second.pk}/plan?environment=training").json()["columns"] is None


def test_the_nearest_name_of_a_stranger_is_told(customer: WebCustomer, run: Run, tmp_path: Path) -> None:
    operator = find.user("ons-operator")
    account = accounts.add("hr", find.customer("ons"), "een-lang-woord-7", by=operator)
    connections.add("nacht", account.customer, by=operator, account="hr", file_name="personen.csv")
    client = program(token_of(customer, "reader"))
    base = "/api/v1/customers/ons/deliveries"
    names = {"per-sonen.csv": ["punctuation"], "personen2.csv": [], "omzet.xlsx": None}
    for name, differs_in in names.items():
        (tmp_path / name).write_bytes(b"x")
        file = receive(tmp_path / name, account.customer, by=account, waits_for="name")
        nearest = {"connection": "nacht", "file_name": "personen.csv", "differs_in": differs_in}
        told = client.get(f"{base}/{file.pk}").json()
        assert told["nearest_name"] == (None if differs_in is None else nearest)
        assert (told["state"], told["waits_for"]) == ("received", "name")
        assert client.get(base).json()["deliveries"][0] == told
        shown = json.loads(run("show", str(file.pk), "--format", "json").out)
        assert (shown.get("nearest_name"), shown["waits_for"]) == (told["nearest_name"], "name")


def test_a_dossier_is_that_of_the_command_line_and_its_sight_is_known(customer: WebCustomer, run: Run) -> None:
    customer.import_in_live(ANNA | COMPANY)
    client = program(token_of(customer, "reader"))
    person = client.get("/api/v1/customers/ons/live/person?source=HR&id=p-1").json()
    command = ("dossier", "person", "HR", "P-1", "--customer", "ons", "--by", "ons-reader", "--format", "json")
    assert person == json.loads(run(*command).out)
    assert client.get("/api/v1/customers/ons/live/company?source=HR&id=C-1").json()["persons"] == 1
    seen = AuditEntry.objects.filter(action="dossier-seen", user__username="ons-reader")
    assert [one.facts["kind"] for one in seen.order_by("at")] == ["person", "person", "company"]


def test_who_sees_a_plan_or_takes_an_answer_is_known(customer: WebCustomer) -> None:
    delivery = customer.deliver(ANNA, BAD_DATE, on_error="skip", skip_limit_percent=60)  # type: ignore[arg-type]
    client, base = program(token_of(customer, "reader")), f"/api/v1/customers/ons/deliveries/{delivery.pk}"
    client.get(f"{base}/plan")
    make_reports(delivery, "annotated.xlsx", "rejected.xml")
    make_reports(delivery, "report.csv", language="nl")
    taken = {
        kind: client.get(f"{base}/files/{kind}{query}")
        for kind, query in (("annotated", ""), ("rejected", "?format=xml"), ("report", "?lang=nl"))
    }
    contents = {kind: b"".join(response.streaming_content) for kind, response in taken.items()}
    assert contents["annotated"].startswith(b"PK")
    assert (b"31-02-1980" in contents["rejected"], b"Anna" in contents["rejected"]) == (True, False)
    assert contents["report"].decode("utf-8-sig").startswith("Ernst;Regel;Kolom;")
    assert {response.headers["Instroom-Not-Held"] for response in taken.values()} == {"0"}
    seen = AuditEntry.objects.filter(user__username="ons-reader", delivery=delivery).order_by("at", "pk")
    assert [one.action for one in seen] == ["plan-seen", "answer-taken", "answer-taken", "answer-taken"]
    clean = customer.deliver(BRAM)
    make_reports(clean, "rejected.csv")
    assert client.get(f"/api/v1/customers/ons/deliveries/{clean.pk}/files/rejected").status_code == 204


@pytest.mark.on_postgresql
def test_what_changed_since_approval_since_the_approval_is_that_of_show(customer: WebCustomer, run: Run) -> None:
    """One person became another change, for the other there is nothing to do any more."""
    customer.import_in_live(ANNA, BRAM)
    delivery = customer.deliver(ANNA | {"PersoonVoornaam": "Annelies"}, BRAM | {"PersoonVoornaam": "Bramme"})
    client, base = program(token_of(customer, "approver")), f"/api/v1/customers/ons/deliveries/{delivery.pk}"
    approved, tomorrow = client.get(f"{base}/plan").json()["digest"], (timezone.now() + timedelta(days=1)).isoformat()
    answer = client.post(f"{base}/approve", {"at": tomorrow, "digest": approved}, "application/json")
    assert answer.status_code == 200
    customer.import_in_live(ANNA | {"PersoonVoornaam": "Aafje"}, BRAM | {"PersoonVoornaam": "Bramme"})
    assert client.get(f"{base}/differences").status_code == 404
    answer = client.post(f"{base}/approve", {"at": "now", "digest": approved}, "application/json")
    assert answer.status_code == 409, "live has moved past the plan"
    Delivery.objects.filter(pk=delivery.pk).update(due_at=timezone.now())  # its hour comes
    advance_all()
    first = client.get(f"{base}/differences?limit=1").json()
    second = client.get(f"{base}/differences?cursor={first['next']}").json()
    assert (first["approved_digest"], first["digest"]) == (approved, client.get(f"{base}/plan").json()["digest"])
    assert (first["total"], first["counts"], second["next"]) == (2, {"added": 0, "different": 1, "gone": 1}, None)
    shown = run("show", str(delivery.pk), "--format", "json", "--differences").out
    assert [*first["differences"], *second["differences"]] == json.loads(shown)["differences"]
    [gone] = client.get(f"{base}/differences?word=gone").json()["differences"]
    assert (gone["name"], gone["now"]) == ("Bramme de Voorbeeld", None)
    assert client.get(f"{base}/differences?cursor=MTow").status_code == 422


@pytest.mark.on_postgresql
def test_dossiers_are_looked_up(customer: WebCustomer) -> None:
    customer.import_in_live(ANNA | COMPANY, BRAM)
    client = program(token_of(customer, "reader"))
    found = client.get("/api/v1/customers/ons/live/dossiers", {"q": "voorbeeld"}).json()["dossiers"]
    assert [one["name"] for one in found] == ["Voorbeeld BV", "Anna de Voorbeeld", "Bram de Voorbeeld"]
    assert found[1] == {
        "kind": "person", "source": "HR", "extern_id": "P-1", "name": "Anna de Voorbeeld", "company": "Voorbeeld BV"
    }  # fmt: skip
    assert client.get("/api/v1/customers/ons/training/dossiers", {"q": "zzzz"}).json() == {"dossiers": []}
    missing = client.get("/api/v1/customers/ons/live/person?source=HR&id=P-9")
    assert (missing.status_code, missing.json()["type"]) == (404, "urn:instroom:problem:not-found")


def test_an_export_is_delivered_without_a_change(customer: WebCustomer) -> None:
    customer.import_in_live(ANNA | COMPANY, BRAM)
    client = program(token_of(customer, "operator"))
    for form, start in (("csv", b"\xef\xbb\xbf"), ("xlsx", b"PK"), ("xml", b"<?xml")):
        response = client.get(f"/api/v1/customers/ons/live/export?format={form}")
        content = b"".join(response.streaming_content)
        assert (response.status_code, response.headers["Instroom-Rows"]) == (200, "2")
        assert content.startswith(start)
        assert f'filename="ons-live.{form}"' in response.headers["Content-Disposition"]
        made = deliver(client, customer, content, name=f"terug.{form}").json()
        advance_all()
        live = client.get(f"/api/v1/customers/ons/deliveries/{made['id']}").json()["live"]
        assert (live["persons"]["unchanged"], live["persons"]["changed"], live["persons"]["new"]) == (2, 0, 0)


def test_an_approver_moves_a_scheduled_approval_and_takes_it_back(customer: WebCustomer) -> None:
    address = f"/api/v1/customers/ons/deliveries/{customer.deliver(ANNA).pk}"
    client = program(token_of(customer, "approver"))
    seen = {"digest": client.get(f"{address}/plan").json()["digest"]}
    first, second = ((timezone.now() + timedelta(days=days)).isoformat() for days in (1, 2))
    for at in (first, second):
        sent = client.post(f"{address}/approve", {"at": at, **seen}, "application/json")
        assert (sent.status_code, sent.json()["state"]) == (200, "scheduled")
    due = datetime.fromisoformat(client.get(f"{address}/timeline").json()["due_at"])
    assert abs(due - datetime.fromisoformat(second)) < timedelta(minutes=1)
    assert client.post(f"{address}/approve", seen, "application/json").status_code == 409  # not without a moment
    back = f"{address}/unapprove", {"reason": "Nee."}, "application/json"
    assert client.post(*back).json()["state"] == "awaiting-approval"
    assert client.get(f"{address}/timeline").json()["reason"] == "unapproved"
    assert client.post(*back).status_code == 409


def test_a_supplier_takes_back_and_an_approver_refuses(customer: WebCustomer) -> None:
    first, second = customer.deliver(ANNA), customer.deliver(BRAM)
    base = "/api/v1/customers/ons/deliveries"
    supplier, approver = program(token_of(customer, "supplier")), program(token_of(customer, "approver"))
    assert supplier.post(f"{base}/{first.pk}/withdraw").json()["state"] == "withdrawn"
    again = supplier.post(f"{base}/{first.pk}/withdraw")
    assert (again.status_code, again.json()["type"]) == (409, "urn:instroom:problem:not-possible")
    assert again.json()["detail"] == "This delivery has been withdrawn and can no longer be withdrawn."
    refused = approver.post(f"{base}/{second.pk}/refuse", {"reason": "Bram is weg."}, "application/json")
    assert refused.json()["state"] == "refused"
    second.refresh_from_db()
    timeline = supplier.get(f"{base}/{second.pk}/timeline").json()
    assert (timeline["state"], timeline["reason"], timeline["delivered_by"], timeline["decided_by"]) == (
        "refused", "Bram is weg.", "ons-supplier", "ons-approver"
    )  # fmt: skip
    assert [(one["action"], one["by"]) for one in timeline["events"]] == [
        ("received", "ons-supplier"), ("training", None), ("trained", None), ("refused", "ons-approver")
    ]  # fmt: skip
    assert (second.reason, second.decided_by and second.decided_by.username) == ("Bram is weg.", "ons-approver")


def test_the_answer_is_being_made_and_a_corrected_file_is_the_next_version(customer: WebCustomer) -> None:
    faulty = customer.deliver(ANNA, BAD_DATE)
    assert faulty.state == "rejected"
    timeline = program(token_of(customer, "supplier")).get(f"/api/v1/customers/ons/deliveries/{faulty.pk}/timeline")
    assert {(one["kind"], one["format"], one["language"], one["state"]) for one in timeline.json()["reports"]} == {
        ("annotated", "xlsx", "nl", "being-made"), ("report", "csv", "nl", "being-made"),
        ("rejected", "csv", None, "being-made")
    }  # fmt: skip
    content = customer.file(ANNA, BRAM).read_bytes()
    made = deliver(program(token_of(customer, "supplier")), customer, content, corrects=str(faulty.pk)).json()
    assert Delivery.objects.get(pk=made["id"]).corrects_id == faulty.pk


def test_a_part_has_its_whole_and_a_version_with_fewer_records_is_confirmed(customer: WebCustomer) -> None:
    client = program(token_of(customer, "supplier"))
    first = customer.deliver(ANNA, BRAM, BAD_DATE)
    right = customer.file(BAD_DATE | {"PersoonGeboortedatum": "01-02-1980"}).read_bytes()
    part = deliver(client, customer, right, corrects=str(first.pk)).headers["Location"]
    advance_all()
    assert client.get(f"{part}/files/whole").status_code == 503
    make_asked()
    content = b"".join(client.get(f"{part}/files/whole").streaming_content)  # type: ignore[attr-defined]
    assert len(content.splitlines()) == 4
    assert client.get(f"/api/v1/customers/ons/deliveries/{first.pk}/files/whole").status_code == 404
    held = deliver(client, customer, customer.file(ANNA, BRAM).read_bytes(), corrects=part.rpartition("/")[2])
    advance_all()
    confirmed = client.post(f"{held.headers['Location']}/confirm-complete")
    assert (confirmed.status_code, confirmed.json()["fewer_records"]) == (200, 1)
    assert client.get(f"{held.headers['Location']}/timeline").json()["reason"] == "said-complete"


def test_what_is_asked_of_a_delivery_is_kept(customer: WebCustomer) -> None:
    client = program(token_of(customer, "supplier"))
    content = customer.file(ANNA, BAD_DATE).read_bytes()
    made = deliver(
        client, customer, content, on_error="skip", skip_limit_percent="60", blank="clear", layout="standard"
    )
    one = Delivery.objects.get(pk=made.json()["id"])
    assert one.policies["on_error"] == "skip"
    assert (one.policies["skip_limit_percent"], one.policies["blank"], one.layout) == (60, "clear", "standard/1")


def test_an_operator_has_training_refreshed(customer: WebCustomer) -> None:
    client = program(token_of(customer, "operator"))
    assert client.post("/api/v1/customers/ons/training/refresh").json() == {"refresh": "requested"}
    assert client.post("/api/v1/customers/ons/training/refresh").status_code == 409


def test_a_plan_that_live_has_passed_is_made_anew(customer: WebCustomer, monkeypatch: pytest.MonkeyPatch) -> None:
    delivery = customer.deliver(ANNA)
    client, base = program(token_of(customer, "approver")), f"/api/v1/customers/ons/deliveries/{delivery.pk}"
    first = client.get(f"{base}/plan?lang=en").json()
    seen, [stands_out] = first["digest"], first["stands_out"]
    assert (stands_out["code"], stands_out["number"], stands_out["before"]) == ("first", 1, None)
    assert stands_out["message"].startswith("The first file")
    customer.import_in_live(ANNA | {"PersoonVoornaam": "Aafje"})
    monkeypatch.setattr("instroom.flow.delivery.renewing._AT_ONCE", 0)
    assert client.get(f"{base}/plan").json()["renewing"]
    told = client.post(f"{base}/approve", {"at": "now", "digest": seen}, "application/json")
    assert (told.status_code, "being made anew" in told.json()["detail"]) == (409, True)
    advance_all()
    plan = client.get(f"{base}/plan").json()
    assert not plan["renewing"]
    told = client.post(f"{base}/approve", {"at": "now", "digest": seen}, "application/json")
    assert (told.status_code, "no longer the one" in told.json()["detail"]) == (409, True)
    assert (
        client.post(f"{base}/approve", {"at": "now", "digest": plan["digest"]}, "application/json").status_code == 200
    )


def test_a_program_asks_and_reads_the_answer(customer: WebCustomer) -> None:
    delivery = customer.deliver(ANNA)
    address = f"/api/v1/customers/ons/deliveries/{delivery.pk}/comments"
    asking, reading = program(token_of(customer, "supplier")), program(token_of(customer, "reader"))
    assert reading.get(address).json() == {"question_open": False, "comments": []}
    made = asking.post(address, {"text": "Klopt Anna?", "row": 2}, "application/json")
    assert made.status_code == 201
    assert (made.json()["by"], made.json()["asks"], made.json()["row"]) == ("ons-supplier", True, 2)
    assert reading.get(address).json() == {"question_open": True, "comments": [made.json()]}
    for wrong in ({"text": " "}, {"text": "a" * 2001}, {"text": "a", "row": 0}, {}):
        assert asking.post(address, wrong, "application/json").status_code == 422
    assert reading.post(address, {"text": "Nee."}, "application/json").status_code == 403
