"""A connection to test with: files come in on a clock of their own, and the worker looks when the story says so."""

import tempfile
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib.auth.hashers import make_password
from django.utils import timezone

from instroom.flow import find
from instroom.flow.connections import connections, runs
from instroom.flow.delivery.advance import advance
from instroom.flow.delivery.receive import receive
from instroom.store.models import Connection, ConnectionRun, Delivery, FileAccount, Mail, User
from tests.contracts.customer import Row, SampleCustomer, person, write_csv

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
PERSONS = [person(str(number)) for number in range(1, 11)]


def clock(text: str) -> datetime:
    """A moment on the clock in Amsterdam."""
    at = datetime.fromisoformat(text)
    return at.replace(tzinfo=AMSTERDAM) if at.tzinfo is None else at


class ConnectionScenario:
    """A connection `nacht` with the account `hr-…`, from the moment `begins` on."""

    def __init__(self, schedule: str = "daily 01:00", begins: str = "2027-05-03T12:00", **given: Any) -> None:
        self.customer = SampleCustomer()
        for name in ("supplier", "operator", "approver"):
            User.objects.filter(username=name).update(email=f"{name}@voorbeeld.example")
        self.account = FileAccount.objects.create(
            customer=self.customer.record, name=f"hr-{self.customer.name}", password=make_password(None),
            made_at=timezone.now(),
        )  # fmt: skip
        self.connection = connections.add(
            "nacht",
            self.customer.record,
            by=find.user("operator"),
            account=self.account.name,
            file_name="personen.csv",
            schedule=schedule,
            **given,
        )
        Connection.objects.filter(pk=self.connection.pk).update(made_at=clock(begins) - timedelta(days=40))
        self.connection.refresh_from_db()
        self.connection.runs.all().delete()
        runs.plan_anew(self.connection, clock(begins))

    def receive(self, at: str, rows: Iterable[Row] = PERSONS, name: str = "personen.csv") -> Delivery:
        """A file comes in at the file server."""
        with tempfile.TemporaryDirectory() as folder:
            path = write_csv(Path(folder) / "personen.csv", rows)
            file = receive(
                path,
                self.customer.record,
                name=name,
                by=self.account,
                connection=find.connection(self.customer.record, "nacht"),
                waits_for="hour",
            )
        return self._at(file, at)

    def by_hand(self, at: str, rows: Iterable[Row] = PERSONS) -> Delivery:
        """A person delivers on the connection."""
        return self._at(self.customer.deliver(rows, connection="nacht"), at)

    def tick(self, at: str) -> list[str]:
        """The worker looks. Gives the kinds of the mails that this wrote to the supplier, but for what was checked."""
        before = set(Mail.objects.values_list("pk", flat=True))
        runs.tick(clock(at))
        while advance(self.customer.record):
            pass
        new = Mail.objects.exclude(pk__in=before).filter(to="supplier@voorbeeld.example").order_by("pk")
        return list(new.exclude(kind="checked").values_list("kind", flat=True))

    def runs(self) -> list[tuple[str, str]]:
        """Each time that is known: its date and its state."""
        found = ConnectionRun.objects.filter(connection=self.connection).order_by("due_at")
        return [(str(run.local_date), run.state) for run in found]

    def state(self, file: Delivery) -> str:
        """How far a file is; `waits` before its hour, with its reason where it has one."""
        file.refresh_from_db()
        return "waits" if file.waits_for else f"{file.state} {file.reason}".strip()

    @staticmethod
    def _at(file: Delivery, at: str) -> Delivery:
        Delivery.objects.filter(pk=file.pk).update(received_at=clock(at))
        file.refresh_from_db()
        return file
