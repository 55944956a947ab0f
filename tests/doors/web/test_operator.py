"""The operator: oversees all customers, sets what holds, refreshes training, undoes (product.md D2, D8, G2)."""

import re
from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone
from django.utils.translation import override
from tests.doors.web.web_customer import ANNA, BAD_DATE, BRAM, COMPANY, WebCustomer, make_reports, markup

from instroom.doors.web.operator import charts
from instroom.doors.web.words.filters import duration
from instroom.flow import find, throttle
from instroom.flow.connections import connections
from instroom.flow.delivery.advance import advance_all
from instroom.flow.delivery.decide import approve
from instroom.flow.delivery.states import OUTCOMES
from instroom.flow.file_server import accounts, failed_attempts
from instroom.flow.operations.ageing import age
from instroom.flow.queries.figures import Day
from instroom.flow.queries.to_do.to_do_list import to_do_of_operator
from instroom.flow.webhooks import giving_up
from instroom.flow.webhooks import manage as webhooks
from instroom.store.models import AuditEntry, ConnectionRun, Customer, Delivery, Environment, Person, Role, User


@pytest.fixture
def operator(customer: WebCustomer) -> Client:
    """The operator's browser."""
    return customer.signed_in("operator")


def page_of(client: Client, address: str, status: int = 200) -> str:
    """A page as text."""
    response = client.get(address)
    assert response.status_code == status
    return markup(response)


def content(page: str) -> str:
    """What the page says between the frame's own."""
    return page.partition("<main")[2].partition("</main>")[0]


def send(client: Client, address: str, **data: str) -> str:
    """Send a form that is accepted; the page that follows."""
    response = client.post(address, data)
    assert response.status_code == 302
    return page_of(client, response.headers["Location"])


# The overview


def test_figures_have_pictures_with_their_numbers(operator: Client, customer: WebCustomer) -> None:
    customer.import_in_live(ANNA | COMPANY)
    customer.deliver(BRAM)
    customer.deliver(BAD_DATE)
    assert "Waiting for approval" in content(page_of(operator, "/operator"))
    page = content(page_of(operator, "/operator/figures"))
    titles = re.findall(r'<svg class="columns"[^>]*role="img" aria-labelledby="(\S+) (\S+)"', page)
    assert titles == [("deliveries-title", "deliveries-desc"), ("records-title", "records-desc")]
    assert all(f'id="{name}"' in page for pair in titles for name in pair)
    assert page.count('<path class="imported"') == 1
    assert page.count('<path class="rejected"') == 1
    today = re.findall(r"<tr><th scope=\"row\">[^<]*</th>((?:<td class=\"number\">\d+</td>)+)</tr>", page)[-1]
    assert re.findall(r">(\d+)<", today) == ["1", "1", "1", "0", "0", "3"]  # in live, open, rejected, …, records
    assert "Import in training, and the plan" in page


def test_figures_say_whether_files_came_in_time(operator: Client, customer: WebCustomer) -> None:
    by = find.user("ons-operator")
    connection = connections.add("nacht", find.customer("ons"), by=by, schedule="daily 01:00")
    for at in (timezone.now() - timedelta(days=1), timezone.now() - timedelta(days=2)):
        run = ConnectionRun(connection=connection, local_date=timezone.localdate(at), due_at=at, state="missing")
        run.save()
    page = content(page_of(operator, "/operator/figures"))
    assert '<li class="missing"><b>2</b>missing</li>' in page
    assert page.count('<path class="missing"') == 1
    days = re.findall(r"<tr><th scope=\"row\">[^<]*</th>((?:<td class=\"number\">\d+</td>){5})</tr>", page)
    assert [re.findall(r">(\d+)<", day)[2] for day in days] == ["0"] * 27 + ["1", "1", "0"]


def test_figures_without_deliveries_says_so(operator: Client) -> None:
    page = content(page_of(operator, "/operator/figures"))
    assert "Nothing was delivered in the last 30 days." in page
    assert "There are no timings yet." in page
    assert "<svg" not in page


