"""The time that the overview takes in the server: `overview CUSTOMERS`, in an empty store, which it fills with rows."""

import json
import random
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from itertools import count
from uuid import UUID

from instroom.config import setup

setup()

from django.core.checks.urls import check_resolver  # noqa: E402 (Django is loaded above)
from django.db import connection, models, transaction  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402
from django.urls import get_resolver  # noqa: E402
from django.utils import timezone  # noqa: E402

from instroom.flow import find  # noqa: E402
from instroom.flow.queries.operator_overview import operated_customers  # noqa: E402
from instroom.flow.queries.to_do.to_do_list import to_do_of_operator  # noqa: E402
from instroom.store.ids import first_id_at  # noqa: E402
from instroom.store.models import (  # noqa: E402
    Connection,
    ConnectionRun,
    Customer,
    Delivery,
    Environment,
    FileAccount,
    Mail,
    Role,
    User,
    Webhook,
    WebhookCall,
)

NIGHTS, DELIVERIES, MESSAGES = 30, 100, 50  # of each customer
TIMES = 15
_PATTERNS = 10  # of a hundred customers: the first is well, as all behind the tenth; each other has its trouble
_chosen = random.Random(2026)  # noqa: S311 (the same rows at each run)
_counter = count(1)
_NOW = timezone.now().replace(microsecond=0)


def id_at(moment: datetime) -> UUID:
    """A UUIDv7 of that moment that no other row has."""
    return UUID(int=first_id_at(moment).int | 2**62 | next(_counter))


def keep(model: type[models.Model], rows: Iterator[models.Model]) -> None:
    model._default_manager.bulk_create(rows, batch_size=2000)


def fill(customers: int) -> None:
    """Of every hundred customers one has trouble of each kind; the others are well."""
    operator = User.objects.get(username="operator")
    approver = User.objects.get(username="approver")
    User.objects.update(email="iemand@voorbeeld.example")
    made = [Customer(name=f"klant-{number}", title=f"Klant {number}") for number in range(customers)]
    with transaction.atomic():
        keep(Customer, iter(made))
        places = (Environment.TRAINING, Environment.LIVE)
        keep(Environment, (Environment(customer=one, name=name) for one in made for name in places))
        people = ((operator, Role.OPERATOR), (approver, Role.APPROVER))
        keep(Role, (Role(customer=one, user=user, name=name) for one in made for user, name in people))
        accounts = [FileAccount(customer=one, name=f"hr-{one.name}", password="!", made_at=_NOW) for one in made]  # noqa: S106
        keep(FileAccount, iter(accounts))
        connections = [
            Connection(
                customer=one, name="nacht", account=accounts[at], file_name="personen.csv", schedule="daily 01:00",
                trouble=("missing" if at % 100 == 1 else "late" if at % 100 == 2 else ""),
                paused_at=_NOW if at % 100 == 3 else None,
            )
            for at, one in enumerate(made)
        ]  # fmt: skip
        keep(Connection, iter(connections))
        hooks = [
            Webhook(customer=one, name="adm", address="https://x.example/", events=[], made_at=_NOW) for one in made
        ]
        keep(Webhook, iter(hooks))
        first = range(min(_PATTERNS, customers))
        keep(Delivery, (one for at in first for one in deliveries_of(at, connections[at])))
        keep(ConnectionRun, (one for at in first for one in runs_of(at, connections[at])))
        keep(WebhookCall, (call_of(hooks[at], night, at) for at in first for night in range(MESSAGES)))
        keep(Mail, (mail_of(made[at], night, at) for at in first for night in range(MESSAGES)))
        for at in first:
            alike = range(at + 100, customers, 100) if at else [n for n in range(1, customers) if n % 100 not in first]
            for model, column, owners in (
                (Delivery, "connection_id", connections), (ConnectionRun, "connection_id", connections),
                (WebhookCall, "webhook_id", hooks), (Mail, "customer_id", made),
            ):  # fmt: skip
                multiply(model, column, owners[at], [owners[one] for one in alike])
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE" if connection.vendor == "sqlite" else "VACUUM ANALYZE")


def multiply(model: type[models.Model], column: str, owner: models.Model, others: list[models.Model]) -> None:
    """Copy the rows of one owner to others, by one statement: Django makes 200,000 in minutes. Ids keep their time."""
    table, owner_table = model._meta.db_table, owner._meta.db_table
    is_sqlite = connection.vendor == "sqlite"
    old = "t.id" if is_sqlite else "replace(t.id::text, '-', '')"
    low = "lower(hex(randomblob(8)))" if is_sqlite else "substr(md5(random()::text), 1, 16)"
    new = f"substr({old}, 1, 16) || {low}"
    values = {"id": new if is_sqlite else f"({new})::uuid", column: "o.id"}
    if column == "connection_id" and model is Delivery:
        values["customer_id"] = "o.customer_id"
    columns = [field.column for field in model._meta.concrete_fields]
    wanted = ", ".join(values.get(name, f't."{name}"') for name in columns)
    named = ", ".join(f'"{name}"' for name in columns)
    for begin in range(0, len(others), 500):
        ids = [one.pk.hex if is_sqlite else one.pk for one in others[begin : begin + 500]]
        places = ", ".join(["%s"] * len(ids))
        with connection.cursor() as cursor:
            cursor.execute(
                f'INSERT INTO "{table}" ({named}) SELECT {wanted} FROM "{table}" t CROSS JOIN "{owner_table}" o '  # noqa: S608
                f'WHERE t."{column}" = %s AND o.id IN ({places})',
                [owner.pk.hex if is_sqlite else owner.pk, *ids],
            )


