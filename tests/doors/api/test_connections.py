"""Connections by a program (product.md E)."""

import json
from typing import Any

import pytest
from django.test import Client
from tests.doors.api.programs import program, token_of
from tests.doors.web.web_customer import WebCustomer

from instroom.doors.api.connections.schemas import ConnectionChanges, NewConnection
from instroom.flow import find
from instroom.flow.file_server import accounts
from instroom.store.models import Connection

BASE = "/api/v1/customers/ons/connections"


@pytest.fixture
def client(customer: WebCustomer) -> Client:
    """A program of the operator; the customer has the account `hr`."""
    accounts.add("hr", find.customer("ons"), "een-lang-woord-7", by=find.user("ons-operator"))
    return program(token_of(customer, "operator", "read", "configure", "approve"))


def send(client: Client, method: str, address: str, body: Any) -> tuple[int, dict[str, Any]]:
    """Ask with JSON."""
    response = getattr(client, method)(address, json.dumps(body).encode(), "application/json")
    return response.status_code, response.json()


def test_a_connection_is_made_changed_paused_and_resumed(client: Client) -> None:
    wanted = {"name": "nacht", "account": "hr", "file_name": "personen.csv", "schedule": "monthly 31 02:30"}
    status, made = send(client, "post", BASE, wanted)
    assert (status, made["state"], made["schedule"]) == (201, "waiting", "monthly 31 02:30")
    assert (len(made["next"]), made["guards"]["created"]) == (3, {"percent": 20, "number": 500, "least": 2})
    guards = {"created": {"percent": 5, "number": 10, "least": 3}}
    change = {"standing_approval": True, "guards": guards, "policies": {"blank": "clear", "quiet_from": "21:00"}}
    status, changed = send(client, "patch", f"{BASE}/nacht", change)
    assert (status, changed["standing_approval"], changed["schedule"]) == (200, True, "monthly 31 02:30")
    assert (changed["guards"]["created"], changed["guards"]["fewer"]["percent"]) == (guards["created"], 10)
    assert changed["policies"] == {"blank": "clear", "quiet_from": "21:00"}
    assert client.post(f"{BASE}/nacht/pause").json()["state"] == "paused"
    assert client.get(BASE).json()["connections"][0]["next"] == []
    assert client.post(f"{BASE}/nacht/resume").json()["state"] == "waiting"
    assert client.get(f"{BASE}/nacht").json()["policies"] == changed["policies"]


@pytest.mark.parametrize(
    ("wanted", "status"),
    [
        ({"schedule": "hourly"}, 422),
        ({"schedule": "daily 1:00"}, 422),
        ({"schedule": "weekly mon,mon,xyz 01:00"}, 422),
        ({"schedule": "monthly first 01:00"}, 422),
        ({"on_closed": "sleep"}, 422),
        ({"late_after": -1}, 422),
        ({"guards": {"created": {"percent": 101, "number": 1}}}, 422),
        ({"policies": {"blank": "maybe"}}, 422),
        ({"something": 1}, 422),
        ({"zone": "Mars"}, 409),
        ({"late_after": 10, "missing_after": 5}, 409),
        ({"account": "hr"}, 409),
        ({"account": "niemand"}, 404),
        ({"layout": "nergens/1"}, 404),
    ],
    ids=str,
)
def test_what_cannot_be_is_a_problem(client: Client, wanted: dict[str, Any], status: int) -> None:
    assert send(client, "post", BASE, {"name": "nacht", **wanted})[0] == status
    assert not Connection.objects.exists()