def test_what_there_is_to_do_stands_on_the_overview_and_at_its_customer(
    operator: Client, customer: WebCustomer, other_customer: WebCustomer
) -> None:
    """Nobody sees what there is to do for a customer of another operator."""
    User.objects.update(email="beheer@voorbeeld.example")
    others = connections.add("geheim", find.customer("ander"), by=find.user("ander-operator"))
    connections.pause(others, by=find.user("ander-operator"))
    assert operator.get("/operator?customer=ander").status_code == 404
    for address in ("/operator", "/customers/ons"):
        page = page_of(operator, address)
        assert "All is well." in page
        assert "<title>(" not in page
    connections.add("nacht", find.customer("ons"), by=find.user("ons-operator"))
    connections.pause(find.connection(find.customer("ons"), "nacht"), by=find.user("ons-operator"))
    for address in ("/operator", "/customers/ons"):
        page = page_of(operator, address)
        assert "<title>(1) " in page
        assert "Connection nacht is paused" in content(page)
        assert re.search('<a href="/customers/ons/connections/nacht">Resume the connection', content(page))
    for role in ("supplier", "approver", "reader"):
        assert "What to do now" not in page_of(customer.signed_in(role), "/customers/ons")


def test_a_long_list_of_things_to_do_comes_in_pages_and_by_kind(operator: Client, customer: WebCustomer) -> None:
    ons, by = find.customer("ons"), find.user("ons-operator")
    for number in range(16):
        connections.pause(connections.add(f"nacht-{number}", ons, by=by), by=by)
    page = content(page_of(operator, "/operator"))
    assert (page.count("is paused"), "Page 1 of 2" in page) == (26, True)  # each with its text for the ears
    assert "nobody has e-mail 1" in page
    assert content(page_of(operator, "/operator?todo=2")).count("is paused") == 6
    assert content(page_of(operator, "/operator?kind=no-approver")).count("is paused") == 0
    assert content(page_of(operator, "/operator?kind=nonsense")).count("is paused") == 26


def test_customers_who_need_something_come_first_and_are_found_by_name(
    operator: Client, customer: WebCustomer, other_customer: WebCustomer
) -> None:
    User.objects.update(email="beheer@voorbeeld.example")
    by = User.objects.get(username="ons-operator")
    Role.objects.create(customer=Customer.objects.get(name="ander"), user=by, name=Role.OPERATOR)
    connections.add("nacht", find.customer("ons"), by=by, schedule="daily 01:00")

    def rows(query: str = "") -> list[str]:
        table = content(page_of(operator, f"/operator{query}")).partition('id="customers"')[2].partition("<tbody>")[2]
        return re.findall("<tr>(.*?)</tr>", table)

    ander, ons = rows()
    assert "Ander BV" in ander
    assert "01:00" in ons
    assert "well" in ons
    connections.pause(find.connection(find.customer("ons"), "nacht"), by=by)
    ons, ander = rows()
    assert "paused" in ons
    assert "01:00" not in ons
    assert "well" in ander
    assert ["Ander" in row for row in rows("?search=bv+ANDER")] == [True]
    assert rows("?search=nergens") == []


def test_each_thing_to_do_leads_to_a_page(operator: Client, customer: WebCustomer) -> None:
    found = customer.deliver(BRAM)
    Delivery.objects.filter(pk=found.pk).update(state="held")
    ons, by = find.customer("ons"), find.user("ons-operator")
    connections.pause(connections.add("nacht", ons, by=by), by=by)
    account = accounts.add("hr", ons, "een-lang-woord-7", by=by)
    failed_attempts.remember(account.pk, "no-close-notify", file_name="personen.csv")
    hook = webhooks.add("crm", ons, by=by, address="https://crm.voorbeeld.example/").webhook
    giving_up.stop(hook, hook.calls.all(), timezone.now())
    things = to_do_of_operator(
        User.objects.get(pk=by.pk),
        Customer.objects.filter(pk=ons.pk),
    )
    paths = {thing.path for thing in things}
    assert len(paths) == 6
    for path in paths:
        page_of(operator, path)


