"""Only check: what is wrong with a file is told at once, and nothing of it is kept (product.md C)."""

import base64
import io
import re
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from openpyxl import load_workbook
from tests.doors.web.web_customer import ANNA, BAD_DATE, BRAM, COMPANY, Record, WebCustomer, markup
from tests.kept_files import files_with

from instroom.doors.web.deliveries import deliver as page
from instroom.flow import find
from instroom.store.leases import checks_of, held
from instroom.store.models import AuditEntry, Delivery, Mail


def check(customer: WebCustomer, *records: Record, role: str = "supplier", **choices: str) -> Any:
    """The answer to the form, as the browser sends it by its second button."""
    client: Client = customer.signed_in(role)
    with customer.file(*records).open("rb") as file:
        return client.post("/customers/ons/deliver/check", {"file": file, **choices})


def test_a_check_says_what_is_wrong_and_keeps_nothing(customer: WebCustomer, instroom_home: Path) -> None:
    """No delivery, no mail, no file. That it was asked is in the audit log, without a value."""
    before = set(instroom_home.rglob("*"))
    text = markup(check(customer, ANNA | COMPANY, BAD_DATE | {"PersoonEmailWerk": "vermeulen-oost@voorbeeld.example"}))
    assert "Nothing of it is kept" in text
    assert "If you deliver it like this, nothing of it is imported." in text
    assert "PersoonGeboortedatum" in text
    assert not Delivery.objects.exists()
    assert not Mail.objects.exists()
    assert not [one for one in set(instroom_home.rglob("*")) - before if "files" in one.parts]
    assert not files_with(instroom_home, b"vermeulen-oost")
    entry = AuditEntry.objects.get(action="file-checked")
    assert (entry.delivery, entry.facts["verdict"], entry.facts["counts"]["errors"]) == (None, "errors", 1)


def test_the_workbook_stands_in_the_page(customer: WebCustomer) -> None:
    """So it can be had for as long as the page is open, though nothing is kept."""
    text = check(customer, ANNA | COMPANY, BAD_DATE).content.decode()
    (content,) = re.findall(r'href="data:[a-z./-]*;base64,([^"]*)"', text)
    sheet = load_workbook(io.BytesIO(base64.b64decode(content))).worksheets[0]
    assert sheet["BI3"].comment is not None
    assert 'download="levering (with remarks).xlsx"' in text


@pytest.mark.parametrize("bound", ["_RECORDS_WITHIN", "_BYTES_WITHIN"])
def test_a_large_workbook_does_not(customer: WebCustomer, monkeypatch: pytest.MonkeyPatch, bound: str) -> None:
    monkeypatch.setattr(page, bound, 1)
    text = markup(check(customer, ANNA | COMPANY, BAD_DATE))
    assert "base64" not in text
    assert "comes only after you deliver it" in text


def test_what_live_says_of_it_is_told_too(customer: WebCustomer) -> None:
    """As of a delivery: a person that is known already under another number."""
    customer.import_in_live(ANNA | COMPANY)
    before = Delivery.objects.count()
    assert "P-1" in markup(check(customer, ANNA | COMPANY | {"PersoonExternId": "P-9"}))
    assert Delivery.objects.count() == before


def test_a_good_file_can_be_delivered_like_this(customer: WebCustomer) -> None:
    assert "You can deliver it like this." in markup(check(customer, ANNA | COMPANY, BRAM))


def test_what_was_chosen_holds(customer: WebCustomer) -> None:
    """With `skip` the file goes on without its faulty record, where those are few enough."""
    good = [BRAM | {"PersoonExternId": f"P-{n}", "PersoonEmailWerk": f"p{n}@voorbeeld.example"} for n in range(3, 23)]
    text = markup(check(customer, ANNA | COMPANY, BAD_DATE, *good, on_error="skip"))
    assert "You can deliver it like this." in text


def test_a_file_with_bsn_shows_none_of_its_values(customer: WebCustomer, tmp_path: Path) -> None:
    path = tmp_path / "bsn.csv"
    path.write_text("BSN;PersoonAchternaam\n123456782;Voorbeeld\n", encoding="utf-8")
    with path.open("rb") as file:
        text = markup(customer.signed_in("supplier").post("/customers/ons/deliver/check", {"file": file}))
    assert "123456782" not in text
    assert "base64" not in text


def test_without_a_file_the_form_says_so(customer: WebCustomer) -> None:
    response = customer.signed_in("supplier").post("/customers/ons/deliver/check", {})
    assert response.status_code == 400
    assert "Choose a file." in response.content.decode()
    assert 'action="/customers/ons/deliver"' in response.content.decode()


def test_so_many_a_minute(customer: WebCustomer) -> None:
    answers = [check(customer, ANNA).status_code for _ in range(21)]
    assert answers == [200] * 20 + [429]


def test_one_at_a_time(customer: WebCustomer, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file of nonsense takes its time: no customer has two of them checked at once."""
    monkeypatch.setattr("instroom.flow.delivery.check_alone._PATIENCE", 0)
    with held(checks_of(find.customer("ons").pk)):
        assert check(customer, ANNA).status_code == 403


@pytest.mark.parametrize("role", ["approver", "reader"])
def test_only_who_may_deliver(customer: WebCustomer, role: str) -> None:
    assert check(customer, ANNA, role=role).status_code == 403
