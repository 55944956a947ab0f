"""The time that pages take in the server: `pages CLEAN FAULTY`, in the filled store of this process.

CLEAN is delivered and waits for approval: the pages of its plan are measured. FAULTY is rejected: the pages of its
answer are. The others are searches and dossiers in the whole store. Each page is requested many times, with other words
each time.
"""

import gc
import json
import random
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from instroom.config import setup

setup()

from django.core.checks.urls import check_resolver  # noqa: E402 (Django is loaded above)
from django.test import Client  # noqa: E402
from django.urls import get_resolver  # noqa: E402

from instroom.flow import find  # noqa: E402
from instroom.flow.delivery.advance import advance_all  # noqa: E402
from instroom.flow.delivery.receive import receive  # noqa: E402
from instroom.store.models import Delivery, Environment, Person, User  # noqa: E402

TIMES = 60
_LIVE = "/customers/demo/live"
_SAMPLE = 500


def delivered(file: Path) -> Delivery:
    """Deliver a file, and advance it as far as it goes without a person."""
    delivery = receive(file, find.customer("demo"), by=find.user("operator"))
    advance_all()
    delivery.refresh_from_db()
    return delivery


class Asked(NamedTuple):
    """What a browser asks for: an address, and the form that it sends there where it searches."""

    address: str
    form: dict[str, str] | None = None


def asked_of(clean: Delivery, faulty: Delivery) -> dict[str, Iterator[Asked]]:
    """What is asked of each page by its name, with other words each time."""
    live = Environment.objects.get(name=Environment.LIVE, customer=clean.customer)
    some = list(Person.objects.filter(environment=live, company__isnull=False)[:_SAMPLE])
    chosen = random.Random(2026)  # noqa: S311 (the same pages at each run)
    plan, answer = f"/customers/demo/deliveries/{clean.pk}/plan", f"/customers/demo/deliveries/{faulty.pk}"
    search = f"{_LIVE}/search"

    def of(make: Callable[[Person], str], page: str = "", field: str = "") -> Iterator[Asked]:
        """Addresses, or words for the field of a page's form."""
        while True:
            made = make(chosen.choice(some))
            yield Asked(page, {field: made}) if page else Asked(made)

    return {
        "the plan, page by page": of(lambda _: f"{plan}?page={chosen.randint(1, 400)}"),
        "the plan, searched by name": of(lambda one: one.surname, plan, "text"),
        "the plan, of one kind": of(lambda _: f"{plan}?what=new&kind=person&page={chosen.randint(1, 300)}"),
        "the answer with its findings": of(lambda _: f"{answer}?page={chosen.randint(1, 20)}"),
        "the deliveries": of(lambda _: "/customers/demo/deliveries"),
        "search by surname": of(lambda one: one.surname, search, "q"),
        "search by a whole name": of(lambda one: f"{one.first_name} {one.surname}", search, "q"),
        "search by key": of(lambda one: one.extern_id, search, "q"),
        "search by e-mail address": of(lambda one: one.home_email or one.work_email, search, "q"),
        "search by postal code": of(lambda one: one.home_address_postal_code, search, "q"),
        "a person": of(lambda one: f"{_LIVE}/person/{one.pk}"),
        "a company": of(lambda one: f"{_LIVE}/company/{one.company_id}"),
    }


def ask(client: Client, asked: Iterator[Asked]) -> list[float]:
    """The sorted seconds of TIMES answers, a form's with the page that follows it; one more, before them, is not
    counted."""
    found = []
    for _ in range(TIMES + 1):
        page, form = next(asked)
        start = time.perf_counter()
        response = client.get(page) if form is None else client.post(page, form, follow=True)
        found.append(time.perf_counter() - start)
        assert response.status_code == 200, response.status_code
    return sorted(found[1:])


def main(clean: str, faulty: str) -> None:
    """Print the p50 and p95 of each page in seconds."""
    pages = asked_of(delivered(Path(clean)), delivered(Path(faulty)))
    client = Client(SERVER_NAME="localhost")
    client.force_login(User.objects.get(username="operator"))
    check_resolver(get_resolver())  # as the server does at its start
    gc.collect()
    gc.freeze()
    took = {name: ask(client, asked) for name, asked in pages.items()}
    times = {name: [statistics.median(found), found[int(TIMES * 0.95)]] for name, found in took.items()}
    print(json.dumps({"seconds": sum(map(sum, took.values())), "pages": times}))


if __name__ == "__main__":
    main(*sys.argv[1:])
