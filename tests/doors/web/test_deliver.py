"""The supplier: delivers, reads the answer, takes the files of it, withdraws (product.md C4)."""

import gc
import html
import io
import re
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from openpyxl import load_workbook
from tests.doors.web.web_customer import ANNA, BAD_DATE, BRAM, COMPANY, Record, WebCustomer, make_reports, markup
from tests.kept_files import files_with, path_of

from instroom.core.layout.standard import standard
from instroom.flow import find
from instroom.flow.delivery import answer
from instroom.flow.delivery.advance import advance_all
from instroom.flow.delivery.receive import receive
from instroom.flow.delivery.reports import make_asked
from instroom.store.files import scratch
from instroom.store.models import AskedReport, Connection, Customer, Delivery


@pytest.fixture
def supplier(customer: WebCustomer) -> Client:
    """The supplier's browser."""
    return customer.signed_in("supplier")


def upload(client: Client, customer: WebCustomer, *records: Record, **choices: str) -> str:
    """Deliver by the form; the address of the answer."""
    with customer.file(*records).open("rb") as file:
        response = client.post("/customers/ons/deliver", {"file": file, **choices})
    assert response.status_code == 302
    return str(response.headers["Location"])


def text_of(client: Client, address: str) -> str:
    """A page as text."""
    response = client.get(address)
    assert response.status_code == 200
    return markup(response)


def test_what_no_database_can_hold_is_left_out_of_a_name(supplier: Client, customer: WebCustomer) -> None:
    """PostgreSQL knows no NUL: to ask it for one was a fault of ours."""
    owner = Customer.objects.get(name="ons")
    connection = Connection.objects.create(customer=owner, name="nacht", schedule="arrival", zone="Europe/Amsterdam")
    upload(supplier, customer, ANNA | COMPANY, connection="na\0cht")
    delivery = Delivery.objects.get()
    assert delivery.connection == connection
    Delivery.objects.update(waits_for="name", connection=None)
    supplier.post(f"/customers/ons/deliveries/{delivery.pk}/take", {"connection": "na\0cht"})
    delivery.refresh_from_db()
    assert delivery.connection == connection


def test_a_file_is_taken_in_and_followed_until_its_answer_is_there(supplier: Client, customer: WebCustomer) -> None:
    address = upload(supplier, customer, ANNA | COMPANY)
    assert 'hx-get="' in text_of(supplier, address)
    assert "HX-Retarget" not in supplier.get(f"{address}/progress").headers
    advance_all()
    answer = supplier.get(f"{address}/progress")
    assert answer.headers["HX-Retarget"] == "#delivery"
    assert "awaiting approval" in answer.content.decode()
    page = text_of(supplier, address)
    assert 'hx-get="' not in page
    assert "awaiting approval" in page
    assert "No errors found." in page
    assert re.findall(r'<li class="(\w*)"', page.partition('<ol class="steps"')[2].partition("</ol>")[0]) == [
        *("done", "done", "done", "now", "later")
    ]


def test_of_an_upload_that_breaks_off_nothing_stays(supplier: Client, customer: WebCustomer) -> None:
    head = 'Content-Disposition: form-data; name="file"; filename="personen.csv"\r\nContent-Transfer-Encoding: base64'
    content = f"--x\r\n{head}\r\n\r\nYWJjZ\r\n--x--\r\n"
    gc.disable()
    try:
        answered = supplier.post("/customers/ons/deliver", content, content_type="multipart/form-data; boundary=x")
        assert answered.status_code == 400
        assert [one.name for one in scratch.process_folder().iterdir()] == ["in-use"]
    finally:
        gc.enable()


def test_the_file_keeps_its_name_and_its_sender(supplier: Client, customer: WebCustomer) -> None:
    upload(supplier, customer, ANNA)
    delivery = Delivery.objects.get()
    assert (delivery.file_name, delivery.delivered_by and delivery.delivered_by.username) == (
        "levering.csv",
        "ons-supplier",
    )


