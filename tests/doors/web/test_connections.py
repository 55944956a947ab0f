"""The operator's pages of connections, and what other pages say of them (product.md E)."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone
from tests.doors.web.web_customer import ANNA, BRAM, COMPANY, PASSWORD, WebCustomer, markup, with_password

from instroom.core.layout import standard
from instroom.flow import find
from instroom.flow.connections import connections, runs
from instroom.flow.delivery.advance import advance_all
from instroom.flow.delivery.receive import receive
from instroom.flow.file_server import accounts
from instroom.flow.operations import layouts
from instroom.store.models import Connection, ConnectionRun, Delivery, Mail, OwnLayout, User

FORM = {
    "name": "nacht", "account": "hr", "file_name": "personen.csv", "layout": "standard/1", "kind": "weekly",
    "at": "01:00", "weekday": ["mon"], "day": "1", "zone": "Europe/Amsterdam", "late_after": "60",
    "missing_after": "360", "on_late": "take", "on_closed": "skip", "standing": "on",
    "created_percent": "20", "created_number": "500", "changed_percent": "30", "changed_number": "1000",
    "unlinked_percent": "5", "unlinked_number": "50", "left_out_percent": "5", "left_out_number": "100",
    "fewer_percent": "10", "fewer_number": "99", "proof": PASSWORD,
}  # fmt: skip


@pytest.fixture
def operator(customer: WebCustomer) -> Client:
    """The operator's browser; the customer has the account `hr`."""
    accounts.add("hr", find.customer("ons"), "een-lang-woord-7", by=find.user("ons-operator"))
    return with_password(customer, "operator")


def page_of(client: Client, address: str, status: int = 200) -> str:
    """What a page says between the frame's own."""
    response = client.get(f"/customers/ons{address}")
    assert response.status_code == status
    return response.content.decode().partition("<main")[2].partition("</main>")[0]


def test_an_unknown_layout_names_no_layout_of_others(operator: Client, tmp_path: Path) -> None:
    text = (Path(standard.__file__).parent / "standard.v1.toml").read_text(encoding="utf-8")
    User.objects.filter(username="ons-operator").update(is_superuser=True)
    for name in ("ons-hr", "ander-hr"):
        (tmp_path / "x.toml").write_text(text.replace('name = "standard"', f'name = "{name}"'), encoding="utf-8")
        layouts.add(tmp_path / "x.toml", by=find.user("ons-operator"))
    OwnLayout.objects.create(name="ander-kapot", version=1, text="name = 'a'", sha256="1", added_at=timezone.now())
    assert operator.post("/customers/ons/add-connection", {**FORM, "layout": "ons-hr"}).status_code == 302
    for unknown in ("nergens/1", "ander-kapot"):
        problem = markup(operator.post("/customers/ons/connections/nacht/change", {**FORM, "layout": unknown}))
        assert f"there is no layout {unknown}; choose ons-hr/1 or standard/1" in problem
        assert "ander-hr" not in problem


def test_without_connections_it_is_said_what_one_is(operator: Client) -> None:
    page = page_of(operator, "/connections")
    assert "There are no connections yet." in page
    assert "/customers/ons/add-connection" in page


