"""A small file with hundreds of thousands of findings: what a look at it costs, and what is said of it."""

import tracemalloc
from collections.abc import Callable

from django.http import HttpResponse
from tests.doors.api.programs import program, token_of
from tests.doors.web.web_customer import ANNA, WebCustomer

from instroom.core.findings import finding
from instroom.core.findings.collected import KEPT_WHOLE, MOST_OF_GROUP
from instroom.core.layout.standard import standard
from instroom.store.models import Delivery, KeptFindings
from instroom.store.sql import findings

RECORDS, COLUMNS, CODES = 1_100, 20, ("value-excel-error", "value-whitespace")
MOST_BYTES = 4_000_000
"""Of memory, for a look."""


def test_a_look_at_very_many_findings_reads_few_of_them(customer: WebCustomer) -> None:
    """Each of these took more than ten megabytes when all findings were unpacked for it."""
    supplier, columns = customer.signed_in("supplier"), standard().headers[:COLUMNS]
    delivery = customer.deliver(ANNA)
    found = (
        finding(code, row, column, "#N/A") for row in range(2, RECORDS + 2) for column in columns for code in CODES
    )
    KeptFindings.objects.all().delete()
    findings.keep(delivery, found, KEPT_WHOLE + 1)
    Delivery.objects.update(counts={**delivery.counts, "errors": RECORDS * COLUMNS})

    page = f"/customers/ons/deliveries/{delivery.pk}"
    one = f"?code=value-excel-error&column={columns[3]}"
    shown = [
        _cheap(lambda address=address: supplier.get(address))
        for address in (page, f"{page}/progress", f"{page}{one}&page=9")
    ]
    assert all(response.status_code == 200 for response in shown)
    said = f"{RECORDS:,} found. {MOST_OF_GROUP:,} of these are listed, here and in the reports"
    assert said in shown[2].content.decode()

    client, base = program(token_of(customer, "reader")), f"/api/v1{page}/findings"
    listed = _cheap(lambda: client.get(f"{base}?limit=1")).json()
    assert (listed["total"], listed["listed"]) == (2 * COLUMNS * RECORDS, 2 * COLUMNS * MOST_OF_GROUP)
    filtered = _cheap(lambda: client.get(f"{base}{one}&limit=1")).json()
    assert (filtered["total"], filtered["listed"]) == (RECORDS, MOST_OF_GROUP)


def _cheap(look: Callable[[], HttpResponse]) -> HttpResponse:
    """What a look gives, which takes little memory."""
    look()
    tracemalloc.start()
    try:
        given = look()
        assert tracemalloc.get_traced_memory()[1] < MOST_BYTES
    finally:
        tracemalloc.stop()
    return given