@pytest.mark.parametrize(
    ("choices", "blank", "on_error"),
    [({}, "leave", "whole"), ({"blank": "clear"}, "clear", "whole"), ({"on_error": "skip"}, "leave", "skip"),
     ({"blank": "nonsense"}, "leave", "whole")],
)  # fmt: skip
def test_what_was_chosen_holds(
    supplier: Client, customer: WebCustomer, choices: dict[str, str], blank: str, on_error: str
) -> None:
    upload(supplier, customer, ANNA, **choices)
    policies = Delivery.objects.get().policies
    assert (policies["blank"], policies["on_error"]) == (blank, on_error)


@pytest.mark.parametrize(
    ("chosen", "file_name", "taken"),
    [
        ("*", "levering.csv", "nacht"),
        ("*", "lever*.csv", "nacht"),
        ("*", "anders.csv", None),
        ("", "levering.csv", None),
        ("nacht", "anders.csv", "nacht"),
    ],
)
def test_a_file_belongs_to_the_connection_of_its_name_unless_another_is_chosen(
    supplier: Client, customer: WebCustomer, chosen: str, file_name: str, taken: str | None
) -> None:
    owner = Customer.objects.get(name="ons")
    Connection.objects.create(
        customer=owner, name="nacht", file_name=file_name, schedule="arrival", zone="Europe/Amsterdam"
    )
    assert '<option value="*">' in text_of(supplier, "/customers/ons/deliver")
    upload(supplier, customer, ANNA | COMPANY, connection=chosen)
    connection = Delivery.objects.get().connection
    assert (connection.name if connection else None) == taken


@pytest.mark.parametrize("data", [{}, {"file": "no file"}, {"file": io.BytesIO(b"")}], ids=["nothing", "text", "empty"])
def test_without_a_file_the_form_says_so(supplier: Client, customer: WebCustomer, data: dict[str, object]) -> None:
    response = supplier.post("/customers/ons/deliver", data)
    assert response.status_code == 400
    assert "Choose a file. It must not be empty." in response.content.decode()
    assert not Delivery.objects.exists()


def test_the_answer_says_what_is_wrong_where_and_what_to_do(supplier: Client, customer: WebCustomer) -> None:
    address = upload(supplier, customer, ANNA, BAD_DATE)
    advance_all()
    page = text_of(supplier, address)
    assert "Nothing was imported: 1 error in 1 of the 2 rows. Live has not changed." in page
    for said in (">3</th>", "Bram de Voorbeeld", "PersoonGeboortedatum", "31-02-1980", "1 error"):
        assert said in page


def test_findings_are_filtered(supplier: Client, customer: WebCustomer) -> None:
    delivery = customer.deliver(ANNA, BAD_DATE)
    for query, shown in (
        ("", True), ("?severity=error", True), ("?severity=notice", False), ("?code=value-date", True),
        ("?code=value-email", False), ("?column=PersoonGeboortedatum", True), ("?column=PersoonVoornaam", False),
        ("?code=nonsense&page=99999999999", False), ("?page=-1", True), ("?page=7", True),
    ):  # fmt: skip
        page = text_of(supplier, f"/customers/ons/deliveries/{delivery.pk}{query}")
        assert ('<span class="value">31-02-1980</span>' in page) is shown, query


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        (
            "export.csv",
            b"Nummer;Naam;Plaats\r\n1;Jansen;Voorbeelddam",
            "Row 1 has other columns than the template: Nummer, Naam and Plaats.",
        ),
        ("brief.pdf", b"%PDF-1.4\n", "it looks like a PDF file."),
    ],
)
def test_of_a_file_that_cannot_be_used_is_shown_what_helps(
    supplier: Client, customer: WebCustomer, name: str, content: bytes, said: str
) -> None:
    path = customer.folder / name
    path.write_bytes(content)
    delivery = receive(path, find.customer("ons"), by=find.user("ons-supplier"))
    advance_all()
    page = text_of(supplier, f"/customers/ons/deliveries/{delivery.pk}")
    for text in ("this file cannot be used as it is", said, "/templates/empty.xlsx", "Deliver the corrected file"):
        assert text in page
    for left_out in ("file-annotated", 'class="tile', 'id="found"', "Every kind"):
        assert left_out not in page


