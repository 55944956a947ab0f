"""Programs that deliver and approve by the API while processes are killed and databases restarted: what must come of it
is known."""

import json
import time
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Mapping
from http.client import HTTPException
from pathlib import Path
from typing import Any

from django.db import connections
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from tests.contracts.customer import SampleCustomer, person, write_csv
from tests.doors.api.programs import FOR

from instroom.flow import find
from instroom.flow.people.api_tokens import add

FILES = 4
"""How many a customer delivers."""
_PATIENCE = 240.0  # seconds in which an answer must come


class Program:
    """Delivers the files of a customer one after another, and approves each. It asks again until it is answered, of one
    server after the other."""

    def __init__(self, servers: list[str], folder: Path) -> None:
        self.customer = SampleCustomer()
        self._servers, self._folder = [*servers], folder
        self._tokens = {
            role: add(self.customer.record, "Koppelprogramma", FOR[role], 90, by=find.user(role)).secret
            for role in ("supplier", "approver")
        }

    def run(self) -> None:
        """Deliver all files, and see each of them in live."""
        try:
            found = [self._deliver(number) for number in range(FILES)]
            for one in found:
                while (now := self._asked("GET", f"/{one}?wait=2", "approver"))["state"] != "imported":
                    if now["state"] == "awaiting-approval":  # perhaps again: live has changed since it was planned
                        digest = self._asked("GET", f"/{one}/plan", "approver")["digest"]
                        self._asked("POST", f"/{one}/approve", "approver", json.dumps({"digest": digest}).encode())
        finally:
            connections.close_all()

    def assert_all_came_once(self) -> None:
        """Nothing lost, nothing twice."""
        wanted = {("person", ("HR", str(number))) for number in range(1, FILES)} | {("person", ("HR", "0"))}
        for environment in ("training", "live"):
            found = self.customer.snapshot(environment)
            assert set(found) == wanted
            assert found["person", ("HR", "0")]["first_name"] == f"V{FILES - 1}"
        deliveries = self.customer.record.deliveries
        assert list(deliveries.values_list("state", "failures")) == [("imported", 0)] * FILES
        for one in deliveries.all():
            actions = Counter(one.audit.values_list("action", flat=True))
            assert (actions["received"], actions["trained"], actions["imported"]) == (1, 1, 1)
            plans = one.plans.filter(state="imported").values_list("environment__name", flat=True)
            assert sorted(plans) == ["live", "training"]

    def _deliver(self, number: int) -> str:
        rows = [person("0", first=f"V{number}"), *([person(str(number))] if number else [])]
        path = write_csv(self._folder / f"{self.customer.name}-{number}.csv", rows)
        with path.open("rb") as file:
            body = encode_multipart(BOUNDARY, {"file": file})
        headers = {"Content-Type": MULTIPART_CONTENT, "Idempotency-Key": f"{self.customer.name}-{number}"}
        return str(self._asked("POST", "", "supplier", body, headers)["id"])

    def _asked(
        self, method: str, path: str, role: str, body: bytes | None = None, headers: Mapping[str, str] | None = None
    ) -> dict[str, Any]:
        """The answer to this. What no server answers, or answers with 5xx, is asked again; 409 says that what was asked
        has been done meanwhile."""
        end = time.monotonic() + _PATIENCE
        while time.monotonic() < end:
            self._servers.append(self._servers.pop(0))
            url = f"{self._servers[0]}/api/v1/customers/{self.customer.name}/deliveries{path}"
            named = {"Authorization": f"Bearer {self._tokens[role]}", "Content-Type": "application/json"}
            request = urllib.request.Request(url, body, {**named, **(headers or {})}, method=method)  # noqa: S310 (ours)
            try:
                with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310
                    return dict(json.load(answer))
            except urllib.error.HTTPError as error:
                if error.code == 409 and path.endswith("/approve"):
                    return {}
                assert error.code >= 500, error.read()
            except (OSError, HTTPException, ValueError):
                pass  # nobody there, or killed in the middle of its answer
            time.sleep(0.2)
        raise AssertionError(f"no answer to {method} {path}")
