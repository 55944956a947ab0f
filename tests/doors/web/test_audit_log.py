"""The audit log: who, what, when, on the screen and as a file that no spreadsheet calculates with (product.md G2)."""

import csv
import io
import json
import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from django.utils.translation import override
from tests.audit_rules import rules_lifted
from tests.doors.web.web_customer import ANNA, BRAM, COMPANY, WebCustomer, markup

from instroom.flow import audit, find
from instroom.flow.delivery.undo import undo
from instroom.flow.privacy.erasing import erase
from instroom.flow.queries import audit_log
from instroom.flow.queries.audit_filter import AuditFilter
from instroom.store.models import AuditEntry, Customer, Role, User

ADDRESS = "/customers/ons/audit"


@pytest.fixture
def operator(customer: WebCustomer) -> Client:
    """The operator's browser."""
    return customer.signed_in("operator")


def rows_of(client: Client, query: str = "", address: str = ADDRESS) -> list[str]:
    """What the log says was done, in the order of the page."""
    page = client.get(address + query).content.decode().partition("<tbody>")[2].partition("</tbody>")[0]
    return [row.split("<td>")[3].partition("</td>")[0] for row in page.split("<tr>")[1:]]


def lines_of(client: Client, query: str = "", address: str = f"{ADDRESS}.csv") -> list[dict[str, str]]:
    """The file, read as a spreadsheet reads it."""
    response = client.get(address + query)
    text = b"".join(response.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    return list(csv.DictReader(io.StringIO(text, newline=""), delimiter=";"))


def test_the_newest_comes_first_in_words(operator: Client, customer: WebCustomer) -> None:
    customer.import_in_live(ANNA)
    assert rows_of(operator) == ["imported in live", "approved", "imported in training", "checked", "delivered"]


FILTERED = {
    "?person=ons-approver": [],  # a name in an address finds nobody
    "?action=received": ["delivered", "delivered"],
    "?action=nonsense": [],
    "?action=approval": ["approved"],
    "?action=settings": [],
    "?since=2001-01-01&until=2001-01-31": [],
    "?since=2001-01-01&action=approved": ["approved"],
    "?since=gisteren&action=approved": ["approved"],
    "?delivery=zzz": [],
    "?before=onzin&action=approved": ["approved"],
}


@pytest.mark.on_postgresql
def test_it_is_filtered(operator: Client, customer: WebCustomer) -> None:
    customer.import_in_live(ANNA)
    customer.deliver(BRAM)
    assert {query: rows_of(operator, query) for query in FILTERED} == FILTERED
    assert {"checked", "delivered", "approved"} <= set(rows_of(operator, "?delivery=%00"))


def options_of(page: str, name: str) -> dict[str, bool]:
    """What a choice offers, and which of that is chosen."""
    choice = page.partition(f'name="{name}"')[2].partition("</select>")[0]
    found = re.findall(r"<option value=\"[^\"]*\"(?: (selected))?\s*>\s*(.*?)\s*</option>", choice, re.DOTALL)
    return {text: bool(chosen) for chosen, text in found}


def test_a_person_is_chosen_from_who_has_a_role_or_an_entry(
    operator: Client, customer: WebCustomer, other_customer: WebCustomer
) -> None:
    customer.import_in_live(ANNA)
    other_customer.import_in_live(ANNA)
    gone, reader = find.user("ons-supplier"), find.user("ons-reader")
    Role.objects.filter(user=gone).delete()
    User.objects.filter(username="ons-approver").update(first_name="Ada", last_name="Proef")
    page = operator.get(ADDRESS).content.decode()
    offered = options_of(page, "person")
    assert {"Everybody", "Ada Proef (ons-approver)", "ons-supplier", "ons-reader"} <= set(offered)
    assert not [text for text in offered if "ander" in text]
    link = f"{ADDRESS}?person={find.user('ons-approver').pk}"
    assert f'href="{link}"' in page
    assert rows_of(operator, address=link) == ["approved"]
    assert options_of(operator.get(link).content.decode(), "person")["Ada Proef (ons-approver)"]
    quiet = operator.get(f"{ADDRESS}?person={reader.pk}").content.decode()
    assert options_of(quiet, "person")["ons-reader"]  # without entries
    stranger = operator.get(f"{ADDRESS}?person={find.user('ander-approver').pk}").content.decode()
    assert "ander-approver" not in stranger


def test_a_name_that_is_typed_stands_in_no_address(operator: Client, customer: WebCustomer) -> None:
    User.objects.filter(username="ons-operator").update(is_superuser=True)
    for name in ("iemand", "ons-reader"):
        audit.note(None, "signed-in", User.objects.filter(username=name).first(), name=name)
    found = {}
    for name in ("ons-reader", "ONS-READER", "niemand"):
        sent = operator.post("/operator/audit", {"person": name, "action": "signed-in", "since": ""})
        address = sent.headers["Location"]
        assert re.fullmatch(r"/operator/audit\?action=signed-in&person=[\w-]+", address)
        assert "reader" not in address
        found[name] = rows_of(operator, address=address)
        assert f'value="{name}"' in operator.get(address).content.decode()
        assert len(lines_of(operator, address=address.replace("audit?", "audit.csv?"))) == len(found[name])
    assert found == {"ons-reader": ["signed in"], "ONS-READER": ["signed in"], "niemand": []}
    assert rows_of(customer.signed_in("operator"), address=address) == []  # the word is of one session


@pytest.mark.on_postgresql
def test_by_day_and_by_delivery(operator: Client, customer: WebCustomer) -> None:
    first, second = customer.import_in_live(ANNA), customer.deliver(BRAM)
    with rules_lifted():
        AuditEntry.objects.filter(delivery=first).update(at=timezone.now() - timedelta(days=3))
    day = (timezone.localdate() - timedelta(days=3)).isoformat()
    assert len(rows_of(operator, f"?since={day}&until={day}")) == 5
    assert len(rows_of(operator, f"?until={day}")) == 5
    assert len(rows_of(operator, f"?delivery={second.pk}")) == 3
    assert len(rows_of(operator, f"?delivery={second.pk.hex[:20].upper()}")) == 3
    second.file_name = "Personen-2026.csv"
    second.save()
    found = {}
    for name in ("personen", "2026.CSV", "levering", "%", "niets.csv"):
        sent = operator.post(ADDRESS, {"delivery": name})
        assert "2026" not in sent.headers["Location"]
        found[name] = len(rows_of(operator, address=sent.headers["Location"]))
    assert found == {"personen": 3, "2026.CSV": 3, "levering": 5, "%": 0, "niets.csv": 0}


@pytest.mark.on_postgresql
def test_a_dossier_is_found_by_name_and_number_and_named_as_it_is_now(operator: Client, customer: WebCustomer) -> None:
    customer.import_in_live(ANNA)
    customer.import_in_live(BRAM | COMPANY)
    reader = customer.signed_in("reader")
    reader.get(customer.dossier("P-1"))
    reader.get(customer.dossier("P-1", "training"))
    reader.get(customer.dossier("P-2"))
    found = {}
    for text in ("anna voorb", "P-1", "bram", "voorbeeld bv", "niemand"):
        sent = operator.post(ADDRESS, {"dossier": text, "action": "sights"})
        assert re.fullmatch(rf"{ADDRESS}\?action=sights&dossier=[\w-]+", sent.headers["Location"])
        found[text] = rows_of(operator, address=sent.headers["Location"])
    assert found == {
        "anna voorb": ["viewed a dossier"] * 2,
        "P-1": ["viewed a dossier"] * 2,
        "bram": ["viewed a dossier"],
        "voorbeeld bv": [],
        "niemand": [],
    }
    operator.post(ADDRESS, {"dossier": "anna"})
    one = customer.dossier("P-1").rpartition("/")[2]
    page = markup(operator.get(f"{ADDRESS}?dossier={one}"))
    assert f'<a href="{customer.dossier("P-1")}">Anna de Voorbeeld, P-1</a>' in page
    assert f'<a href="{customer.dossier("P-1", "training")}">Anna de Voorbeeld, P-1</a>' in page  # the same person
    assert "approved" in rows_of(operator, f"?dossier={one}")  # the delivery that made the dossier
    assert "bram" not in page.lower()
    assert len(lines_of(operator, f"?dossier={one}&action=dossier-seen")) == 2
    assert rows_of(operator, "?action=names-seen") == ["viewed names of dossiers in the audit log"]  # once an hour
    kept = json.dumps([one.facts for one in AuditEntry.objects.all()])
    assert not [word for word in ("Anna", "Voorbeeld", "P-1") if word.lower() in kept.lower()]


def test_the_log_of_a_dossier_that_has_gone_has_no_name(operator: Client, customer: WebCustomer) -> None:
    customer.import_in_live(ANNA)
    one = customer.dossier("P-1")
    customer.signed_in("reader").get(one)
    erase(find.customer("ons"), "P-1", "HR", "verzoek", by=find.user("ons-operator"))
    page = operator.get(f"{ADDRESS}?dossier={one.rpartition('/')[2]}&action=dossier-seen").content.decode()
    assert rows_of(operator, f"?dossier={one.rpartition('/')[2]}&action=dossier-seen") == ["viewed a dossier"]
    assert "Anna" not in page
    assert "No dossier found" in page


def test_a_delivery_that_is_named_is_a_link(operator: Client, customer: WebCustomer) -> None:
    first = customer.import_in_live(ANNA)
    undoing = undo(first, by=find.user("ons-approver"))
    page = markup(operator.get(f"{ADDRESS}?action=undo-asked"))
    assert f'undoes:<a href="/customers/ons/deliveries/{first.pk}">levering.csv</a>' in page
    assert f'href="/customers/ons/deliveries/{undoing.pk}"' in page


@pytest.mark.on_postgresql
def test_a_long_log_is_paged_by_place_and_nothing_is_lost_or_told_twice(
    operator: Client, customer: WebCustomer
) -> None:
    ons, at = Customer.objects.get(name="ons"), timezone.now()
    AuditEntry.objects.bulk_create(
        AuditEntry(
            customer=ons, at=at - timedelta(seconds=number // 7), action="failed", facts={"rows": number}, number=number
        )
        for number in range(audit_log.ON_A_PAGE * 2 + 5)
    )
    seen: list[int] = []
    found = audit_log.entries(ons, AuditFilter(), by=find.user("ons-operator"))
    pages = 1
    seen += [one.facts["rows"] for one in found.items]
    while found.older:
        found = audit_log.entries(ons, AuditFilter(), found.older, by=find.user("ons-operator"))
        seen += [one.facts["rows"] for one in found.items]
        pages += 1
    assert (pages, len(seen), len(set(seen))) == (3, audit_log.ON_A_PAGE * 2 + 5, audit_log.ON_A_PAGE * 2 + 5)
    page = operator.get(ADDRESS).content.decode()
    assert 'rel="next"' in page
    assert "Newest" not in page


def test_the_page_of_another_customer_is_no_place_to_go_on_from(
    operator: Client, customer: WebCustomer, other_customer: WebCustomer
) -> None:
    other_customer.deliver(ANNA)
    customer.deliver(ANNA)
    place = AuditEntry.objects.filter(customer__name="ander").first()
    assert place is not None
    assert len(rows_of(operator, f"?before={place.pk}")) == 3


def test_the_file_has_it_all_and_that_it_was_taken(operator: Client, customer: WebCustomer) -> None:
    delivery, approver = customer.import_in_live(ANNA), find.user("ons-approver")
    lines = lines_of(operator)
    assert [line["Number"] for line in lines] == [str(number) for number in range(1, len(lines) + 1)]
    assert lines[-1]["Hash"] == AuditEntry.objects.get(number=len(lines)).hash
    assert [line["Code"] for line in lines] == [
        "received",
        "training",
        "trained",
        "approved",
        "imported",
        "audit-exported",
    ]
    assert lines[0]["Delivery"] == str(delivery.pk)
    assert lines[0]["Who"] == "ons-supplier"
    assert lines[4]["Who"] == "Instroom"
    assert delivery.sha256 in lines[0]["Facts"]
    assert [line["Code"] for line in lines_of(operator, f"?person={approver.pk}")] == ["approved"]
    last = AuditEntry.objects.filter(action="audit-exported").order_by("-pk").first()
    assert last is not None
    assert last.facts == {"asked": {"person": str(approver.pk)}}


@pytest.mark.parametrize("name", ["=1+1", "+31", "-1", "@SUM(A1)", "\t=1+1", "＝1+1", " =1"])
def test_nothing_in_the_file_is_a_formula(operator: Client, customer: WebCustomer, name: str) -> None:
    delivery = customer.deliver(ANNA)
    delivery.file_name = f"{name}.csv"
    delivery.save()
    audit.record(delivery, "failed", **{name: "x"})
    for line in lines_of(operator):
        for cell in line.values():
            assert not cell.strip().startswith(("=", "+", "-", "@", "＝"))
    assert any(line["File"].startswith("'") or "\t" in name for line in lines_of(operator))


def test_the_file_speaks_the_language_of_the_page(operator: Client, customer: WebCustomer) -> None:
    customer.deliver(ANNA)
    operator.cookies["instroom-language"] = "nl"
    assert [line["Wat"] for line in lines_of(operator)][:2] == ["aangeleverd", "gecontroleerd"]


def test_the_log_of_the_site_has_what_is_no_customers(operator: Client, customer: WebCustomer) -> None:
    customer.deliver(ANNA)
    User.objects.filter(username="ons-operator").update(is_superuser=True)
    audit.note(None, "sign-in-failed", name="iemand", address="192.0.2.7")
    assert rows_of(operator, address="/operator/audit") == ["failed to sign in"]
    assert lines_of(operator, address="/operator/audit.csv")[0]["Code"] == "sign-in-failed"
    assert "failed to sign in" not in rows_of(operator)


def test_facts_are_in_words_but_a_name_is_a_name() -> None:
    from instroom.doors.web.words.audit_labels import facts_line

    changed = {"changed": {"blank": ["leave", "clear"], "quiet_above": [2000, 10]}}
    with override("nl"):
        assert facts_line({"kind": "person", "name": "reader"}) == "soort: persoon · naam: reader"
        by_program = {"program": "nachtlevering", "token": "0123456789abcdef"}
        assert facts_line(by_program) == "programma: nachtlevering · toegangscode: 0123456789ab…"
        assert facts_line({"roles": ["reader", "approver"]}) == "rollen: lezer, goedkeurder"
        assert facts_line({"counts": {"errors": 0, "warnings": 2}}) == "aantallen: waarschuwingen 2"
        assert "lege cellen oude waarde behouden → oude waarde wissen" in facts_line(changed)
        assert facts_line({"digest": "0123456789abcdef", "at": None}) == "controlegetal: 0123456789ab…"
        assert facts_line({"digest": "0123456789abcdef"}, whole=True) == "controlegetal: 0123456789abcdef"