def test_findings_of_one_value_are_one_line_that_opens_to_its_rows(supplier: Client, customer: WebCustomer) -> None:
    other = {"PersoonExternId": "P-x", "PersoonGeboortedatum": "30-02-1980"}
    delivery = customer.deliver(*(BAD_DATE | {"PersoonExternId": f"P-{n}"} for n in range(120)), BAD_DATE | other)
    address = f"/customers/ons/deliveries/{delivery.pk}"
    page = text_of(supplier, address)
    assert page.count('<span class="value">') == 2
    link = html.unescape(page.partition("120 rows")[0].rpartition('href="')[2].partition('"')[0])
    assert "1980" not in link
    rows = [text_of(supplier, f"{link.partition('#')[0]}&page={page}") for page in (1, 2, 3)]
    assert [one.count('<span class="value">31-02-1980</span>') for one in rows] == [50, 50, 20]
    assert "30-02-1980" not in "".join(rows)


def test_all_kinds_of_findings_unfold_at_once(supplier: Client, customer: WebCustomer) -> None:
    dates = [BAD_DATE | {"PersoonExternId": f"P-{n}", "PersoonGeboortedatum": f"{n}-13-1980"} for n in range(10, 18)]
    delivery = customer.deliver(*dates, ANNA | {"PersoonEmailWerk": "x"})
    address = f"/customers/ons/deliveries/{delivery.pk}"
    folded, unfolded = (text_of(supplier, f"{address}{query}") for query in ("", "?open=all"))
    shown = [(page.count('class="group" open'), page.count('<span class="value">')) for page in (folded, unfolded)]
    assert shown == [(1, 6), (3, 9)]
    assert "3 more lines" in folded


@pytest.mark.parametrize("kind", ["annotated", "rejected", "report"])
def test_the_answer_comes_as_a_file(supplier: Client, customer: WebCustomer, kind: str) -> None:
    delivery = customer.deliver(ANNA, BAD_DATE)
    make_reports(delivery, "annotated.xlsx", "rejected.csv", "report.csv")
    response = supplier.get(f"/customers/ons/deliveries/{delivery.pk}/files/{kind}")
    content = b"".join(response.streaming_content)  # type: ignore[arg-type]
    assert response.headers["Content-Disposition"].startswith("attachment")
    if kind == "annotated":
        assert load_workbook(io.BytesIO(content)).active is not None
    else:
        assert "31-02-1980" in content.decode("utf-8-sig")
    response.close()


def test_without_rejected_records_that_is_said(supplier: Client, customer: WebCustomer) -> None:
    delivery = customer.deliver(ANNA)
    make_reports(delivery, "rejected.csv")
    address = f"/customers/ons/deliveries/{delivery.pk}"
    response = supplier.get(f"{address}/files/rejected")
    assert response.headers["Location"] == address
    assert "There are no records with an error" in text_of(supplier, address)


@pytest.mark.parametrize("form", ["xlsx", "csv", "xml", "xsd"])
def test_a_template_can_be_taken(supplier: Client, form: str) -> None:
    response = supplier.get(f"/customers/ons/templates/empty.{form}")
    assert b"".join(response.streaming_content)  # type: ignore[arg-type]
    assert response.headers["Content-Disposition"] == f'attachment; filename="instroom-template.{form}"'
    response.close()


def test_what_is_required_at_least_is_shown_beside_the_templates(supplier: Client) -> None:
    page = text_of(supplier, "/customers/ons/templates")
    least = page.partition('id="least"')[2].partition("</table>")[0]
    assert re.findall(r'<th scope="col">(\w+)</th>', least) == [
        *("BedrijfExternId", "BedrijfExternSource", "BedrijfNaam"),
        *("PersoonExternId", "PersoonExternSource", "PersoonAchternaam"),
    ]
    assert least.count("<tr>") == 4
    assert page.count('<th scope="row">') == len(standard().columns)
    assert "yes, where you fill in a company" in page