def deliveries_of(at: int, one: Connection) -> Iterator[Delivery]:
    """The last one of each customer ends as the others do, but for those that have trouble."""
    last = {4: "rejected", 5: "failed", 6: "held", 7: "awaiting-approval"}.get(at % 100, "imported")
    for night in range(DELIVERIES):
        came = _NOW - timedelta(days=DELIVERIES - night, minutes=_chosen.randrange(60))
        state = last if night == DELIVERIES - 1 else _chosen.choice(["imported"] * 9 + ["rejected"])
        yield Delivery(
            id=id_at(came), customer_id=one.customer_id, number=night + 1, connection=one, state=state, bytes=1000,
            file_name="personen.csv", file_name_key="personen.csv", layout="standard/1", received_at=came,
            changed_at=came - timedelta(days=4), finished_at=came, counts={"records": 100, "errors": 2},
            step_seconds={"checking": 0.2, "training": 0.3, "importing": 0.2},
        )  # fmt: skip


def runs_of(at: int, one: Connection) -> Iterator[ConnectionRun]:
    bad = {1: "missing", 2: "late"}.get(at % 100, "taken")
    for night in range(-1, NIGHTS - 1):
        due = _NOW - timedelta(days=night, hours=1)
        state = "waiting" if night < 0 else bad if night == 0 else "taken"
        yield ConnectionRun(connection=one, local_date=due.date(), due_at=due, state=state, open=night <= 0)


def call_of(hook: Webhook, night: int, at: int) -> WebhookCall:
    made, bad = _NOW - timedelta(days=night), night == 0 and at % 100 == 8
    return WebhookCall(
        id=id_at(made), webhook=hook, event="delivery.imported", body="{}", made_at=made, asked_at=made, due_at=made,
        attempts=1, delivered_at=None if bad else made, given_up_at=made if bad else None,
    )  # fmt: skip


def mail_of(one: Customer, night: int, at: int) -> Mail:
    made, bad = _NOW - timedelta(days=night), night == 0 and at % 100 == 9
    return Mail(
        id=id_at(made), customer=one, kind="imported", to="iemand@voorbeeld.example", language="nl", subject="",
        text="kort", html="", made_at=made, due_at=made, sent_at=None if bad else made,
        given_up_at=made if bad else None,
    )  # fmt: skip


def took(ask: Callable[[], object]) -> dict[str, float]:
    """In milliseconds, of TIMES answers; one more, before them, is not counted. `cpu` is of this process alone."""
    found, cpu = [], []
    for _ in range(TIMES + 1):
        start, used = time.perf_counter(), time.process_time()
        ask()
        found.append(1000 * (time.perf_counter() - start))
        cpu.append(1000 * (time.process_time() - used))
    found, cpu = sorted(found[1:]), sorted(cpu[1:])
    p95 = found[int(TIMES * 0.95)]
    return {"p50": round(statistics.median(found)), "p95": round(p95), "cpu p50": round(statistics.median(cpu))}


def main(customers: str) -> None:
    """Print the p50 and p95 of the list alone and of each page, and the slowest queries."""
    begin = time.perf_counter()
    fill(int(customers))
    operator = find.user("operator")
    client = Client(SERVER_NAME="localhost")
    client.force_login(operator)
    check_resolver(get_resolver())
    page = f"/operator?search={int(customers) // 2}"
    answers = {
        "the list alone": took(lambda: to_do_of_operator(operator, operated_customers(operator))),
        "overview": took(lambda: client.get("/operator").content),
        "overview, searched": took(lambda: client.get(page).content),
        "a customer": took(lambda: client.get("/customers/klant-1").content),
    }
    with CaptureQueriesContext(connection) as asked:
        things = to_do_of_operator(operator, operated_customers(operator))
        client.get("/operator")
    slow = sorted(asked.captured_queries, key=lambda one: -float(one["time"]))[:6]
    said = [f"{one['time']} s {one['sql'][:300]}" for one in slow]
    answer = {"things": len(things), "queries": len(asked), "milliseconds": answers, "slowest": said}
    print(json.dumps({"seconds": time.perf_counter() - begin, **answer}))


if __name__ == "__main__":
    main(*sys.argv[1:])
