"""Long lists come in pages."""

import re
from datetime import UTC, datetime
from typing import Any

from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.doors.api.programs import program, token_of
from tests.doors.web.web_customer import ANNA, WebCustomer

from instroom.flow import find
from instroom.flow.delivery.receive import receive
from instroom.store.models import Delivery


def all_of(client: Client, address: str, name: str) -> list[Any]:
    """The items of all pages, by the Link header."""
    found: list[Any] = []
    while True:
        response = client.get(address)
        assert response.status_code == 200, response.content
        found += response.json()[name]
        link = re.fullmatch('<(.+)>; rel="next"', response.headers.get("Link", ""))
        assert (link is None) == (response.json()["next"] is None)
        if link is None:
            return found
        address = link[1]


def test_deliveries_one_by_one(customer: WebCustomer) -> None:
    made = [str(receive(customer.file(ANNA), find.customer("ons"), by=find.user("ons-supplier")).pk) for _ in range(5)]
    client, base = program(token_of(customer, "reader")), "/api/v1/customers/ons/deliveries"
    for limit in (1, 2, 5, 6, 200):
        assert [one["id"] for one in all_of(client, f"{base}?limit={limit}", "deliveries")] == made[::-1]
    later = datetime(2030, 1, 31, 9, 31, tzinfo=UTC)
    Delivery.objects.filter(pk=made[0]).update(state="rejected", cause="memory", try_again_at=later)
    assert [one["trouble"] and one["trouble"]["again_at"] for one in all_of(client, base, "deliveries")] == [
        *[None] * 4, "2030-01-31T10:31:00+01:00",
    ]  # fmt: skip
    assert [one["id"] for one in all_of(client, f"{base}?state=rejected&limit=1", "deliveries")] == made[:1]
    assert all_of(client, f"{base}?state=imported", "deliveries") == []


def test_what_comes_in_meanwhile_moves_nothing(customer: WebCustomer) -> None:
    made = [str(receive(customer.file(ANNA), find.customer("ons"), by=find.user("ons-supplier")).pk) for _ in range(3)]
    client, base = program(token_of(customer, "reader")), "/api/v1/customers/ons/deliveries"
    first = client.get(f"{base}?limit=2").json()
    receive(customer.file(ANNA), find.customer("ons"), by=find.user("ons-supplier"))
    second = client.get(base, {"cursor": first["next"]}).json()
    assert [one["id"] for one in first["deliveries"] + second["deliveries"]] == made[::-1]


def test_a_long_list_takes_as_many_questions_as_a_short_one(customer: WebCustomer) -> None:
    from django.db import connection

    client, base = program(token_of(customer, "reader")), "/api/v1/customers/ons/deliveries"
    customer.deliver(ANNA)
    client.get(base)
    counts = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as asked:
            client.get(base)
        counts.append(len(asked))
        customer.deliver(ANNA)
        customer.deliver(ANNA)
    assert counts[0] == counts[1] <= 6


def test_findings_and_changes_in_pages(customer: WebCustomer) -> None:
    wrong = [ANNA | {"PersoonExternId": f"W-{one}", "PersoonGeboortedatum": "31-02-1980"} for one in range(7)]
    right = [ANNA | {"PersoonExternId": f"R-{one}"} for one in range(7)]
    delivery = customer.deliver(*wrong, *right, on_error="skip", skip_limit_percent=60)  # type: ignore[arg-type]
    client, base = program(token_of(customer, "reader")), f"/api/v1/customers/ons/deliveries/{delivery.pk}"
    rows = [one["row"] for one in all_of(client, f"{base}/findings?limit=3&code=value-date", "findings")]
    assert rows == [2, 3, 4, 5, 6, 7, 8]
    assert client.get(f"{base}/findings?severity=error&column=PersoonGeboortedatum&limit=1").json()["total"] == 7
    assert client.get(f"{base}/findings?code=geen").json() == {"total": 0, "findings": [], "next": None}
    names = [one["extern_id"] for one in all_of(client, f"{base}/plan?limit=2", "changes")]
    assert names == [f"R-{one}" for one in range(7)]
    assert client.get(f"{base}/plan?text=R-3").json()["total"] == 1
    assert client.get(f"{base}/plan?change=unlinked").json()["changes"] == []
    assert len(all_of(client, f"{base}/plan?environment=training&kind=person&change=new&limit=4", "changes")) == 7


def test_a_cursor_of_another_plan_is_refused(customer: WebCustomer) -> None:
    one, two = (customer.deliver(ANNA, ANNA | {"PersoonExternId": "P-2"}) for _ in range(2))
    client, base = program(token_of(customer, "reader")), "/api/v1/customers/ons/deliveries"
    cursor = client.get(f"{base}/{one.pk}/plan?limit=1").json()["next"]
    assert client.get(f"{base}/{one.pk}/plan", {"cursor": cursor}).status_code == 200
    assert client.get(f"{base}/{two.pk}/plan", {"cursor": cursor}).status_code == 422
    assert client.get(f"{base}/{one.pk}/findings", {"cursor": cursor}).status_code == 422