@pytest.mark.parametrize(
    ("text", "found"), [("mobil", 1), ("PRIV postal", 1), ("date of birth", 1), ("nonsense", 0), ("<b>", 0)]
)
def test_a_column_is_sought_by_its_name_and_meaning(supplier: Client, text: str, found: int) -> None:
    page = markup(supplier.post("/customers/ons/templates", {"text": text}, follow=True))
    assert page.count('<th scope="row">') == found
    assert ("No column has that" in page) is (not found)
    assert "<b>&lt;" not in page


@pytest.mark.parametrize("name", ["empty.pdf", "other.csv"])
def test_there_is_no_other_template(supplier: Client, name: str) -> None:
    assert supplier.get(f"/customers/ons/templates/{name}").status_code == 404


def test_the_supplier_takes_a_delivery_back(supplier: Client, customer: WebCustomer) -> None:
    delivery = customer.deliver(ANNA, BRAM)
    address = f"/customers/ons/deliveries/{delivery.pk}"
    assert "Withdraw this delivery" in text_of(supplier, address)
    assert supplier.post(f"{address}/withdraw").headers["Location"] == address
    page = text_of(supplier, address)
    assert "Withdrawn. Nothing from this delivery will go to live." in page
    assert "Withdraw this delivery" not in page
    supplier.post(f"{address}/withdraw")
    assert 'class="note error"' in text_of(supplier, address)


def test_text_of_a_file_is_never_markup(supplier: Client, customer: WebCustomer) -> None:
    nasty = '<script>alert("x")</script>'
    delivery = customer.deliver(ANNA | {"PersoonVoornaam": nasty, "PersoonGeboortedatum": nasty})
    page = text_of(supplier, f"/customers/ons/deliveries/{delivery.pk}")
    assert nasty not in page
    assert "&lt;script&gt;" in page


def test_an_upload_on_its_way_has_no_name_and_what_is_kept_of_it_is_encrypted(
    supplier: Client, customer: WebCustomer, monkeypatch: pytest.MonkeyPatch, instroom_home: Path
) -> None:
    seen: list[tuple[int, int]] = []

    def look(path: Path, *given: object, **asked: Any) -> Delivery:
        seen.append((path.stat().st_mode & 0o777, path.stat().st_nlink))
        return receive(path, *given, **asked)

    monkeypatch.setattr("instroom.doors.web.deliveries.deliver.receive", look)
    upload(supplier, customer, BAD_DATE | {"PersoonAchternaam": "Vermeulen-Oost"})
    assert seen == [(0o600, 0)]
    advance_all()
    make_asked()
    assert {one.suffix for one in (instroom_home / "files" / "ons").rglob("*.*")} >= {".csv", ".xlsx"}
    assert files_with(instroom_home / "files" / "ons", b"Vermeulen-Oost") == []


def test_a_corrected_file_is_the_next_version(supplier: Client, customer: WebCustomer) -> None:
    first = customer.deliver(ANNA, BAD_DATE)
    address = f"/customers/ons/deliveries/{first.pk}"
    assert "Deliver the corrected file" in text_of(supplier, address)
    with customer.file(ANNA, BRAM).open("rb") as file:
        response = supplier.post(f"{address}/correct", {"file": file})
    advance_all()
    page = text_of(supplier, response.headers["Location"])
    for said in ("Version 1", "Version 2", "(this one)", "awaiting approval", f'href="{address}"'):
        assert said in page
    row = page[page.index("Findings, compared with the previous version") :]
    assert '<td data-label="Gone">1</td><td data-label="Still there">0</td>' in row
    assert response.headers["Location"] in text_of(supplier, address)