def test_the_schedules_of_a_real_week_and_closing_days(client: Client) -> None:
    address = "/api/v1/customers/ons/closing-days"
    assert client.get(address).json() == {"country": "", "weekends": False, "days": [], "open": []}
    closed = {"country": "NL", "weekends": True, "days": ["2027-12-27..2027-12-31"], "open": ["2027-03-26"]}
    assert send(client, "patch", address, closed) == (200, closed)
    assert client.get(address).json() == closed
    assert send(client, "patch", address, dict.fromkeys(closed)) == (200, closed)
    assert send(client, "patch", address, {"country": ""}) == (200, closed | {"country": ""})
    assert send(client, "patch", address, {"country": "NL"}) == (200, closed)
    wanted = {"name": "nacht", "schedule": "monthly last-workday 07:00,19:00", "on_closed": "move"}
    status, made = send(client, "post", BASE, wanted)
    assert (status, made["schedule"], made["on_closed"]) == (201, wanted["schedule"], "move")
    assert [at[11:16] for at in made["next"]] in (["07:00", "19:00", "07:00"], ["19:00", "07:00", "19:00"])
    for wrong, answers in (({"country": "XX"}, 409), ({"days": ["2027-02-30"]}, 409), ({"days": ["morgen"]}, 422)):
        assert send(client, "patch", address, wrong)[0] == answers
    assert client.get(address).json() == closed


def test_a_name_is_taken_once(client: Client) -> None:
    assert send(client, "post", BASE, {"name": "nacht"})[0] == 201
    assert send(client, "post", BASE, {"name": "nacht"})[0] == 409
    assert client.get(f"{BASE}/anders").status_code == 404


def test_a_change_of_one_setting_leaves_the_others(client: Client) -> None:
    wanted = {"name": "nacht", "account": "hr", "file_name": "personen.csv", "standing_approval": True}
    send(
        client,
        "post",
        BASE,
        wanted | {"policies": {"blank": "clear"}, "guards": {"fewer": {"percent": 1, "number": 1}}},
    )
    before = client.get(f"{BASE}/nacht").json()
    nothing = dict.fromkeys(ConnectionChanges.model_fields)
    assert send(client, "patch", f"{BASE}/nacht", nothing) == (200, before)
    _, after = send(client, "patch", f"{BASE}/nacht", nothing | {"schedule": "daily 01:00"})
    assert {name for name in before if before[name] != after[name]} == {"schedule", "next"}
    _, after = send(client, "patch", f"{BASE}/nacht", {"account": "", "policies": {}, "guards": {}})
    assert (after["account"], after["policies"], after["guards"]["fewer"]["percent"]) == (None, {}, 10)


def test_null_for_what_is_new_is_the_default(client: Client) -> None:
    nothing = dict.fromkeys(NewConnection.model_fields)
    send(client, "post", BASE, {"name": "nacht"})
    status, made = send(client, "post", BASE, nothing | {"name": "week"})
    assert (status, made) == (201, client.get(f"{BASE}/nacht").json() | {"name": "week"})


def test_it_is_renamed_and_deleted_and_the_name_is_free(client: Client, customer: WebCustomer) -> None:
    send(client, "post", BASE, {"name": "nacht", "account": "hr", "file_name": "personen.csv"})
    send(client, "post", BASE, {"name": "maand"})
    assert send(client, "patch", f"{BASE}/nacht", {"name": "maand"})[0] == 409
    assert send(client, "patch", f"{BASE}/nacht", {"name": "Avond"})[0] == 422
    status, renamed = send(client, "patch", f"{BASE}/nacht", {"name": "avond"})
    assert (status, renamed["name"], renamed["file_name"]) == (200, "avond", "personen.csv")
    assert client.get(f"{BASE}/nacht").status_code == 404
    assert client.delete(f"{BASE}/avond").status_code == 204
    assert client.delete(f"{BASE}/avond").status_code == 404
    listed = client.get("/api/v1/customers/ons/deliveries?connection=avond")
    assert (listed.status_code, listed.json()["deliveries"]) == (200, []), "its past can be asked for"
    assert send(client, "post", BASE, {"name": "avond", "account": "hr", "file_name": "personen.csv"})[0] == 201


