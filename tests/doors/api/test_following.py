"""How a program follows deliveries: what their document says, the filters of the list, and waiting for a change."""

import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote

import pytest
from django.db import connection
from tests.doors.api.programs import deliver, program, token_of
from tests.doors.web.web_customer import ANNA, BRAM, WebCustomer

from instroom.core.errors import NotAllowed
from instroom.doors.api import long_poll
from instroom.flow import find
from instroom.flow.connections import connections
from instroom.flow.delivery.advance import advance_all
from instroom.flow.delivery.decide import approve, refuse
from instroom.store.models import Delivery

DELIVERIES = "/api/v1/customers/ons/deliveries"
NOTHING = dict.fromkeys(("records", "companies", "persons", "errors", "warnings", "notices"), 0)


def in_a_while(do: Callable[[], object]) -> threading.Thread:
    """Do it half a second from now."""

    def later() -> None:
        time.sleep(0.5)
        do()
        connection.close()

    thread = threading.Thread(target=later)
    thread.start()
    return thread


def test_the_document_of_a_delivery_is_the_same_from_the_start(customer: WebCustomer) -> None:
    client = program(token_of(customer, "operator"))
    received = deliver(client, customer, customer.file(ANNA).read_bytes()).json()
    assert (received["counts"], received["finished_at"]) == (NOTHING, None)
    assert received["sha256"] == Delivery.objects.get().sha256
    assert received["received_at"] <= received["changed_at"]
    advance_all()
    refuse(Delivery.objects.get(), "Nee.", by=find.user("ons-approver"))
    ended = client.get(f"{DELIVERIES}/{received['id']}").json()
    assert list(ended) == list(received)
    assert ended["counts"] == NOTHING | {"records": 1, "persons": 1}
    assert received["changed_at"] < ended["changed_at"]
    assert ended["finished_at"] is not None


def test_a_list_is_filtered(customer: WebCustomer) -> None:
    client = program(token_of(customer, "operator"))
    connections.add("nacht", find.customer("ons"), by=find.user("ons-operator"))
    first = deliver(client, customer, customer.file(ANNA).read_bytes(), "Cafe\u0301.csv", connection="nacht").json()
    second = deliver(client, customer, customer.file(BRAM).read_bytes()).json()

    def listed(**filters: str) -> list[str]:
        return [one["id"] for one in client.get(DELIVERIES, filters).json()["deliveries"]]

    assert listed() == [second["id"], first["id"]]
    assert listed(connection="nacht") == listed(file="CAF\u00c9.csv ") == [first["id"]]
    assert listed(since=first["changed_at"]) == [second["id"]]
    assert listed(since=second["changed_at"], state="received") == []
    assert client.get(f"{DELIVERIES}?since={first['changed_at']}").json()["deliveries"][0]["id"] == second["id"]
    advance_all()
    assert len(listed(since=second["changed_at"])) == 2


@pytest.mark.parametrize(
    ("query", "status"),
    [("since=2030-01-31", 422), ("since=2030-01-31T20:00:00", 422), ("connection=geen", 404), ("wait=61", 422),
     ("wait=-1", 422), ("file=%00", 422), ("state=klaar", 422)],
)  # fmt: skip
def test_a_filter_that_cannot_be(customer: WebCustomer, query: str, status: int) -> None:
    response = program(token_of(customer, "reader")).get(f"{DELIVERIES}?{query}")
    assert (response.status_code, response.headers["Content-Type"]) == (status, "application/problem+json")


def test_a_program_waits_until_we_are_not_at_work_on_a_delivery(customer: WebCustomer) -> None:
    client = program(token_of(customer, "operator"))
    number = deliver(client, customer, customer.file(ANNA).read_bytes()).json()["id"]
    thread = in_a_while(advance_all)
    assert client.get(f"{DELIVERIES}/{number}?wait=30").json()["state"] == "awaiting-approval"
    thread.join()


