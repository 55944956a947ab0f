"""A program has a file checked without delivering it."""

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from tests.doors.api.programs import program, token_of
from tests.doors.web.web_customer import ANNA, BAD_DATE, BRAM, COMPANY, WebCustomer

from instroom.doors.api.deliveries import operations
from instroom.store.models import Delivery, Mail


def check(customer: WebCustomer, content: bytes, **asked: Any) -> Any:
    form = {"file": SimpleUploadedFile("personen.csv", content), **asked}
    return program(token_of(customer, "supplier")).post("/api/v1/customers/ons/deliveries/check", form)


def test_the_answer_is_that_of_a_delivery_and_nothing_is_kept(customer: WebCustomer) -> None:
    answer = check(customer, customer.file(ANNA | COMPANY, BAD_DATE).read_bytes())
    assert answer.status_code == 200, answer.content
    said = answer.json()
    assert (said["file"], said["verdict"], said["rejected_for"]) == ("personen.csv", "errors", "errors")
    assert [(one["code"], one["row"]) for one in said["findings"]] == [("value-date", 3)]
    assert not Delivery.objects.exists()
    assert not Mail.objects.exists()


def test_a_good_file_would_go_on(customer: WebCustomer) -> None:
    said = check(customer, customer.file(ANNA | COMPANY, BRAM).read_bytes()).json()
    assert (said["verdict"], said["rejected_for"], said["listed"]) == ("clean", None, 0)


def test_the_first_findings_are_listed(customer: WebCustomer, monkeypatch: Any) -> None:
    """There is no next page: nothing is kept to make it from."""
    monkeypatch.setattr(operations, "_LISTED", 2)
    records = [BAD_DATE | {"PersoonExternId": f"P-{n}"} for n in range(3)]
    said = check(customer, customer.file(*records).read_bytes()).json()
    assert (said["listed"], len(said["findings"])) == (2, 2)
    assert said["counts"]["errors"] >= 3


def test_a_file_that_cannot_be_used_says_why(customer: WebCustomer) -> None:
    said = check(customer, b"%PDF-1.7").json()
    assert (said["rejected_for"], said["verdict"]) == ("file", "errors")


def test_an_empty_file_is_refused_as_a_delivery_is(customer: WebCustomer) -> None:
    assert check(customer, b"").status_code == 422
