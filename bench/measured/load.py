"""The site of the load, in the store of this process.

`load customers COUNT FILES` makes as many customers, with users, accounts, tokens and what they delivered before.
`load nights MINUTES` gives each a connection whose files are due at some moments of the coming minutes.
`load open` prints what is still to end. `load ended` prints the steps that the workers took, how many deliveries are in
which state, and the files that belong to nobody.
"""

import json
import sys
from collections import Counter
from datetime import timedelta
from math import ceil
from pathlib import Path
from typing import Any

from instroom.config import setup

setup()

from django.conf import settings  # noqa: E402 (Django is loaded above)
from django.contrib.auth.hashers import make_password  # noqa: E402
from django.db.models import F, Value  # noqa: E402
from django.db.models.functions import Concat  # noqa: E402
from django.utils import timezone  # noqa: E402

from bench.servers import PASSWORD  # noqa: E402
from instroom.config.file_server import file_server  # noqa: E402
from instroom.flow import find  # noqa: E402
from instroom.flow.connections import connections  # noqa: E402
from instroom.flow.delivery.advance import advance_all  # noqa: E402
from instroom.flow.delivery.decide import approve  # noqa: E402
from instroom.flow.delivery.receive import receive  # noqa: E402
from instroom.flow.delivery.states import OPEN  # noqa: E402
from instroom.flow.operations.init import add_customer  # noqa: E402
from instroom.flow.people import api_tokens  # noqa: E402
from instroom.store.files import scratch  # noqa: E402
from instroom.store.files.folder_store import UNFINISHED  # noqa: E402
from instroom.store.files.site_store import site_store  # noqa: E402
from instroom.store.models import (  # noqa: E402
    AskedReport,
    AuditEntry,
    Customer,
    Delivery,
    FileAccount,
    Role,
    User,
)
from instroom.store.states import State  # noqa: E402

_SCOPES = ("read", "export", "deliver", "approve", "refuse", "undo")
_FIRST_NIGHT, _BETWEEN = timedelta(seconds=20), timedelta(minutes=5)
_LAST_NIGHT = 0.85  # of the minutes
_STEPS = {
    "rejected": State.CHECKING, "training": State.CHECKING, "trained": State.TRAINING, "imported": State.IMPORTING,
}  # fmt: skip
"""The line of the audit log at which a step has ended → the state whose seconds a delivery keeps."""


def make_customers(count: int, files: Path) -> dict[str, Any]:
    """Gives the token of each customer, and the names of users: two of each role, each for half of the customers."""
    names = [f"load-{number:02}" for number in range(count)]
    people = {f"{role}-{number}": role for role in Role.NAMES if role != "operator" for number in range(2)}
    for number, name in enumerate(names):
        working = {who: (role,) for who, role in people.items() if number % 2 == int(who[-1])}
        add_customer(name, f"Instituut {name}", {"chief": ("operator",), "decider": ("approver",), **working})
    User.objects.filter(username="chief").update(is_superuser=True)
    password = make_password(PASSWORD)
    User.objects.update(password=password, email=Concat(F("username"), Value("@instituut.example")))
    chief, tokens = find.user("chief"), {}
    for name in names:
        customer = find.customer(name)
        tokens[name] = api_tokens.add(customer, "load", _SCOPES, by=chief).secret
        FileAccount.objects.create(customer=customer, name=name, password=password, made_at=timezone.now())
        receive(files / f"{int(name[-2:]):05}.csv", customer, by=chief, name="personen.csv")
    advance_all()
    for delivery in Delivery.objects.filter(state=State.AWAITING_APPROVAL):
        approve(delivery, by=find.user("decider"), at="now")
    advance_all()
    return {"tokens": tokens, "people": ["chief", *people]}


def make_nights(minutes: float) -> dict[str, Any]:
    """At a first whole minute, and each five minutes from then on. Half of the customers have a standing approval.

    Gives the moments, as seconds since the epoch."""
    now = timezone.localtime()
    first = (now + _FIRST_NIGHT).replace(second=0, microsecond=0) + timedelta(minutes=1)
    rest = now + timedelta(minutes=minutes * _LAST_NIGHT) - first
    moments = [first + number * _BETWEEN for number in range(max(1, ceil(rest / _BETWEEN)))]
    schedule = "daily " + ",".join(f"{moment:%H:%M}" for moment in moments)
    chief = find.user("chief")
    for number, customer in enumerate(Customer.objects.filter(name__startswith="load-").order_by("name")):
        night = {"file_name": "nacht.csv", "schedule": schedule, "standing": number % 2 == 0}
        day = {"file_name": "dag_*.csv", "schedule": "arrival"}
        for name, given in (("nacht", night), ("dag", day)):
            connections.add(name, customer, by=chief, account=customer.name, **given)
    return {"nights": [moment.timestamp() for moment in moments]}


def still_open() -> dict[str, Any]:
    """The deliveries that somebody or something is to go on with, and the reports that are asked for."""
    found = [f"{one.pk} ({one.state})" for one in Delivery.objects.filter(state__in=OPEN)]
    reports = AskedReport.objects.filter(given_up_at=None)
    return {"open": found + [f"report {one}, attempt {one.attempts}" for one in reports]}


def ended() -> dict[str, Any]:
    states = Counter(Delivery.objects.values_list("state", flat=True))
    return {"states": dict(states), "steps": _steps(), "orphans": _orphans()}


def _steps() -> list[tuple[float, float]]:
    """When each step of a worker began and ended, in seconds since the epoch."""
    lines = AuditEntry.objects.filter(action__in=_STEPS, delivery__isnull=False)
    found = lines.values_list("action", "at", "delivery__step_seconds")
    took = [(at.timestamp(), seconds.get(_STEPS[action])) for action, at, seconds in found]
    return sorted((end - seconds, end) for end, seconds in took if seconds is not None)


def _orphans() -> list[str]:
    """Files that no delivery, account or running process has."""
    store, home, uploads = site_store(), Path(settings.INSTROOM_HOME), file_server().folder
    known = set(Delivery.objects.exclude(file_key="").values_list("file_key", flat=True))
    found = [one.key for one in store.list("") if "/" in one.key and one.key.partition(".")[0] not in known]
    found += [str(path) for path in (home / "files").rglob("*") if path.suffix in UNFINISHED]
    found += ["a folder of a process that has ended"] * scratch.delete_orphans()
    found += [str(path) for path in (home / "scratch").glob("*/*") if path.name != "in-use"]
    return found + [str(path) for path in (*uploads.glob("handover/*"), *uploads.glob("accounts/*/parts/*"))]


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["customers", count, files]:
            done = make_customers(int(count), Path(files))
        case ["nights", minutes]:
            done = make_nights(float(minutes))
        case ["open"]:
            done = still_open()
        case _:
            done = ended()
    print(json.dumps({"seconds": 0, **done}))
