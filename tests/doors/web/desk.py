"""A customer with people, what comes in there, and a browser without a screen: Django's client."""

from pathlib import Path
from typing import NamedTuple

from django.test import Client

from instroom.core.layout.standard import standard
from instroom.core.model import Policies
from instroom.flow.delivery.advance import advance_all
from instroom.flow.delivery.decide import approve
from instroom.flow.delivery.receive import receive
from instroom.flow.operations.init import add_customer
from instroom.store.models import Delivery, Role, User

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


class Desk(NamedTuple):
    """A customer's desk: what comes in there, and who looks at it."""

    customer: str
    folder: Path

    def file(self, *records: Record, name: str = "levering.csv") -> Path:
        """A delivery in the standard layout."""
        headers = standard().headers
        rows = [headers, *([record.get(header, "") for header in headers] for record in records)]
        path = self.folder / name
        path.write_text("".join(";".join(row) + "\r\n" for row in rows), encoding="utf-8", newline="")
        return path

    def deliver(self, *records: Record, **policies: str) -> Delivery:
        """Deliver and carry on as far as it goes by itself."""
        rules = Policies(**policies) if policies else None  # type: ignore[arg-type]
        delivery = receive(self.file(*records), self.customer, by=f"{self.customer}-supplier", policies=rules)
        advance_all()
        delivery.refresh_from_db()
        return delivery

    def import_in_live(self, *records: Record) -> Delivery:
        """Deliver, approve and import."""
        delivery = self.deliver(*records)
        approve(delivery, f"{self.customer}-approver")
        advance_all()
        delivery.refresh_from_db()
        assert delivery.state == "imported"
        return delivery

    def signed_in(self, role: str) -> Client:
        """The browser of the person with this role, in English."""
        client = browser()
        client.cookies["instroom-language"] = "en"
        client.force_login(User.objects.get(username=f"{self.customer}-{role}"))
        return client


def open_desk(customer: str, folder: Path) -> Desk:
    """Make a customer with a person for each role, called CUSTOMER-ROLE."""
    add_customer(customer, f"{customer.title()} BV", {f"{customer}-{role}": (role,) for role in Role.NAMES})
    return Desk(customer, folder)


def browser(checks_forms: bool = False) -> Client:
    """The browser of somebody who is not signed in. `checks_forms`: with the defence against forms of other sites."""
    return Client(enforce_csrf_checks=checks_forms, SERVER_NAME="localhost")
