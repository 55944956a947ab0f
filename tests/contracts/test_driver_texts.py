"""What a database says of a row that it refuses quotes the row. None of that reaches a log, a page, an answer, a mail
or a terminal, whichever process meets it."""

import io
import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client

from instroom.config.log_floods import SparingHandler
from instroom.flow import find
from instroom.flow.people import api_tokens
from instroom.store.models import Delivery, Mail, User
from tests.commands import Run
from tests.contracts.customer import SampleCustomer, person, write_csv
from tests.every_door import add_plain_account, ask, by_ftp, serving_json, upload
from tests.waiting import until

VALUE = "zqbo@voorbeeld.example"
ROWS = [person("7", first="Bo")]
_TABLES = ("store_delivery", "store_person", "store_auditentry")


@contextmanager
def refusing(*tables: str) -> Iterator[None]:
    """The database refuses every new row of these, and quotes a value of a person while it does."""
    kinds = {"sqlite": (_on_sqlite, "DROP TRIGGER zq_{0}"), "postgresql": (_on_postgresql, _DROP)}
    make, drop = kinds[connection.vendor]
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(make(table))
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            for table in tables:
                cursor.execute(drop.format(table))


_DROP = "DROP TRIGGER zq_{0} ON {0}; DROP FUNCTION zq_{0}()"


def _on_sqlite(table: str) -> str:
    return f"CREATE TRIGGER zq_{table} BEFORE INSERT ON {table} BEGIN SELECT RAISE(ABORT, 'not {VALUE}'); END"


def _on_postgresql(table: str) -> str:
    return f"""
        CREATE FUNCTION zq_{table}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
            RAISE unique_violation USING MESSAGE = 'duplicate key', DETAIL = 'Key (email)=({VALUE}) already exists.';
        END $$;
        CREATE TRIGGER zq_{table} BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION zq_{table}()
    """


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """What the log says on standard error, in this process."""
    stream = io.StringIO()
    handlers = {one for name in settings.LOGGING["loggers"] for one in logging.getLogger(name).handlers}
    ours = [one for one in handlers if isinstance(one, SparingHandler)]
    before = [one.setStream(stream) for one in ours]
    yield stream
    for handler, own in zip(ours, before, strict=True):
        handler.setStream(own or handler.stream)


def token_of(customer: SampleCustomer) -> dict[str, str]:
    made = api_tokens.add(customer.record, "HR", ["deliver"], by=find.user("operator"))
    return {"authorization": f"Bearer {made.secret}"}


def mails() -> str:
    return "".join(f"{mail.subject}{mail.text}{mail.html}" for mail in Mail.objects.all())


def test_a_row_that_is_refused_is_told_without_its_values(run: Run, tmp_path: Path, log: io.StringIO) -> None:
    customer = SampleCustomer()
    planned, waiting = customer.deliver(ROWS), customer.receive([person("8", first="Bo")])
    headers, path = token_of(customer), write_csv(tmp_path / "personen.csv", ROWS)
    program, browser = (Client(SERVER_NAME="localhost", raise_request_exception=False) for _ in range(2))
    browser.force_login(User.objects.get(username="operator"))
    with refusing(*_TABLES):
        upload = {"file": SimpleUploadedFile("personen.csv", path.read_bytes())}
        answer = program.post(f"/api/v1/customers/{customer.name}/deliveries", upload, headers=headers)
        page = browser.get(f"/customers/{customer.name}/deliveries/{planned.pk}/plan")
        customer.carry_on(waiting)
        logged = log.getvalue()  # the next command has a log of its own
        by_command = run("deliver", path, "--customer", customer.name, "--format", "json", "--debug")
    assert (answer.status_code, page.status_code, by_command.code) == (500, 500, 3)
    assert (waiting.failures, waiting.cause_facts["error"]) == (1, "IntegrityError")
    shown = run("show", str(waiting.pk), "--format", "json")
    said = (answer.content, page.content, *by_command, *shown, logged, mails(), str(waiting.cause_facts))
    assert VALUE not in "\n".join(map(str, said))
    assert "IntegrityError" in by_command.err
    assert "django.db.utils.IntegrityError" in logged


@pytest.mark.slow
def test_no_process_tells_the_values_of_a_row_that_is_refused(tmp_path: Path, run: Run, instroom_home: Path) -> None:
    """`instroom serve` with its worker and its file server, and a command beside it. Its log is an object a line."""
    customer = SampleCustomer()
    planned, waiting = customer.deliver(ROWS), customer.receive([person("8", first="Bo")])
    headers, path = token_of(customer), write_csv(tmp_path / "personen.csv", ROWS)
    add_plain_account(customer.record)
    client = Client(SERVER_NAME="localhost")
    client.force_login(User.objects.get(username="operator"))
    cookie = {"cookie": "; ".join(f"{name}={one.value}" for name, one in client.cookies.items())}
    with refusing("store_delivery", "store_person"), serving_json(tmp_path / "log") as site:
        place = f"{site.address}/api/v1/customers/{customer.name}/deliveries"
        answers = [upload(place, path, headers), by_ftp(site.ftp_port, path)]
        ran = run.process("deliver", path, "--customer", customer.name, "--debug")
        until(lambda: "attempt 1 failed" in site.logged())
        until(lambda: "cannot be taken in" in site.logged())
        with refusing("store_auditentry"):
            answers.append(ask(f"{site.address}/customers/{customer.name}/deliveries/{planned.pk}/plan", cookie))
    logged = site.logged()
    waiting.refresh_from_db()
    said = "".join((*answers, ran.out, ran.err, logged, mails(), str(waiting.cause_facts)))
    assert [answer[:3] for answer in answers] == ["500", "226", "500"]
    assert ran.code == 3
    assert VALUE not in said
    assert not [one for one in instroom_home.rglob("*.log") if VALUE in one.read_text()]
    for name in ("django.request", "instroom.ftp", "instroom.flow.delivery.attempts"):
        assert f'"logger": "{name}"' in logged
    of_step = next(line for line in map(json.loads, logged.splitlines()) if line.get("code") == "internal")
    assert (of_step["delivery"], of_step["customer"]) == (str(waiting.pk), str(customer.record.pk))
    assert Delivery.objects.filter(customer=customer.record).count() == 2
