"""The institute's name, logo and help desk: where they are set, and where people see them."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests.core.test_png import chunk, picture
from tests.doors.web.test_accounts import invite
from tests.doors.web.web_customer import BAD_DATE, WebCustomer, browser

from instroom.flow import find
from instroom.flow.institute import institute
from instroom.store.models import AuditEntry, Institute, Mail, User

FORM = {
    "name": "Opleidingsinstituut <X>",
    "phone": "030 - 000 00 00",
    "email": "support@voorbeeld.example",
    "website": "www.voorbeeld.example",
}
CONTACT = {"name": "Noor van Dam", "phone": "+31 (0)30 1111111", "email": ""}
SHOWN = "Opleidingsinstituut &lt;X&gt;"


def text_of(client: Client, address: str) -> str:
    return client.get(address).content.decode()


@pytest.fixture
def site_operator(customer: WebCustomer) -> Client:
    """Somebody who may say what the institute is called."""
    User.objects.filter(username="ons-operator").update(is_superuser=True)
    return customer.signed_in("operator")


def test_without_settings_all_looks_as_before(customer: WebCustomer) -> None:
    page = text_of(customer.signed_in("supplier"), "/customers/ons")
    assert "· Instroom</title>" in page and "Need help?" not in page and "<img" not in page
    assert browser().get("/logo.png").status_code == 404


def test_pages_say_whose_site_it_is_and_whom_to_ask(customer: WebCustomer, site_operator: Client) -> None:
    assert site_operator.post("/operator/institute", FORM).status_code == 302
    rejected = customer.deliver(BAD_DATE)
    supplier = customer.signed_in("supplier")
    for client, page in [
        (browser(), "/sign-in"),
        (supplier, "/customers/ons"),
        (supplier, f"/customers/ons/deliveries/{rejected.pk}"),
        (supplier, "/customers/ons/users"),  # 403
        (supplier, "/nergens"),
        (browser(), invite(customer)),
    ]:
        shown = text_of(client, page)
        head, _, foot = shown.partition("<main")
        assert SHOWN in head and f"· {SHOWN}</title>" in head, page
        assert 'href="tel:0300000000"' in foot and 'href="mailto:support@voorbeeld.example"' in foot, page
        assert 'href="https://www.voorbeeld.example"' in foot, page
    (entry,) = AuditEntry.objects.filter(action="institute-changed")
    assert entry.facts["changed"]["name"] == ["", FORM["name"]]


def test_a_customer_has_a_contact_of_its_own(customer: WebCustomer, site_operator: Client) -> None:
    site_operator.post("/operator/institute", FORM)
    assert customer.signed_in("operator").post("/customers/ons/contact", CONTACT).status_code == 302
    page = text_of(customer.signed_in("supplier"), "/customers/ons")
    assert f"Noor van Dam, {SHOWN}</span>" in page
    assert 'href="tel:+31301111111"' in page and "support@voorbeeld.example" in page
    assert "Noor" not in text_of(browser(), "/sign-in")
    (entry,) = AuditEntry.objects.filter(action="contact-changed")
    assert entry.facts == {"fields": "name, phone"}  # not whose


def test_an_invitation_says_who_invites_for_what(customer: WebCustomer, site_operator: Client) -> None:
    User.objects.filter(username="ons-operator").update(first_name="Jaap", last_name="d'Hont")
    site_operator.post("/operator/institute", FORM)
    link = invite(customer, roles=("supplier",))
    mail = Mail.objects.get(kind="invitation")
    assert mail.subject == "Deliver staff data to Opleidingsinstituut <X>"
    for said in ("Jaap d'Hont (operator) invites you", "who at Ons BV follows", "a file of employees", FORM["phone"]):
        assert said in mail.text
    assert "<X>" not in mail.html and SHOWN in mail.html
    assert "Jaap d&#x27;Hont heeft u uitgenodigd." in text_of(browser(), link)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", "A" * 101),
        ("name", "Naam\r\nBcc: iemand@voorbeeld.example"),
        ("name", "Naam\u2028regel"),
        ("phone", "bel mij"),
        ("email", "geen adres"),
        ("email", "a@voorbeeld.example\nBcc: b@voorbeeld.example"),
        ("website", "javascript:alert(1)"),
        ("website", "https://voorbeeld.example@ander.example"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_kept(site_operator: Client, field: str, value: str) -> None:
    assert site_operator.post("/operator/institute", FORM | {field: value}).status_code == 400
    assert institute().name == ""


def test_the_logo_is_a_png_of_which_only_the_picture_is_kept(site_operator: Client) -> None:
    whole = picture(extra=chunk(b"tEXt", b"Author\0iemand"))
    sent = site_operator.post("/operator/institute", FORM | {"logo": SimpleUploadedFile("logo.png", whole)})
    assert sent.status_code == 302
    answer = browser().get("/logo.png")
    assert (answer.status_code, answer.content) == (200, picture())
    assert answer.headers["Content-Type"] == "image/png"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert f'src="/logo.png?{institute().logo_digest}"' in text_of(browser(), "/sign-in")
    assert site_operator.post("/operator/institute", FORM | {"no_logo": "on"}).status_code == 302
    assert Institute.objects.get().logo is None


def test_an_svg_is_refused(site_operator: Client) -> None:
    svg = SimpleUploadedFile("logo.svg", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>")
    answer = site_operator.post("/operator/institute", FORM | {"logo": svg})
    assert answer.status_code == 400 and "save the logo as PNG" in answer.content.decode()
    assert not Institute.objects.exists()


def test_only_a_site_operator_names_the_institute_and_only_an_operator_a_contact(customer: WebCustomer) -> None:
    assert customer.signed_in("operator").post("/operator/institute", FORM).status_code == 403
    assert customer.signed_in("approver").post("/customers/ons/contact", CONTACT).status_code == 403
    assert institute().name == find.customer("ons").contact_name == ""
