"""A value of its own in every cell of a person, on every way through the program: once the person is erased no byte of
any of them is left, in whatever form (product.md G3)."""

import io
import logging
import re
import time
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final

import pytest
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.utils import timezone

from instroom.config.file_server import folder
from instroom.core.layout.loader import Column
from instroom.core.layout.standard import standard
from instroom.core.report.files import SUFFIXES
from instroom.core.write.delivery_file import write_records
from instroom.flow import find
from instroom.flow.delivery import reports
from instroom.flow.delivery.receive import receive
from instroom.flow.delivery.reports import Report
from instroom.flow.file_server import accounts
from instroom.flow.file_server.account_answers import answer_all, is_kept_answer
from instroom.flow.operations.cleaning import clean
from instroom.flow.people import api_tokens
from instroom.flow.privacy.erasing import erase
from instroom.flow.privacy.person_document import person_document
from instroom.store.files.sealed_stream import KeyGone
from instroom.store.files.uploads import AccountFolders, tidy
from instroom.store.models import Delivery, User, WebSession
from instroom.store.sessions import SessionStore
from tests.commands import Run
from tests.contracts.customer import SampleCustomer, write_csv
from tests.kept_files import content_of

_SHARED: Final = frozenset({"choice", "country", "language", "yes_no"})
"""Types of which everybody has one of a few values."""
_FOUND: Final = re.compile(
    rb"zq\d{3}kw|1911-0[1-9]-1[1-9]|1[1-9]-0[1-9]-1911|98765\d{3}\b|9[1-9]{3} ?zq", re.IGNORECASE
)


def canary(column: Column, number: int) -> str:
    """A value that occurs nowhere else, and that the column takes. A new type of column fails here."""
    mark = f"Zq{number:03}kw"
    makers = {
        **dict.fromkeys(("extern_id", "text", "multiline", "category_group", "category"), mark),
        "extern_source": "HR",
        "email": f"{mark}@voorbeeld.example",
        "phone": f"+31 6 98765{number:03}",
        "postal_code": f"9{number:03} ZQ".replace("0", "1"),
        "date": f"1{1 + number % 9}-0{1 + number // 9 % 9}-1911",
        "free_field_definition": f"Vrijveld{mark}",
        **dict.fromkeys(_SHARED, column.choices[0] if column.choices else ""),
    }
    return makers[column.type]


def record(first: int, **given: str) -> dict[str, str]:
    """A person of canaries, with the key and the free fields of all such persons."""
    columns = [column for column in standard().columns if column.block == "person"]
    cells = {column.header: canary(column, first + number) for number, column in enumerate(columns)}
    same = ("PersoonExternId", *(header for header in cells if "Definitie" in header))
    numbers = {column.header: number for number, column in enumerate(columns)}
    return cells | {header: canary(columns[numbers[header]], numbers[header]) for header in same} | given


def traces(home: Path) -> Iterator[str]:
    """Where any of them is: columns of the database, its files, and all files of the home, also within what is
    compressed or encrypted."""
    for model in apps.get_models():
        for row in model._default_manager.values():
            for name, value in row.items():
                if _holds(value if isinstance(value, bytes | memoryview) else str(value).encode()):
                    yield f"{model.__name__}.{name}"
    for session in WebSession.objects.all():
        if _holds(str(SessionStore().decode(session.session_data)).encode()):
            yield "a session"
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM")
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    for path in home.rglob("*"):
        if path.is_file() and _holds(_readable(path)):
            yield path.relative_to(home).as_posix()


def _readable(path: Path) -> bytes:
    """Also of what is encrypted, unless its key is gone: with that of a customer of another test."""
    with suppress(KeyGone):
        return content_of(path)
    return path.read_bytes()


def _holds(content: bytes | memoryview) -> bool:
    content = bytes(content)
    if content[:2] in (b"x\x01", b"x\x9c", b"x\xda"):
        content = zlib.decompressobj().decompress(content)
    if content[:2] == b"PK" and zipfile.is_zipfile(io.BytesIO(content)):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return any(_holds(archive.read(name)) for name in archive.namelist())
    return any(_FOUND.search(text) for text in (content, content.replace(b"\0", b"")))  # UTF-8, UTF-16