def test_who_gets_which_mails_is_chosen(client: Client) -> None:
    urgent = ["awaiting-approval", "held", "failed", "missing", "late", "rejected"]
    usual = {"people": [], "off": [], "overview_at": "", "at_once": urgent}
    assert send(client, "post", BASE, {"name": "nacht"})[1]["mails"] == usual
    chosen = {"people": ["ons-supplier"], "off": ["received"], "overview_at": "17:00", "at_once": ["held"]}
    assert send(client, "patch", f"{BASE}/nacht", {"mails": chosen})[1]["mails"] == chosen
    assert send(client, "patch", f"{BASE}/nacht", {"mails": None, "zone": "UTC"})[1]["mails"] == chosen
    for wrong, status in (
        ({"people": ["ons-reader"]}, 409),
        ({"off": ["held"]}, 409),
        ({"off": ["nonsense"]}, 422),
        ({"overview_at": "5 pm"}, 422),
        ({"overview": "17:00"}, 422),
    ):
        assert send(client, "patch", f"{BASE}/nacht", {"mails": wrong})[0] == status
    none = {"mails": {"people": None, "overview_at": "08:30", "at_once": []}}
    assert send(client, "patch", f"{BASE}/nacht", none)[1]["mails"] == usual | {"overview_at": "08:30", "at_once": []}
    assert send(client, "patch", f"{BASE}/nacht", {"mails": {}})[1]["mails"] == usual


def test_without_approve_a_token_relaxes_no_safeguard(client: Client, customer: WebCustomer) -> None:
    """Neither of a connection nor of the customer; the rest it may."""
    send(client, "post", BASE, {"name": "nacht", "policies": {"approver_differs": True}})
    other = program(token_of(customer, "operator", "read", "configure", "deliver"))
    for method, address, wanted in (
        ("patch", f"{BASE}/nacht", {"standing_approval": True}),
        ("patch", f"{BASE}/nacht", {"guards": {"created": {"percent": 100, "number": 20000}}}),
        ("patch", f"{BASE}/nacht", {"policies": {}}),
        ("post", BASE, {"name": "dag", "standing_approval": True}),
        ("patch", "/api/v1/customers/ons/policies", {"quiet_above": 9999}),
    ):
        status, problem = send(other, method, address, wanted)
        assert (status, problem["type"]) == (403, "urn:instroom:problem:scope")
    assert send(other, "patch", f"{BASE}/nacht", {"schedule": "daily 01:00"})[0] == 200
    assert [one.name for one in Connection.objects.filter(standing_since=None, guards={})] == ["nacht"]


def test_under_two_persons_a_change_waits_as_a_proposal(client: Client, customer: WebCustomer) -> None:
    send(client, "post", BASE, {"name": "nacht", "policies": {"approver_differs": True}})
    _, changed = send(client, "patch", f"{BASE}/nacht", {"standing_approval": True, "late_after": 5})
    assert (changed["standing_approval"], changed["late_after"]) == (False, 5)
    proposals = "/api/v1/customers/ons/proposals"
    (one,) = client.get(proposals).json()["proposals"]
    assert ([one["id"]], one["relaxes"]) == (
        changed["proposals"],
        [{"safeguard": "standing", "old": ["false"], "new": ["true"]}],
    )
    mine = client.post(f"{proposals}/{one['id']}/confirm")
    assert (mine.status_code, mine.json()["detail"]) == (
        409,
        "You proposed this yourself: somebody else must confirm it.",
    )
    approver = program(token_of(customer, "approver"))
    assert approver.post(f"{proposals}/{one['id']}/confirm").json()["state"] == "confirmed"
    assert client.get(f"{BASE}/nacht").json()["standing_approval"] is True
    send(client, "patch", f"{BASE}/nacht", {"guards": {"created": {"percent": 90, "number": 900}}})
    (two,) = client.get(proposals).json()["proposals"]
    assert approver.post(f"{proposals}/{two['id']}/refuse").json()["state"] == "refused"
    assert client.get(f"{BASE}/nacht").json()["guards"]["created"]["percent"] == 20
