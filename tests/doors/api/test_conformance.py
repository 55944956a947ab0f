"""The API against its own document: schemathesis makes calls up, sound and unsound ones, against the real server."""

import os
from collections.abc import Iterator
from threading import Event, Thread
from typing import Any
from uuid import UUID

import pytest
import schemathesis
from django.db import connection
from hypothesis import HealthCheck, assume, settings
from tests.doors.api.programs import token_of
from tests.doors.web.web_customer import ANNA, BAD_DATE, BRAM, COMPANY, WebCustomer
from tests.serving import serving
from tests.waiting import until

from instroom.doors.api.openapi import document
from instroom.flow import find
from instroom.flow.delivery.advance import advance_all
from instroom.flow.delivery.decide import approve
from instroom.flow.delivery.receive import receive
from instroom.flow.delivery.reports import make_asked
from instroom.store.models import AttemptCounter, RepeatKey

pytestmark = pytest.mark.slow

LEFT_OUT = ("cursor", "wait")
"""A cursor cannot be made up, and nothing happens that is worth a wait of a minute."""
EXAMPLES = int(os.environ.get("INSTROOM_TEST_API_EXAMPLES", "60"))
IMPORTED, WAITING, REJECTED = (UUID(f"0193e7a0-0000-7000-8000-00000000000{number}") for number in (1, 2, 3))


def document_with_names() -> dict[str, Any]:
    """The document, in which the names of what exists stand in the place of any name."""
    known = {"customer": ["ons"], "delivery_id": [str(one) for one in (IMPORTED, WAITING, REJECTED)]}
    made = document()
    for operations in made["paths"].values():
        for operation in operations.values():
            operation["parameters"] = [one for one in operation["parameters"] if one["name"] not in LEFT_OUT]
            for parameter in operation["parameters"]:
                if parameter["name"] in known:
                    parameter["schema"] = {"type": "string", "enum": known[parameter["name"]]}
    for answer in made["components"]["schemas"].values():
        if "properties" in answer:
            answer["additionalProperties"] = False  # what we answer now, the document names
    return made


schema = schemathesis.openapi.from_dict(document_with_names())


@pytest.fixture
def deliveries(customer: WebCustomer) -> None:
    """One in live, one that waits for approval with a finding, one that was rejected."""
    by = f"{customer.name}-supplier"
    first = receive(customer.file(ANNA | COMPANY), find.customer(customer.name), by=find.user(by), known_as=IMPORTED)
    advance_all()
    first.refresh_from_db()
    approve(first, by=find.user("ons-approver"))
    skip = {"on_error": "skip", "skip_limit_percent": 60}
    receive(
        customer.file(BRAM, BAD_DATE), find.customer(customer.name), by=find.user(by), known_as=WAITING, policies=skip
    )
    receive(customer.file(BAD_DATE), find.customer(customer.name), by=find.user(by), known_as=REJECTED)
    advance_all()


@pytest.fixture
def address() -> Iterator[str]:
    """Where `instroom web` listens; the reports that it is asked for are made beside it."""
    stop = Event()

    def make_reports() -> None:
        while not stop.wait(0.1):
            make_asked()
        connection.close()

    worker = Thread(target=make_reports)
    worker.start()
    try:
        with serving("web", quiet=True) as address:
            yield address
    finally:
        stop.set()
        worker.join()


@pytest.fixture
def token(customer: WebCustomer) -> str:
    """That of an operator."""
    return token_of(customer, "operator")


def vanishes(case: schemathesis.Case) -> bool:
    """Whether a value that should make the call unsound is not in the address: of an empty list nothing is sent."""
    return any(value is None or value in ([], {}) for value in (case.query or {}).values())


def asks_to_come_again(case: schemathesis.Case, address: str, headers: dict[str, str]) -> bool:
    """Whether the file that is asked for is still being made. Beside other work that takes longer than a call waits,
    and the document says so; schemathesis takes every 503 for a fault."""
    if case.operation.definition.raw["operationId"] != "download_answer":
        return False
    answer = case.call(base_url=address, headers=headers)
    return answer.status_code == 503 and answer.json()["type"] == "urn:instroom:problem:being-made"


@schema.parametrize()
@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
def test_each_operation_does_what_the_document_says(
    case: schemathesis.Case, address: str, deliveries: None, token: str
) -> None:
    AttemptCounter.objects.all().delete()  # those that schemathesis tries
    assume(not vanishes(case))
    RepeatKey.objects.all().delete()  # it sends the same one with other files
    headers = {"Authorization": f"Bearer {token}"}
    until(lambda: not asks_to_come_again(case, address, headers))
    case.call_and_validate(base_url=address, headers=headers)
