"""A customer with people, what comes in there, and a browser without a screen: Django's client."""

import re
from pathlib import Path
from typing import NamedTuple, cast

import pyotp
from django.http import HttpResponse
from django.test import Client

from instroom.core.language import Language
from instroom.core.layout.standard import standard
from instroom.core.model import Policies
from instroom.core.report.files import AnswerKind
from instroom.doors.cli.run_due import run_due
from instroom.flow import find
from instroom.flow.delivery import reports
from instroom.flow.delivery.decide import approve
from instroom.flow.delivery.receive import receive
from instroom.flow.delivery.reports import Report
from instroom.flow.operations.init import add_customer
from instroom.flow.people import codes, second_factor
from instroom.store.models import Company, Delivery, Person, Role, User

PASSWORD = "vier natte sokken"  # noqa: S105 - of nobody
COMPANY = {"BedrijfExternId": "C-1", "BedrijfExternSource": "HR", "BedrijfNaam": "Voorbeeld BV"}
ANNA = {
    "PersoonExternId": "P-1",
    "PersoonExternSource": "HR",
    "PersoonVoornaam": "Anna",
    "PersoonTussenvoegsel": "de",
    "PersoonAchternaam": "Voorbeeld",
    "PersoonGeboortedatum": "01-02-1980",
    "PersoonEmailWerk": "anna@voorbeeld.example",
    "PersoonPrivePostcode": "1234 AB",
}
BRAM = ANNA | {
    "PersoonExternId": "P-2",
    "PersoonVoornaam": "Bram",
    "PersoonGeboortedatum": "03-04-1990",
    "PersoonEmailWerk": "bram@voorbeeld.example",
}
BAD_DATE = BRAM | {"PersoonGeboortedatum": "31-02-1980"}

Record = dict[str, str]


def make_reports(delivery: Delivery, *names: str, language: Language = "en") -> None:
    """Make these, such as `rejected.csv`, as the worker does."""
    for name in names:
        kind, suffix = name.split(".")
        reports.make(Report(delivery, cast(AnswerKind, kind), f".{suffix}", language), patience=0)


class WebCustomer(NamedTuple):
    """A customer of the web pages: what comes in there, and who looks at it."""

    name: str
    folder: Path

    def file(self, *records: Record, name: str = "levering.csv") -> Path:
        """A delivery in the standard layout."""
        headers = standard().headers
        rows = [headers, *([record.get(header, "") for header in headers] for record in records)]
        path = self.folder / name
        path.write_text("".join(";".join(row) + "\r\n" for row in rows), encoding="utf-8", newline="")
        return path

    def deliver(self, *records: Record, **policies: str) -> Delivery:
        """Deliver and carry on as far as it goes by itself, also where the worker of a site takes part."""
        rules = Policies(**policies) if policies else None  # type: ignore[arg-type]
        delivery = receive(
            self.file(*records), find.customer(self.name), by=find.user(f"{self.name}-supplier"), policies=rules
        )
        run_due(delivery)
        return delivery

    def import_in_live(self, *records: Record) -> Delivery:
        """Deliver, approve and import."""
        delivery = self.deliver(*records)
        approve(delivery, by=find.user(f"{self.name}-approver"))
        run_due(delivery)
        assert delivery.state == "imported"
        return delivery

    def dossier(self, extern_id: str, environment: str = "live") -> str:
        """The address of a person (P-1 and so on), or of a company."""
        kind, model = ("company", Company) if extern_id.startswith("C-") else ("person", Person)
        place = find.environment(find.customer(self.name), environment)
        one = model.objects.get(environment=place, extern_id=extern_id)  # type: ignore[attr-defined]
        return f"/customers/{self.name}/{environment}/{kind}/{one.pk}"

    def signed_in(self, role: str) -> Client:
        """The browser of the person with this role, in English."""
        client = browser()
        client.cookies["instroom-language"] = "en"
        client.force_login(User.objects.get(username=f"{self.name}-{role}"))
        return client


def give_second_factor(user: User) -> tuple[str, list[str]]:
    """Set one up for who has PASSWORD, as the page does; the secret and the recovery codes. The code that confirmed it
    was one of the past."""
    begun = second_factor.begin(user, PASSWORD, "192.0.2.1")
    secret = second_factor.begun_secret(user, begun)
    made = second_factor.confirm(user, begun, pyotp.TOTP(secret).at(int(codes.time.time())))
    User.objects.filter(pk=user.pk).update(totp_step=0)
    user.refresh_from_db()
    return secret, made


def with_password(customer: WebCustomer, role: str) -> Client:
    """The browser of the person with this role, who has PASSWORD."""
    user = User.objects.get(username=f"{customer.name}-{role}")
    user.set_password(PASSWORD)
    user.save()
    return customer.signed_in(role)


def add_web_customer(customer: str, folder: Path) -> WebCustomer:
    """Make a customer with a person for each role, called CUSTOMER-ROLE."""
    add_customer(customer, f"{customer.title()} BV", {f"{customer}-{role}": (role,) for role in Role.NAMES})
    return WebCustomer(customer, folder)


def markup(response: HttpResponse) -> str:
    """A page without the white space around its tags, of which a browser shows little and these tests nothing."""
    return re.sub(r"\s*(<[^>]*>)\s*", r"\1", re.sub(r"\s+", " ", response.content.decode()))


def browser(checks_forms: bool = False) -> Client:
    """The browser of somebody who is not signed in. `checks_forms`: with the defence against forms of other sites."""
    return Client(enforce_csrf_checks=checks_forms, SERVER_NAME="localhost")
