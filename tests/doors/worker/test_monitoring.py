"""What Prometheus reads of a site whose web pages and workers are different processes."""

import signal
import urllib.request
from collections.abc import Callable

import pytest
from tests.contracts.customer import SampleCustomer, person
from tests.doors.worker.worker_processes import Worker
from tests.serving import free_ports
from tests.waiting import until

from instroom.flow.operations.doctor.diagnosis import Asked
from instroom.flow.operations.doctor.examination import examine
from instroom.store.models import Delivery

pytestmark = pytest.mark.slow
TOKEN = "0123456789abcdef0123456789abcdef"  # noqa: S105 - of nobody


@pytest.mark.on_postgresql
def test_what_workers_did_is_counted_and_a_killed_one_is_missed(
    start: Callable[..., Worker], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("INSTROOM_METRICS_TOKEN", TOKEN)
    [port] = free_ports(1)
    start("web", port)

    def metric(name: str) -> float:
        request = urllib.request.Request(
            f"http://127.0.0.1:{port}/metrics", headers={"Authorization": f"Bearer {TOKEN}"}
        )
        with urllib.request.urlopen(request) as answer:  # noqa: S310
            lines = [line for line in answer.read().decode().splitlines() if line.startswith(f"{name} ")]
        return float(lines[0].split()[1]) if lines else 0

    def deliver() -> None:
        delivery = SampleCustomer().receive([person("1")])
        until(lambda: Delivery.objects.get(pk=delivery.pk).state == "awaiting-approval")

    first, second = start(), start()
    deliver()
    until(lambda: _answers(metric))
    until(lambda: metric("instroom_workers") == 2)
    for stopped in (first, second):  # adds its sums before it ends
        assert stopped.ended(signal.SIGTERM) == 0
    until(lambda: metric("instroom_workers") == 0)
    until(lambda: metric('instroom_deliveries_moved_total{state="awaiting-approval"}') == 1)
    third = start()
    deliver()
    until(lambda: metric("instroom_workers") == 1)
    third.ended(signal.SIGKILL)
    until(lambda: metric("instroom_workers") == 0, 90)
    assert "worker-missing" in [one.code for one in examine(Asked("en"), ["work"])]


def _answers(metric: Callable[[str], float]) -> bool:
    try:
        return metric("instroom_database_up") == 1
    except OSError:
        return False