def test_what_is_in_live_has_no_corrected_file(supplier: Client, customer: WebCustomer) -> None:
    delivery = customer.import_in_live(ANNA)
    address = f"/customers/ons/deliveries/{delivery.pk}"
    assert "Deliver the corrected file" not in text_of(supplier, address)
    response = supplier.get(f"{address}/correct")
    assert response.status_code == 403
    assert "no corrected file can take its place" in response.content.decode()


def test_the_form_for_a_corrected_file_says_what_is_missing(supplier: Client, customer: WebCustomer) -> None:
    delivery = customer.deliver(ANNA, BAD_DATE)
    address = f"/customers/ons/deliveries/{delivery.pk}/correct"
    assert "It becomes the next version of levering.csv" in text_of(supplier, address)
    response = supplier.post(address, {})
    assert response.status_code == 400
    assert "Choose a file. It must not be empty." in response.content.decode()


def test_only_who_delivers_sees_the_form_for_a_corrected_file(customer: WebCustomer) -> None:
    delivery = customer.deliver(ANNA, BAD_DATE)
    page = text_of(customer.signed_in("reader"), f"/customers/ons/deliveries/{delivery.pk}")
    assert "Deliver the corrected file" not in page


def test_records_that_the_form_cannot_hold_are_told_before_the_file_is_taken(
    supplier: Client, customer: WebCustomer
) -> None:
    """A record that is too wide would have its values in the wrong columns of a workbook."""
    template = supplier.get("/customers/ons/templates/empty.xlsx")
    workbook = load_workbook(io.BytesIO(b"".join(template.streaming_content)))  # type: ignore[arg-type]
    sheet = workbook.worksheets[0]
    for row, record in enumerate((ANNA, BAD_DATE), start=2):
        for column, header in enumerate(standard().headers, start=1):
            sheet.cell(row, column, record.get(header, ""))
    sheet.cell(4, 200, "te ver")
    path = customer.folder / "levering.xlsx"
    workbook.save(path)
    delivery = receive(
        path,
        find.customer("ons"),
        by=find.user("ons-supplier"),
        policies={"on_error": "skip", "skip_limit_percent": 90},
    )
    advance_all()
    make_reports(delivery, "rejected.csv", "rejected.xlsx")
    address = f"/customers/ons/deliveries/{delivery.pk}/files/rejected"
    assert "cannot hold 1 row with data exactly as delivered" in text_of(supplier, address)
    for form, holds in (("csv", True), ("xlsx", False)):
        response = supplier.get(address, {"form": form})
        content = b"".join(response.streaming_content)  # type: ignore[arg-type]
        assert response.headers["Content-Disposition"].endswith(f'.regels-met-fout.{delivery.pk.hex[-12:]}.{form}"')
        assert (b"te ver" in content) is holds
        response.close()


def test_of_a_file_with_bsn_there_is_no_file_to_fetch(supplier: Client, customer: WebCustomer) -> None:
    delivery = customer.deliver({**ANNA, "PersoonOpmerking": "BSN 123456782"})
    address = f"/customers/ons/deliveries/{delivery.pk}"
    said = text_of(supplier, address)
    assert "The file holds citizen service numbers (BSN). It was deleted." in said
    assert "nobody is shown its rows" in said and "first on row 2" in said
    assert "123456782" not in said and 'id="file-' not in said
    response = supplier.get(f"{address}/files/annotated")
    assert (response.status_code, "It was deleted" in response.content.decode()) == (404, True)


def test_without_room_the_page_says_so(supplier: Client, customer: WebCustomer) -> None:
    Customer.objects.filter(name="ons").update(quota=10)
    with customer.file(ANNA).open("rb") as file:
        response = supplier.post("/customers/ons/deliver", {"file": file})
    assert response.status_code == 507
    assert "there is no room for this file" in response.content.decode()
    assert not Delivery.objects.exists()