@pytest.mark.on_postgresql
def test_a_connection_is_made_looked_at_changed_paused_and_resumed(operator: Client) -> None:
    assert "Add a connection" in page_of(operator, "/add-connection")
    made = operator.post("/customers/ons/add-connection", FORM)
    assert made.headers["Location"] == "/customers/ons/connections/nacht"
    one = Connection.objects.get()
    assert (one.schedule, one.policies, one.guards) == ("weekly mon 01:00", {}, {"fewer": [10, 99, 2]})
    assert one.standing_by is not None
    page = page_of(operator, "/connections/nacht")
    assert "every Monday at 01:00" in page
    assert page.count("<li><time ") == 3
    assert "Given by ons-operator" in page
    changed = {**FORM, "kind": "monthly", "day": "31", "blank": "clear", "skip_limit_percent": "7", "standing": ""}
    operator.post("/customers/ons/connections/nacht/change", changed)
    one.refresh_from_db()
    assert (one.schedule, one.policies) == ("monthly 31 01:00", {"blank": "clear", "skip_limit_percent": 7})
    assert one.standing_since is None
    assert 'value="31"' in page_of(operator, "/connections/nacht/change")
    operator.post("/customers/ons/connections/nacht/pause")
    assert "Paused since" in page_of(operator, "/connections/nacht")
    assert "run-paused" in page_of(operator, "/connections")
    operator.post("/customers/ons/connections/nacht/resume")
    assert "Paused since" not in page_of(operator, "/connections/nacht")


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"name": "Nacht!"}, "The short name takes"),
        ({"file_name": ""}, "Write the name of the file"),
        ({"late_after": "500"}, "A file is late after"),
        ({"late_after": ""}, "A file is late after"),
        ({"at": ""}, "Write a schedule as"),
        ({"zone": "Mars"}, "There is no time zone Mars"),
        ({"fewer_percent": "101"}, "A guard has a percentage"),
        ({"fewer_number": "veel"}, "A guard has a percentage"),
        ({"fewer_least": "weinig"}, "A guard has a percentage"),
        ({"account": "niemand"}, "There is no account niemand."),
        ({"skip_limit_percent": "101"}, "Write a percentage"),
        ({"layout": "nergens/1"}, "nergens"),
    ],
    ids=str,
)
def test_what_cannot_be_is_told_and_what_was_typed_stays(operator: Client, wrong: dict[str, str], told: str) -> None:
    response = operator.post("/customers/ons/add-connection", {**FORM, **wrong})
    assert response.status_code == 400
    page = response.content.decode()
    assert told in page.partition('role="alert"')[2][:300]
    assert not Connection.objects.exists()
    if "file_name" not in wrong:
        assert 'value="personen.csv"' in page


@pytest.mark.parametrize(
    ("query", "times", "said"),
    [
        ("kind=daily&at=01:00&zone=Europe/Amsterdam", 3, "The next three times"),
        ("kind=weekly&at=01:00&weekday=sun&zone=America/Nuuk", 3, "Sunday"),
        ("kind=monthly&at=01:00&day=31&zone=Europe/Amsterdam", 3, "01:00"),
        ("kind=monthly&at=01:00&day=32&zone=Europe/Amsterdam", 0, "Choose one or more times"),
        ("kind=daily&at=18:00, 06:00&zone=Europe/Amsterdam", 3, "06:00"),
        ("kind=workdays&at=06:00&zone=Europe/Amsterdam&on_closed=move", 3, "06:00"),
        ("kind=weekly&at=06:00&weekday=mon&weekday=thu&zone=Europe/Amsterdam", 3, "Thursday"),
        ("kind=weekly&at=06:00&zone=Europe/Amsterdam", 0, "Choose one or more times"),
        ("kind=monthly&at=06:00&day=last-workday&zone=Europe/Amsterdam", 3, "06:00"),
        ("kind=daily&at=&zone=Europe/Amsterdam", 0, "Choose one or more times"),
        ("kind=daily&at=01:00&zone=Mars", 0, "This time zone does not exist."),
        ("kind=arrival", 0, "This time zone does not exist."),
        ("kind=arrival&zone=UTC", 0, "no file is ever late"),
        ("kind=%00&at=%00&zone=%00", 0, "This time zone does not exist."),
        ("", 0, "This time zone does not exist."),
    ],
)
def test_the_next_three_times_are_shown_as_one_edits(operator: Client, query: str, times: int, said: str) -> None:
    response = operator.get(f"/customers/ons/next-times?{query}")
    part = response.content.decode()
    assert response.status_code == 200
    assert part.count("<li><time") == times
    assert said in part