def signed_in() -> Client:
    """The browser of the operator."""
    client = Client(SERVER_NAME="localhost")
    client.force_login(User.objects.get(username="operator"))
    return client


def go_every_way(customer: SampleCustomer, run: Run, folder_: Path) -> Delivery:
    """Deliver, look at, change, undo and report the person by each door, until nothing is on its way. Gives the first
    delivery."""
    bram = {"p": "2", "ps": "HR", "surname": "Ander"}
    operator = find.user("operator")
    path = write_csv(folder_ / "personen.csv", [record(0), bram])
    done = run("deliver", path, "--customer", customer.name, "--format", "json")
    run("approve", done.document["id"], "--by", "approver", "--at", "now")
    client = signed_in()
    name = record(0)["PersoonAchternaam"]
    assert name.encode() in client.post(f"/customers/{customer.name}/live/search", {"q": name}, follow=True).content
    changed = folder_ / "anders.xlsx"
    cells = [record(200), {"PersoonExternId": "2", "PersoonExternSource": "HR", "PersoonAchternaam": "Ander"}]
    write_records(changed, "xlsx", standard(), [[one.get(head, "") for head in standard().headers] for one in cells])
    token = api_tokens.add(customer.record, "HR", ["deliver"], by=operator).secret
    program = Client(SERVER_NAME="localhost", headers={"authorization": f"Bearer {token}"})
    upload = {"file": SimpleUploadedFile(changed.name, changed.read_bytes())}
    answer = program.post(f"/api/v1/customers/{customer.name}/deliveries", upload)
    assert answer.status_code == 201
    second = customer.approve(customer.carry_on(Delivery.objects.get(pk=answer.json()["id"])), at="now")
    customer.undo(second)
    account = accounts.add("hr", customer.record, "een-lang-woord-7", by=operator)
    faults = write_csv(folder_ / "fout.csv", [record(400, PersoonGeboortedatum="Zq999kw"), bram])
    rejected = customer.carry_on(receive(faults, customer.record, by=account))
    shown = AccountFolders(folder(), account.pk.hex)
    shown.make()
    (shown.folder / "fout.csv").write_bytes(faults.read_bytes())
    assert rejected.state == "rejected"
    reports.make_asked()
    answer_all(folder())
    for kind, suffixes in SUFFIXES.items():
        for suffix in suffixes:
            reports.make(Report(rejected, kind, suffix, "en"), 5)
    for page in (f"deliveries/{second.pk}/plan", f"deliveries/{rejected.pk}", f"deliveries/{second.pk}"):
        assert client.get(f"/customers/{customer.name}/{page}").status_code == 200
    person_document(customer.record, record(0)["PersoonExternId"], None, "nl", by=operator)
    return Delivery.objects.get(pk=done.document["id"])


@pytest.mark.slow
def test_nothing_is_left_of_who_is_gone_when_all_times_are_over(run: Run, tmp_path: Path, instroom_home: Path) -> None:
    customer = SampleCustomer()
    first = go_every_way(customer, run, tmp_path)
    customer.undo(first)
    customer.days_pass(6 * 366)
    WebSession.objects.update(expire_date=timezone.now())
    clean()
    later = time.time() + 6 * 366 * 86_400
    with pytest.MonkeyPatch.context() as clock:
        clock.setattr(time, "time", lambda: later)  # by which files are judged
        tidy(folder(), 86_400, is_kept_answer)
    assert " ".join(sorted(set(traces(instroom_home)))) == ""


def test_nothing_is_left_of_who_is_erased(
    run: Run, tmp_path: Path, instroom_home: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    customer = SampleCustomer()
    first = go_every_way(customer, run, tmp_path)
    before = set(traces(instroom_home))
    assert {"Person.surname", "Person.free_fields"} <= before, "the test sees what is there"
    erase(customer.record, record(0)["PersoonExternId"], "HR", "Op verzoek", by=find.user("operator"))
    reports.make_asked()
    assert " ".join(sorted(set(traces(instroom_home)))) == ""
    assert not _FOUND.search(caplog.text.encode())
    shown = run("show", str(first.pk), "--changes", "--lang", "en").out
    assert "Person no longer known (HR): new" in shown
    assert (
        "niet meer bekend" in signed_in().get(f"/customers/{customer.name}/deliveries/{first.pk}/plan").content.decode()
    )