def test_until_the_worker_has_made_a_report_the_page_comes_again(
    supplier: Client, customer: WebCustomer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answer, "PATIENCE", 0.0)
    delivery = customer.deliver(ANNA, BAD_DATE)
    for _ in range(2):
        response = supplier.get(f"/customers/ons/deliveries/{delivery.pk}/files/annotated")
        assert (response.status_code, response.headers["Refresh"]) == (503, "5")
        assert "This report is being made" in response.content.decode()
    page = f"/customers/ons/deliveries/{delivery.pk}"
    for address in (page, f"{page}/files"):
        said = text_of(supplier, address)
        assert "Still being made: the file with remarks and the records with an error." in said
        assert f'hx-get="{page}/files"' in said
        assert said.count('id="file-') == 3, "by their ids a fetch leaves the focus where it is"
    AskedReport.objects.filter(language="en").update(given_up_at=timezone.now())
    said = text_of(supplier, f"{page}/files")
    assert "Could not be made: the file with remarks. Tell your operator." in said
    AskedReport.objects.filter(language="en").update(given_up_at=None)
    make_asked()
    assert "made:" not in text_of(supplier, f"{page}/files")
    made = set()
    for _ in range(2):
        response = supplier.get(f"/customers/ons/deliveries/{delivery.pk}/files/annotated")
        assert response.status_code == 200
        response.close()
        made.add(path_of(f"{delivery.file_key}.annotated.en.xlsx").stat().st_ino)
    assert len(made) == 1


def test_a_version_with_fewer_records_asks_whether_it_is_complete(supplier: Client, customer: WebCustomer) -> None:
    first = customer.deliver(ANNA, BRAM, BAD_DATE)
    with customer.file(ANNA, BRAM).open("rb") as file:
        held = supplier.post(f"/customers/ons/deliveries/{first.pk}/correct", {"file": file}).headers["Location"]
    advance_all()
    page, asked = text_of(supplier, held), "this file has 1 row fewer than the version before"
    assert "Done for you" not in page, "something is asked of them"
    for said in (
        asked,
        "Waits for your answer: is this file complete?",
        "Deliver the whole file",
        "Deliver it as it is anyway",
    ):
        assert said in page
    approver = customer.signed_in("approver")
    assert "Deliver it as it is" not in text_of(approver, held)
    assert asked in text_of(approver, f"{held}/plan")
    assert supplier.post(f"{held}/complete").status_code == 302
    page = text_of(supplier, held)
    assert "Deliver it as it is" not in page
    assert "The supplier says that this file is complete" in text_of(approver, f"{held}/plan")


def test_only_the_corrected_records_are_put_in_the_version_before(supplier: Client, customer: WebCustomer) -> None:
    first = customer.deliver(ANNA, BAD_DATE)
    right = BAD_DATE | {"PersoonGeboortedatum": "01-02-1980"}
    with customer.file(right).open("rb") as file:
        merged = supplier.post(f"/customers/ons/deliveries/{first.pk}/correct", {"file": file}).headers["Location"]
    advance_all()
    page = text_of(supplier, merged)
    assert "1 row replaced, 1 taken over unchanged from the version before." in page
    assert "Deliver only these records" in page
    delivery = Delivery.objects.latest("number")
    assert supplier.get(f"/customers/ons/deliveries/{first.pk}/files/whole").status_code == 404
    make_reports(delivery, "whole.csv")
    content = b"".join(supplier.get(f"{merged}/files/whole").streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    assert len(content.splitlines()) == 3
    assert "01-02-1980" in content
    alone = supplier.post(f"{merged}/alone").headers["Location"]
    advance_all()
    assert "taken over unchanged" not in text_of(supplier, alone)
    assert Delivery.objects.latest("number").counts["records"] == 1
    with customer.file(right).open("rb") as file:
        chosen = {"file": file, "complete": "yes"}
        supplier.post(f"/customers/ons/deliveries/{Delivery.objects.latest('number').pk}/correct", chosen)
    assert Delivery.objects.latest("number").complete