def test_who_gets_which_mails_is_chosen(operator: Client) -> None:
    operator.post("/customers/ons/add-connection", FORM)
    assert Connection.objects.get().mails == {}
    chosen = {
        "mail_people": ["ons-supplier", "ons-operator"],
        "mail_off": ["received", "held"],
        "overview_at": "17:00",
        "mail_at_once": ["rejected", "held"],
    }
    refused = operator.post("/customers/ons/connections/nacht/change", {**FORM, **chosen})
    assert (refused.status_code, "Always sent are" in refused.content.decode()) == (400, True)
    chosen["mail_off"] = ["received"]
    assert operator.post("/customers/ons/connections/nacht/change", {**FORM, **chosen}).status_code == 302
    page = page_of(operator, "/connections/nacht")
    assert "Mails go to ons-operator and ons-supplier, as far as their role gets them." in page
    assert "Daily overview at 17:00; mailed at once: held and rejected." in page
    form = " ".join(page_of(operator, "/connections/nacht/change").split())
    assert 'name="mail_people" value="ons-supplier" checked>' in form
    assert 'value="ons-reader"' not in form
    assert "daily overview at 17:00" in operator.get("/customers/ons/audit").content.decode()


def test_without_javascript_a_button_shows_the_next_times_and_saves_nothing(operator: Client) -> None:
    asked = {**FORM, "kind": "monthly", "day": "last", "at": "07:00, 12:30", "preview": "on"}
    page = operator.post("/customers/ons/add-connection", asked).content.decode()
    assert page.count("<li><time ") == 3
    assert "12:30" in page.partition('id="times"')[2]
    assert 'value="07:00, 12:30"' in page
    assert '<option value="last" selected>the last day</option>' in page
    assert not Connection.objects.exists()


def test_closing_days_are_set_by_an_operator_and_the_times_follow(operator: Client) -> None:
    today = timezone.localdate()
    closed = f"{today.isoformat()}..{(today + timedelta(days=30)).isoformat()}"
    settings = {
        "blank": "leave", "nothing_words": "keep", "on_error": "whole", "skip_limit_percent": "10",
        "quiet_above": "2000", "quiet_from": "20:00", "quiet_until": "06:00", "closing_country": "NL",
        "closing_days": f"{closed}\n2099-01-01", "closing_open": "",
        "keep_files_days": "30", "keep_ledger_months": "60", "keep_audit_months": "84",
    }  # fmt: skip
    operator.post("/customers/ons/add-connection", {**FORM, "kind": "daily", "at": "06:00, 18:00"})
    response = operator.post("/customers/ons/settings", {**settings, "closing_days": "morgen"})
    assert response.status_code == 400
    assert "morgen is not a closing day" in response.content.decode()
    assert operator.post("/customers/ons/settings", settings).status_code == 302
    page = page_of(operator, "/settings")
    assert f"{closed}\n2099-01-01" in page
    assert '<option value="NL" selected>the Netherlands</option>' in page
    page = page_of(operator, "/connections/nacht")
    assert "every day at 06:00 and 18:00" in page
    assert "No file is expected on a closing day." in page
    assert page.count("<li><time ") == 3
    assert ConnectionRun.objects.get().due_at > timezone.now() + timedelta(days=29)
    assert "changed the closing days" in operator.get("/customers/ons/audit").content.decode()


def come(name: str = "personen.csv", waits_for: str = "hour", customer: WebCustomer | None = None) -> Delivery:
    """A file comes in at the file server."""
    assert customer is not None
    called = "nacht" if waits_for == "hour" else None
    path = customer.file(ANNA | COMPANY, name=name)
    return receive(
        path,
        find.customer("ons"),
        by=accounts.account("hr"),
        connection=find.connection(find.customer("ons"), called) if called else None,
        waits_for=waits_for,
    )


@pytest.fixture
def connection(operator: Client) -> Connection:
    """A nightly one."""
    return connections.add(
        "nacht",
        find.customer("ons"),
        by=find.user("ons-operator"),
        account="hr",
        file_name="personen.csv",
        schedule="daily 01:00",
    )


def test_a_file_that_waits_says_what_for_and_can_be_let_go(
    operator: Client, connection: Connection, customer: WebCustomer
) -> None:
    file = come(customer=customer)
    page = page_of(operator, f"/deliveries/{file.pk}")
    assert "This file waits for the scheduled time of the connection nacht." in page
    assert "hx-get" not in page, "it does not ask again and again"
    assert "personen.csv" in page_of(operator, "/connections/nacht").partition("Waiting for the scheduled time")[2]
    assert "waits" not in page_of(customer.signed_in("reader"), f"/deliveries/{file.pk}").partition("Let it go on")[2]
    operator.post(f"/customers/ons/deliveries/{file.pk}/take")
    advance_all()
    file.refresh_from_db()
    assert file.state == "awaiting-approval"