def test_a_site_operator_without_customers_is_told_what_to_do(customer: WebCustomer) -> None:
    User.objects.filter(username="ons-reader").update(is_superuser=True)
    Role.objects.filter(user__username="ons-reader").delete()
    client = customer.signed_in("reader")
    assert client.get("/").headers["Location"] == "/operator"
    page = content(page_of(client, "/operator"))
    assert "You are not the operator of any customer yet." in page
    assert "/operator/customers/add" in page


def test_an_operator_of_several_comes_in_at_the_overview(
    operator: Client, customer: WebCustomer, other_customer: WebCustomer
) -> None:
    other = Customer.objects.get(name="ander")
    assert operator.get("/").headers["Location"] == "/customers/ons"
    role = Role.objects.create(customer=other, user=User.objects.get(username="ons-operator"), name=Role.READER)
    assert 'href="/customers/ander"' in page_of(operator, "/")
    Role.objects.filter(pk=role.pk).update(name=Role.OPERATOR)
    assert operator.get("/").headers["Location"] == "/operator"
    other_customer.deliver(ANNA)
    customer.deliver(BRAM)
    assert content(page_of(operator, "/operator")).count("levering.csv") == 2
    assert "<b>1</b>" in content(page_of(operator, "/operator/figures?customer=ander"))
    assert content(page_of(operator, "/operator/deliveries?customer=ons")).count("levering.csv") == 1
    assert "Nothing found." in page_of(operator, "/operator/deliveries?customer=ons&group=done")


def test_a_site_operator_adds_a_customer(operator: Client) -> None:
    User.objects.filter(username="ons-operator").update(is_superuser=True)
    assert "short name" in operator.post("/operator/customers/add", {"name": "A B", "title": "Nieuw"}).content.decode()
    page = send(operator, "/operator/customers/add", name="nieuw", title="Nieuw BV")
    assert "Nieuw BV" in page
    assert "Customer created." in page and "Invite people" in page


def test_who_only_operates_customers_adds_none(operator: Client) -> None:
    assert operator.post("/operator/customers/add", {"name": "nieuw", "title": "Nieuw"}).status_code == 403
    assert not Customer.objects.filter(name="nieuw").exists()


# Settings

FORM = {
    "blank": "leave", "nothing_words": "blank", "on_error": "skip", "skip_limit_percent": "25",
    "quiet_above": "100", "quiet_from": "21:00",
    "quiet_until": "05:30", "approver_differs": "on", "unchanged_ends": "on",
    "keep_files_days": "20", "keep_ledger_months": "60", "keep_audit_months": "84",
}  # fmt: skip


def test_settings_are_kept_and_shown(operator: Client) -> None:
    assert "Saved." in send(operator, "/customers/ons/settings", **FORM)
    page = page_of(operator, "/customers/ons/settings")
    assert 'value="25"' in page
    assert 'value="21:00"' in page
    assert 'value="20" required' in page
    assert 'name="on_error" value="skip" checked' in page
    assert 'name="nothing_words" value="blank" checked' in page
    assert 'name="approver_differs" checked' in page
    assert 'name="unchanged_ends" aria-describedby="unchanged-ends-help" checked' in page
    assert "Nothing has changed." in send(operator, "/customers/ons/settings", **FORM)


def test_a_setting_that_is_none_is_told_and_what_was_written_stays(operator: Client) -> None:
    response = operator.post("/customers/ons/settings", {**FORM, "skip_limit_percent": "<veel>"})
    page = response.content.decode()
    assert response.status_code == 400
    assert "Write a percentage from 0 to 100." in page
    assert 'value="&lt;veel&gt;"' in page
    assert Customer.objects.get(name="ons").policies == {}


# Refreshing training


