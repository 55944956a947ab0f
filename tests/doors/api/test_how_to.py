"""The examples of docs/how-to/use-the-api.md do what the page says."""

import json
import re
import shlex
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests.doors.api.programs import program, token_of
from tests.doors.web.web_customer import ANNA, BAD_DATE, BRAM, COMPANY, WebCustomer, add_web_customer

from instroom.doors.api.problems import KINDS
from instroom.flow.delivery.advance import advance_all
from instroom.flow.delivery.reports import make_asked
from instroom.store.models import Plan, User

PAGE = Path(__file__).parents[3] / "docs" / "how-to" / "use-the-api.md"
API = "/api/v1"


def curl(line: str, token: str, number: str, digest: str, folder: Path) -> Any:
    """What curl would do, by Django's client: the options that the page uses, and no others."""
    for name, value in {"$TOKEN": token, "$API": API, "$ID": number, "$DIGEST": digest}.items():
        line = line.replace(name, value)
    words = shlex.split(line)[1:]
    headers, form, content, address, method = {}, {}, None, "", "post"
    client = Client(SERVER_NAME="localhost")
    while words:
        word = words.pop(0)
        if word == "-H":
            name, _, value = words.pop(0).partition(": ")
            headers[name] = value
        elif word == "-F":
            name, _, path = words.pop(0).partition("=@")
            form[name] = SimpleUploadedFile(path, (folder / path).read_bytes())
        elif word == "--json":
            content = words.pop(0)
        elif word == "-X":
            method = words.pop(0).lower()
        elif word == "-o":
            words.pop(0)
        else:
            assert not word.startswith("-"), word
            address = word
    if content is not None:
        return getattr(client, method)(address, json.loads(content), "application/json", headers=headers)
    return client.post(address, form, headers=headers) if form else client.get(address, headers=headers)


def test_each_example_is_answered(tmp_path: Path) -> None:
    customer = add_web_customer("demo", tmp_path)
    customer.file(ANNA | COMPANY, BRAM, name="personen.csv")
    customer.import_in_live(ANNA | COMPANY)
    numbers = iter([customer.deliver(BRAM, BAD_DATE, on_error="skip", skip_limit_percent=60) for _ in range(2)])  # type: ignore[arg-type]
    token, number, answers = token_of(customer, "operator"), "", {}
    reader = str(User.objects.get(username="demo-reader").pk)
    for line in re.findall(r"^\$ (curl .+)$", PAGE.read_text(encoding="utf-8"), re.MULTILINE):
        number = str(next(numbers).pk) if "/approve" in line or "/refuse" in line else number
        digest = Plan.objects.filter(delivery=number, environment__name="live").latest("pk").digest if number else ""
        response = curl(line.replace("$USER_ID", reader), token, number, digest, tmp_path)
        if response.status_code == 503:  # a report, which the worker makes
            assert make_asked() > 0
            response = curl(line, token, number, digest, tmp_path)
        response.close()
        assert response.status_code in (200, 201), (line, response)
        if response.status_code == 201 and line.endswith('/deliveries"'):
            number = response.json()["id"]
            advance_all()
        answers[line] = response
    assert len(answers) == 18


def test_each_problem_is_in_the_table() -> None:
    table = re.findall(r"^\| (\d+) \| (.+?) \|", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    told = {(kind, int(status)) for status, cell in table for kind in re.findall(r"`([a-z-]+)`", cell)}
    assert told == {(name, kind.status) for name, kind in KINDS.items()}


def test_a_program_finds_the_document_without_a_token(customer: WebCustomer) -> None:
    response = program().get(f"{API}/openapi.json")
    assert response.json()["openapi"] == "3.1.0"
    kept = PAGE.parents[1] / "reference" / "openapi.json"
    assert response.content == kept.read_bytes()