def test_a_file_under_another_name_is_shown(operator: Client, connection: Connection, customer: WebCustomer) -> None:
    file = come("anders.csv", "name", customer)
    assert "anders.csv" in page_of(operator, "/connections").partition("Files that wait for you")[2]
    page = page_of(operator, f"/deliveries/{file.pk}")
    assert "has no connection with this file name" in page
    assert "Waits for you: is this file to be processed?" in page
    assert "Waits until the supplier" in page_of(customer.signed_in("reader"), f"/deliveries/{file.pk}")


def test_a_file_that_waits_for_a_person_is_not_under_way(
    operator: Client, connection: Connection, customer: WebCustomer
) -> None:
    come("anders.csv", "name", customer)
    come(customer=customer)

    def listed(address: str) -> list[str]:
        page = markup(operator.get(address))
        return re.findall(r'<span class="badge [a-z]+">([^<]+)</span>', page.partition("<tbody>")[2])

    for address in ("/customers/ons/deliveries", "/operator/deliveries"):
        assert listed(f"{address}?group=to-choose") == ["waits for a choice"]
        assert listed(f"{address}?group=under-way") == ["received"]
        assert listed(address) == ["received", "waits for a choice"]


def test_a_person_chooses_the_connection_of_a_file_under_another_name(
    operator: Client, connection: Connection, customer: WebCustomer
) -> None:
    file = come("anders.csv", "name", customer)
    other = connections.add("maand", connection.customer, by=find.user("ons-operator"), schedule="monthly 1 01:00")
    assert re.findall(r'<option value="(\w*)">', page_of(operator, f"/deliveries/{file.pk}")) == ["", "maand", "nacht"]
    take = f"/customers/ons/deliveries/{file.pk}/take"
    assert "Choose the connection" in operator.post(take, follow=True).content.decode()
    file.refresh_from_db()
    assert file.waits_for == "name"
    operator.post(take, {"connection": "nacht"})
    file.refresh_from_db()
    assert (file.connection, file.waits_for, file.layout) == (connection, "", connection.layout)
    assert file.connection != other
    assert "nacht" in page_of(operator, f"/deliveries/{file.pk}")


def test_a_connection_gets_another_name(operator: Client, connection: Connection) -> None:
    connections.add("bezet", connection.customer, by=find.user("ons-operator"))
    taken = operator.post("/customers/ons/connections/nacht/change", {**FORM, "name": "bezet"})
    assert "There is already a connection bezet." in taken.content.decode()
    changed = operator.post("/customers/ons/connections/nacht/change", {**FORM, "name": "avond"})
    assert changed.headers["Location"] == "/customers/ons/connections/avond"
    page_of(operator, "/connections/nacht", 404)


def test_a_connection_is_removed_once_nothing_waits_and_its_past_stays(
    operator: Client, connection: Connection, customer: WebCustomer
) -> None:
    file = come(customer=customer)
    refused = operator.post("/customers/ons/connections/nacht/remove", follow=True).content.decode()
    assert "cannot be removed while deliveries of it wait" in refused
    operator.post(f"/customers/ons/deliveries/{file.pk}/withdraw")
    operator.post("/customers/ons/connections/nacht/remove")
    page_of(operator, "/connections/nacht", 404)
    past = f"/connections/removed/{connection.pk}"
    assert past in page_of(operator, "/connections").partition("Removed")[2]
    assert f"/deliveries/{file.pk}" in page_of(operator, past)
    assert past in page_of(operator, f"/deliveries/{file.pk}")


def test_a_file_under_nearly_the_name_shows_in_what_it_differs(
    operator: Client, connection: Connection, customer: WebCustomer
) -> None:
    page = page_of(operator, f"/deliveries/{come('per-sonen.csv', 'name', customer).pk}")
    assert "The connection nacht expects nearly this name:" in page
    assert "per<mark>-</mark>sonen.csv" in page
    page = page_of(operator, f"/deliveries/{come('omzet 2027.xlsx', 'name', customer).pk}")
    assert "nearly this name" not in page