def test_training_is_refreshed_while_nobody_waits(operator: Client, customer: WebCustomer) -> None:
    held = customer.import_in_live(ANNA | COMPANY)
    waiting = customer.deliver(BRAM)
    page = send(operator, "/customers/ons/refresh")
    assert "Training is being refreshed." in page
    assert 'hx-trigger="every 2s"' in page
    assert "already" in send(operator, "/customers/ons/refresh")
    assert Environment.objects.get(customer__name="ons", name="training").persons == 2
    advance_all()
    page = content(page_of(operator, "/customers/ons/refresh"))
    assert "requested by ons-operator: 1 company and 1 person copied." in page
    assert "hx-trigger" not in page
    assert Environment.objects.get(customer__name="ons", name="training").persons == 1
    gone = "This delivery is no longer in training"
    assert gone in page_of(operator, f"/customers/ons/deliveries/{waiting.pk}")
    assert gone not in page_of(operator, f"/customers/ons/deliveries/{held.pk}")


# Undo


def test_an_undo_is_previewed_approved_and_seen_from_both_sides(operator: Client, customer: WebCustomer) -> None:
    first = customer.import_in_live(ANNA | COMPANY)
    second = customer.import_in_live(ANNA | COMPANY | {"PersoonVoornaam": "Aafje", "PersoonFunctie": "Docent"}, BRAM)
    customer.import_in_live(ANNA | COMPANY | {"PersoonVoornaam": "Annelies"})
    assert "Prepare the undo" in page_of(operator, f"/customers/ons/deliveries/{second.pk}")
    page = send(operator, f"/customers/ons/deliveries/{second.pk}/undo")
    assert f'href="/customers/ons/deliveries/{second.pk}"' in page
    undo = Delivery.objects.get(undoes=second)
    advance_all()
    plan = content(page_of(operator, f"/customers/ons/deliveries/{undo.pk}/plan"))
    assert "Plan of the undo of levering.csv" in plan
    assert f'href="/customers/ons/deliveries/{second.pk}"' in plan
    assert "restored" in plan
    assert "removed" in plan
    kept = plan.partition('id="kept"')[2].partition("</section>")[0]
    assert customer.dossier("P-1") in kept
    assert "Prepare the undo" not in page_of(operator, f"/customers/ons/deliveries/{second.pk}")
    undo.refresh_from_db()
    approve(undo, by=find.user("ons-approver"))
    advance_all()
    page = page_of(operator, f"/customers/ons/deliveries/{second.pk}")
    assert "Undone by the delivery of" in page
    assert f'href="/customers/ons/deliveries/{undo.pk}"' in page
    assert "Prepare the undo" in page_of(operator, f"/customers/ons/deliveries/{first.pk}")


@pytest.mark.parametrize(("role", "sees"), [("approver", True), ("supplier", False), ("reader", False)])
def test_who_may_undo_sees_how(role: str, sees: bool, customer: WebCustomer) -> None:
    delivery = customer.import_in_live(ANNA)
    page = page_of(customer.signed_in(role), f"/customers/ons/deliveries/{delivery.pk}")
    assert ("Prepare the undo" in page) is sees


def test_a_second_undo_of_the_same_is_answered(operator: Client, customer: WebCustomer) -> None:
    delivery = customer.import_in_live(ANNA)
    send(operator, f"/customers/ons/deliveries/{delivery.pk}/undo")
    assert "already undoes it" in send(operator, f"/customers/ons/deliveries/{delivery.pk}/undo")
    assert Delivery.objects.filter(undoes=delivery).count() == 1


def test_a_rejected_delivery_cannot_be_undone(operator: Client, customer: WebCustomer) -> None:
    delivery = customer.deliver(BAD_DATE)
    assert "Prepare the undo" not in page_of(operator, f"/customers/ons/deliveries/{delivery.pk}")
    assert "nothing to undo" in send(operator, f"/customers/ons/deliveries/{delivery.pk}/undo")


# What is seen is in the log


