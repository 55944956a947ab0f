"""A customer to test with: delivers rows as files, approves, and looks at what is stored."""

import csv
import itertools
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.db.models import F

from instroom.core.fields import FIELDS, Kind
from instroom.core.keys import Key
from instroom.core.layout.standard import standard
from instroom.core.model import Policies
from instroom.flow import find
from instroom.flow.delivery import advance, decide, receive, undo
from instroom.flow.operations.init import DEMO_USERS, add_customer
from instroom.store import models
from instroom.store.sql import findings, records

Row = Mapping[str, str]
_numbers = itertools.count(1)
HEADERS = standard().headers

# Short names for the columns that the stories use.
SHORT = {
    "c": "BedrijfExternId", "cs": "BedrijfExternSource", "name": "BedrijfNaam", "city": "BedrijfBezoekPlaats",
    "cphone": "BedrijfTelefoon", "cactive": "BedrijfActief", "cgroup": "BedrijfCategorieGroep1",
    "ccategory": "BedrijfCategorie1", "cfree": "BedrijfVrijveldDefinitie1", "cvalue": "BedrijfVrijveldData1",
    "p": "PersoonExternId", "ps": "PersoonExternSource", "first": "PersoonVoornaam", "surname": "PersoonAchternaam",
    "born": "PersoonGeboortedatum", "job": "PersoonFunctie", "department": "PersoonAfdeling",
    "mobile": "PersoonMobiel", "email": "PersoonEmailWerk", "home_email": "PersoonEmailPrive",
    "active": "PersoonActief", "group": "PersoonCategorieGroep1", "category": "PersoonCategorie1",
    "free": "PersoonVrijveldDefinitie1", "value": "PersoonVrijveldData1",
}  # fmt: skip


def company(number: str, **values: str) -> dict[str, str]:
    """A company on a row: `company("1", name="Een")`; with no values it is a reference by key alone."""
    return {"c": number, "cs": "CRM", **values}


def person(number: str, **values: str) -> dict[str, str]:
    """A person on a row, with a surname unless another is given."""
    return {"p": number, "ps": "HR", "surname": "Voorbeeld", **values}


def write_csv(target: Path, rows: Iterable[Row]) -> Path:
    """A delivery in the standard layout; rows may use the short names of columns."""
    with target.open("w", encoding="utf-8-sig", newline="") as file:
        out = csv.DictWriter(file, HEADERS, delimiter=";", restval="")
        out.writeheader()
        out.writerows({SHORT.get(name, name): value for name, value in row.items()} for row in rows)
    return target


class SampleCustomer:
    """A customer of its own, so that stories in one database do not meet."""

    def __init__(self) -> None:
        self.name = f"klant-{next(_numbers)}"
        add_customer(self.name, "Klant", DEMO_USERS)
        self.record = models.Customer.objects.get(name=self.name)

    @classmethod
    def of(cls, record: models.Customer) -> "SampleCustomer":
        """One that is there already."""
        made = cls.__new__(cls)
        made.name, made.record = record.name, record
        return made

    def receive(
        self,
        rows: Iterable[Row] | Path,
        connection: str | None = None,
        by: models.User | models.FileAccount | None = None,
        **policies: Any,
    ) -> models.Delivery:
        """Take a file in and do nothing with it yet."""
        with tempfile.TemporaryDirectory() as folder:
            path = rows if isinstance(rows, Path) else write_csv(Path(folder) / "personen.csv", rows)
            chosen = Policies(**policies) if policies else None
            agreed = find.connection(self.record, connection) if connection else None
            supplier = by or find.user("supplier")
            return receive.receive(path, self.record, by=supplier, policies=chosen, connection=agreed)

    def deliver(self, rows: Iterable[Row] | Path, **options: Any) -> models.Delivery:
        """Deliver, and carry on until a person is needed."""
        return self.carry_on(self.receive(rows, **options))

    def carry_on(self, delivery: models.Delivery) -> models.Delivery:
        """Do all that is due."""
        while advance.advance(self.record):
            pass
        delivery.refresh_from_db()
        return delivery

    def approve(self, delivery: models.Delivery, at: decide.Now | None = None) -> models.Delivery:
        """Approve, and import in live."""
        decide.approve(delivery, by=find.user("approver"), at=at)
        return self.carry_on(delivery)

    def import_(self, rows: Iterable[Row] | Path, **options: Any) -> models.Delivery:
        """Deliver and approve, a large file too; fails where it does not end in live."""
        delivery = self.deliver(rows, **options)
        assert delivery.state == "awaiting-approval", (
            delivery.state,
            delivery.reason,
            findings.stored(delivery),
        )
        delivery = self.approve(delivery, at="now")
        assert delivery.state == "imported", (delivery.state, delivery.reason)
        return delivery

    def undo(self, delivery: models.Delivery) -> models.Delivery:
        """Undo and approve that."""
        one = self.carry_on(undo.undo(delivery, by=find.user("approver")))
        return self.approve(one) if one.state == "awaiting-approval" else one

    def days_pass(self, days: float = 1) -> None:
        """Put everything so far that many days back: deliveries, connections and their times."""
        moments = {
            models.Connection.objects.filter(customer=self.record): ("made_at", "standing_since", "corrected_at"),
            models.ConnectionRun.objects.filter(connection__customer=self.record): ("due_at", "taken_at"),
            models.Delivery.objects.filter(customer=self.record): ("received_at", "decided_at", "finished_at"),
            models.Plan.objects.filter(delivery__customer=self.record): ("made_at", "executed_at"),
        }
        for found, names in moments.items():
            found.update(**{name: F(name) - timedelta(days=days) for name in names})

    def environment(self, name: str = "live") -> models.Environment:
        """One of the two."""
        return models.Environment.objects.get(customer=self.record, name=name)

    def snapshot(self, environment: str = "live") -> dict[tuple[Kind, Key], dict[str, Any]]:
        """Every dossier by kind and key, with its values that are not blank and the key of its company."""
        place = self.environment(environment).id.hex
        companies = {stored.id: stored.key for stored in records.all_dossiers(place, "company")}
        kinds: Sequence[Kind] = ("company", "person")
        return {
            (kind, stored.key): {
                "extern_id": stored.extern_id,
                **{name: value for name, value in zip(FIELDS[kind], stored.fields, strict=True) if value},
                **({"categories": stored.categories} if stored.categories else {}),
                **({"free_fields": dict(stored.free_fields)} if stored.free_fields else {}),
                **({"company": companies[stored.company]} if stored.company else {}),
            }
            for kind in kinds
            for stored in records.all_dossiers(place, kind)
        }

    def codes(self, delivery: models.Delivery) -> list[tuple[str, int | None]]:
        """What was found: code and row."""
        return [(item.code, item.row) for item in findings.stored(delivery)]