@pytest.mark.parametrize("state", ["taken", "stale", "late", "missing", "waiting"])
def test_each_state_has_its_word(operator: Client, connection: Connection, state: str) -> None:
    at = timezone.now()
    ConnectionRun.objects.create(
        connection=connection, local_date=datetime(2026, 1, 1, tzinfo=UTC), due_at=at, state=state
    )
    words = {"taken": "taken", "stale": "same file as last time", "late": "late", "missing": "missing",
             "waiting": "waiting for the file"}  # fmt: skip
    for address in ("/connections", "/connections/nacht"):
        assert re.search(rf'run-{state}">{words[state]}<', page_of(operator, address))


def test_a_stale_file_and_a_held_one_say_why(operator: Client, connection: Connection, customer: WebCustomer) -> None:
    connections.change(
        connection, by=find.user("ons-operator"), standing=True, guards={"created": [100, 500], "fewer": [10, 250, 0]}
    )
    first = receive(
        customer.file(ANNA | COMPANY, BRAM | COMPANY),
        find.customer("ons"),
        by=find.user("ons-supplier"),
        connection=find.connection(find.customer("ons"), "nacht"),
    )
    advance_all()
    operator.post(f"/customers/ons/deliveries/{first.pk}/approve", {"when": "now", "digest": first.plans.last().digest})
    advance_all()
    half = receive(
        customer.file(ANNA | COMPANY),
        find.customer("ons"),
        by=find.user("ons-supplier"),
        connection=find.connection(find.customer("ons"), "nacht"),
    )
    advance_all()
    for address in (f"/deliveries/{half.pk}", f"/deliveries/{half.pk}/plan"):
        assert "Records: 1, last time 2. That is 1 fewer (50 %)" in page_of(operator, address)
    come(customer=customer)
    ConnectionRun.objects.update(due_at=timezone.now(), local_date=datetime(2026, 1, 1, tzinfo=UTC))
    assert runs.tick() == 1
    stale = Delivery.objects.get(reason="stale")
    assert "This is the same file as last time" in page_of(operator, f"/deliveries/{stale.pk}")


@pytest.mark.parametrize("role", ["supplier", "approver", "reader"])
def test_who_delivers_or_decides_sees_it_and_changes_nothing(
    connection: Connection, customer: WebCustomer, role: str
) -> None:
    client = customer.signed_in(role)
    delivered = receive(
        customer.file(ANNA | COMPANY),
        find.customer("ons"),
        by=find.user("ons-supplier"),
        connection=find.connection(find.customer("ons"), "nacht"),
    )
    listed, page = page_of(client, "/connections"), page_of(client, "/connections/nacht")
    for said in ("personen.csv", "every day at 01:00", "waiting for the file"):
        assert said in listed
        assert said in page
    assert page.count("<li><time ") == 3
    for said in ("standard/1", "passive, ports", str(delivered.pk), ".rapport.xlsx"):
        assert said in page
    for kept in ("/change", "/pause", "/accounts/", "add-connection", "een-lang-woord-7"):
        assert kept not in listed + page
    frame = client.get("/customers/ons").content.decode()
    assert "/customers/ons/connections" in frame


def test_without_connections_a_supplier_is_sent_to_the_operator(customer: WebCustomer) -> None:
    assert "Your operator creates them" in page_of(customer.signed_in("supplier"), "/connections")


def test_a_mail_of_what_is_late_leads_the_supplier_to_the_connection(
    connection: Connection, customer: WebCustomer
) -> None:
    User.objects.filter(username="ons-supplier").update(email="iemand@voorbeeld.example")
    ConnectionRun.objects.update(due_at=timezone.now() - timedelta(hours=2))
    assert runs.tick() == 1
    mail = Mail.objects.get(to="iemand@voorbeeld.example", kind="late")
    paths = set(re.findall(r"https?://[^/\s]+(/[^\s#]+)", mail.text))
    assert paths == {"/customers/ons/connections/nacht", "/help/supplier"}
    supplier = customer.signed_in("supplier")
    assert [supplier.get(path).status_code for path in paths] == [200, 200]