@pytest.mark.parametrize(
    ("address", "action"),
    [
        ("", "findings-seen"),
        ("plan", "plan-seen"),
        ("files/report", "answer-taken"),
    ],
)
def test_sight_of_what_a_delivery_holds_is_logged(customer: WebCustomer, address: str, action: str) -> None:
    delivery = customer.deliver(ANNA, BAD_DATE, on_error="skip", skip_limit_percent=60)  # type: ignore[arg-type]
    make_reports(delivery, "report.csv")
    response = customer.signed_in("reader").get(f"/customers/ons/deliveries/{delivery.pk}/{address}".rstrip("/"))
    response.close()
    entry = AuditEntry.objects.get(action=action, delivery=delivery)
    assert entry.user is not None
    assert entry.user.username == "ons-reader"
    assert "Voorbeeld" not in str(entry.facts)
    assert action not in page_of(customer.signed_in("reader"), f"/customers/ons/deliveries/{delivery.pk}")


def test_a_search_is_logged_without_what_was_sought(customer: WebCustomer) -> None:
    customer.import_in_live(ANNA | COMPANY)
    customer.signed_in("reader").post("/customers/ons/live/search", {"q": "voorbeeld"}, follow=True)
    entry = AuditEntry.objects.get(action="looked-up")
    assert entry.facts == {"environment": "live", "seen": {"companies": 1, "persons": 1}}


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0.0, "< 0,1 s"),
        (0.04, "< 0,1 s"),
        (0.44, "0,4 s"),
        (9.9, "9,9 s"),
        (11.6, "12 s"),
        (119.0, "119 s"),
        (200, "3 min"),
    ],
)
def test_how_long_something_took_is_said_in_short(seconds: float, said: str) -> None:
    with override("nl"):
        assert duration(seconds) == said


def test_a_picture_of_nothing_and_of_round_numbers() -> None:
    days = [Day(date(2030, 1, number + 1), dict.fromkeys(OUTCOMES, 0) | {"imported": amount}, 0)
            for number, amount in enumerate([0, 1, 11, 20, 21])]  # fmt: skip
    assert charts.of_deliveries(days[:1]).top == 1
    assert [charts.of_deliveries(days[:end]).top for end in (2, 3, 4, 5)] == [1, 20, 20, 50]
    (part,) = charts.of_deliveries(days[:3]).columns[2].parts
    assert (part.y, part.height) == (54.0, 66.0)


def test_the_audit_log_is_exported_at_a_rate(customer: WebCustomer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(throttle, "EXPORTS", (replace(throttle.EXPORTS[0], attempts=1),))
    client = customer.signed_in("operator")
    responses = [client.get("/customers/ons/audit.csv") for _ in range(2)]
    assert [response.status_code for response in responses] == [200, 429]
    assert responses[1].headers["Retry-After"] == "60"
    assert "at most 1 exports a minute" in responses[1].content.decode()


# Retention


def test_what_is_past_its_time_is_shown_as_removed(
    operator: Client, customer: WebCustomer, monkeypatch: pytest.MonkeyPatch
) -> None:
    delivery, base = customer.import_in_live(ANNA | {"PersoonFunctie": "n.v.t."}), "/customers/ons"
    seen = f"{base}/deliveries/{delivery.pk}"
    dossier = f"{base}/live/person/{Person.objects.get(environment__name='live').pk}"
    assert "The file and its reports are kept until" in page_of(operator, seen)
    assert "Delivered files, with their reports" in page_of(operator, f"{base}/retention")
    later, ended = timezone.now() + timedelta(days=31), Delivery.objects.filter(pk=delivery.pk)
    monkeypatch.setattr(timezone, "now", lambda: later)
    age()
    page = page_of(customer.signed_in("operator"), seen)
    assert "How many there were of each kind is kept." in page
    assert "The file and its reports were removed on" in page
    ended.update(finished_at=later - timedelta(days=6 * 366))
    age()
    operator = customer.signed_in("operator")
    assert "The values of this plan were removed" in page_of(operator, f"{seen}/plan")
    assert "The values were removed on" in page_of(operator, dossier)