def test_a_program_waits_for_another_state_than_it_knows(customer: WebCustomer) -> None:
    client, delivery = program(token_of(customer, "operator")), customer.deliver(ANNA)
    address = f"{DELIVERIES}/{delivery.pk}?wait=30"
    assert client.get(f"{address}&state=training").json()["state"] == "awaiting-approval"
    thread = in_a_while(lambda: refuse(delivery, "Nee.", by=find.user("ons-approver")))
    assert client.get(f"{address}&state=awaiting-approval").json()["state"] == "refused"
    thread.join()


def test_a_program_waits_for_a_delivery_that_matches(customer: WebCustomer) -> None:
    client = program(token_of(customer, "operator"))
    assert client.get(f"{DELIVERIES}?wait=1").json()["deliveries"] == []
    since = quote(datetime.now().astimezone().isoformat())
    thread = in_a_while(lambda: customer.deliver(ANNA))
    found = client.get(f"{DELIVERIES}?wait=30&state=awaiting-approval&since={since}").json()["deliveries"]
    assert [one["state"] for one in found] == ["awaiting-approval"]
    thread.join()


def test_waiting_ends(customer: WebCustomer) -> None:
    client, delivery = program(token_of(customer, "reader")), customer.deliver(ANNA)
    begun = time.monotonic()
    assert client.get(f"{DELIVERIES}/{delivery.pk}?wait=1&state=awaiting-approval").status_code == 200
    assert timedelta(seconds=time.monotonic() - begun) >= timedelta(seconds=1)


def test_where_many_wait_the_answer_comes_at_once() -> None:
    asked: list[Any] = []
    release = threading.Event()
    waiting = [
        threading.Thread(target=long_poll.wait_until, args=(lambda: asked.append(1) or release.is_set(), 30))
        for _ in range(long_poll.PLACES)
    ]
    for thread in waiting:
        thread.start()
    while len(asked) < 2 * long_poll.PLACES:
        time.sleep(0.1)
    begun = time.monotonic()
    long_poll.wait_until(lambda: False, 30)
    assert time.monotonic() - begun < 5
    release.set()
    for thread in waiting:
        thread.join()


def test_who_comes_second_is_told_who_was_first(customer: WebCustomer) -> None:
    """Also where they have read what was no longer so, as in a race."""
    client, delivery = program(token_of(customer, "operator", "approve", "refuse")), customer.deliver(ANNA)
    approve(find.delivery(str(delivery.pk)), by=find.user("ons-approver"))
    for decision, body in (("approve", {"digest": "0" * 64}), ("refuse", {"reason": "Nee."})):
        response = client.post(f"{DELIVERIES}/{delivery.pk}/{decision}", body, "application/json")
        assert response.status_code == 409
        assert response.json()["detail"].startswith("ons-approver has already approved this delivery, at ")
    with pytest.raises(NotAllowed, match=r"already approved|al akkoord"):
        refuse(delivery, "Nee.", by=find.user("ons-operator"))  # read before
    with pytest.raises(NotAllowed, match=r"already approved|al akkoord"):
        approve(delivery, by=find.user("ons-operator"))


def test_what_went_wrong_is_told_and_tried_again(customer: WebCustomer) -> None:
    delivery = customer.deliver(ANNA)
    address = f"/api/v1/customers/{customer.name}/deliveries/{delivery.pk}"
    operator = program(token_of(customer, "operator", "read", "retry"))
    assert operator.get(address).json()["trouble"] is None
    facts = {"error": "ValueError", "place": "instroom.core.pipeline:1"}
    Delivery.objects.filter(pk=delivery.pk).update(
        state="failed", reason="internal", cause="internal", cause_facts=facts, failures=5
    )
    trouble = operator.get(address).json()["trouble"]
    sentences = trouble.pop("sentence")
    assert trouble == {"cause": "internal", "facts": facts, "tries": 5, "again_at": None}
    assert sentences["en"].endswith("(ValueError, instroom.core.pipeline:1)")
    assert sentences["nl"].startswith("In Instroom zelf")
    assert operator.post(f"{address}/retry").json()["state"] == "received"
    assert operator.post(f"{address}/retry").status_code == 409
