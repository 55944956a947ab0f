"""The answer and the plan as one page to print and to sign."""

import pytest
from django.test import Client
from tests.doors.web.web_customer import ANNA, BAD_DATE, COMPANY, Record, WebCustomer, markup

from instroom.doors.web.deliveries import report
from instroom.flow import delivery_document, find
from instroom.flow.delivery.undo import undo
from instroom.store.models import AuditEntry, Delivery

COUNT = 60  # more than a page of findings, or of changes, has


@pytest.fixture
def supplier(customer: WebCustomer) -> Client:
    return customer.signed_in("supplier")


def address_of(delivery: Delivery, *parts: str) -> str:
    return "/".join((f"/customers/ons/deliveries/{delivery.pk}", *parts))


def page_of(client: Client, *parts: str, delivery: Delivery) -> str:
    response = client.get(address_of(delivery, *parts, "report"))
    assert response.status_code == 200
    return markup(response)


def many(record: Record) -> list[Record]:
    return [record | {"PersoonExternId": f"P-{number}"} for number in range(COUNT)]


def test_the_answer_has_every_finding_on_one_page(supplier: Client, customer: WebCustomer) -> None:
    delivery = customer.deliver(*many(BAD_DATE))
    page = page_of(supplier, delivery=delivery)
    assert page.count('<td class="break">PersoonGeboortedatum</td>') == COUNT
    assert f"{COUNT} rows with data: {COUNT} errors, " in page
    assert page.count("Save as PDF") == page.count("For the signature") == 1
    assert "levering.csv" in page
    seen = AuditEntry.objects.get(delivery=delivery, action="findings-seen")
    assert seen.user == find.user("ons-supplier")
    assert f'href="{address_of(delivery, "report")}"' in markup(supplier.get(address_of(delivery)))


def test_what_does_not_fit_is_said(supplier: Client, customer: WebCustomer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(report, "MOST", 10)
    assert " found. 10 of these are on this page." in page_of(supplier, delivery=customer.deliver(*many(BAD_DATE)))
    delivery = customer.deliver(*many(ANNA))
    assert f"{COUNT} found. 10 of these are on this page." in page_of(supplier, "plan", delivery=delivery)


def test_the_plan_has_every_change_on_one_page(customer: WebCustomer) -> None:
    customer.import_in_live(*many(ANNA))
    new = ANNA | COMPANY | {"PersoonExternId": "P-new", "PersoonVoornaam": "Nieuwe"}
    delivery = customer.deliver(*many(ANNA | {"PersoonVoornaam": "Aafje"}), new)
    approver = customer.signed_in("approver")
    page = page_of(approver, "plan", delivery=delivery)
    assert page.count("First name: Anna → Aafje") == COUNT
    assert "First name: – → Nieuwe" not in page, "of a new dossier the name is enough"
    assert "Nieuwe de Voorbeeld" in page
    plan = delivery_document.plan_of(delivery, "live")
    assert plan is not None
    assert plan.digest in page, "what is signed is this plan"
    seen = AuditEntry.objects.get(delivery=delivery, action="plan-seen")
    assert (seen.user, seen.facts["dossiers"]) == (find.user("ons-approver"), COUNT + 2)
    assert f'href="{address_of(delivery, "plan", "report")}"' in markup(approver.get(address_of(delivery, "plan")))


def test_a_plan_that_has_to_be_made_anew_is_not_printed(customer: WebCustomer, monkeypatch: pytest.MonkeyPatch) -> None:
    delivery = customer.deliver(ANNA)
    customer.import_in_live(ANNA | {"PersoonVoornaam": "Aafje"})
    monkeypatch.setattr("instroom.flow.delivery.renewing._AT_ONCE", 0)
    response = customer.signed_in("approver").get(address_of(delivery, "plan", "report"))
    assert response.headers["Location"] == address_of(delivery, "plan")


def test_an_undo_has_a_plan_alone(customer: WebCustomer) -> None:
    made = undo(customer.import_in_live(ANNA), by=find.user("ons-approver"))
    approver = customer.signed_in("approver")
    assert approver.get(address_of(made, "report")).status_code == 404
    assert approver.get(address_of(made, "plan", "report")).status_code == 404, "not made yet"
