"""`/metrics` as Prometheus reads it. What each metric says, for people: docs/how-to/monitor.md.

All but the figures of this node's disks are of the whole site, so any web server tells them. Labels are states, codes
and processes: nothing in them is of a person or a customer.
"""

from collections.abc import Iterator, Mapping
from importlib.metadata import version
from typing import Final

from django.conf import settings
from django.db import DatabaseError
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.registry import Collector

from instroom.flow.delivery.states import TIMED_STEPS
from instroom.flow.queries.site_places import SitePlaces, site_places
from instroom.flow.queries.site_work import SiteWork, site_work
from instroom.flow.throttle import WAYS_IN
from instroom.store import tallies
from instroom.store.states import State
from instroom.store.troubles import CAUSES, TROUBLES

CONTENT_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"
Tallies = Mapping[tuple[str, str], float]


class SiteCollector(Collector):
    """Asks anew at each collection."""

    def collect(self) -> Iterator[Metric]:
        try:
            work = site_work()
        except DatabaseError:
            work = None
        yield _gauge("instroom_database_up", "Whether the database answers this node in time.", float(work is not None))
        yield _info()
        if work:
            yield from _of_work(work)
            yield from _of_processes(work)
            yield from _of_tallies(work.tallies)
        yield from _of_places(site_places())


def metrics_text() -> bytes:
    """Of a registry of our own: nothing of Python, or of this process, is in it."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(SiteCollector())
    return generate_latest(registry)


def _of_work(work: SiteWork) -> Iterator[Metric]:
    yield _gauges("instroom_deliveries", "Deliveries that have not ended.", "state", work.deliveries)
    yield _gauge(
        "instroom_oldest_due_seconds", "How long the delivery that could have gone on has waited.", work.oldest_due
    )
    yield _gauge("instroom_longest_step_seconds", "How long the longest step under way has taken.", work.longest_step)
    yield _gauge("instroom_sessions", "Sessions of people who are signed in.", work.sessions)
    for name, queue in (("mails", work.mails), ("webhook_calls", work.calls)):
        if queue:
            what = name.replace("_", " ")
            yield _gauge(f"instroom_{name}_waiting", f"How many {what} wait to be sent.", queue.waiting)
            yield _gauge(f"instroom_{name}_oldest_seconds", f"How long the oldest of these {what} waits.", queue.oldest)


def _of_processes(work: SiteWork) -> Iterator[Metric]:
    yield _gauge("instroom_workers", "Workers that gave a sign of life in the last minute.", work.workers)
    silent = GaugeMetricFamily(
        "instroom_process_silent_seconds", "Since its last sign of life.", labels=["process", "door", "version"]
    )
    for one in work.processes:
        silent.add_metric([one.name, one.door, one.version], one.silent)
    yield silent


def _of_tallies(found: Tallies) -> Iterator[Metric]:
    """A series is there from the start where its labels are known: Prometheus sees no rise of what begins at 1."""
    entered = dict.fromkeys(State, 0.0) | _labels(found, "states")
    yield _counters("instroom_deliveries_moved", "Deliveries that came to a state.", "state", entered)
    failed = dict.fromkeys(CAUSES, 0.0) | _labels(found, "failures")
    yield _counters("instroom_step_failures", "Tries of a step that failed, by cause.", "cause", failed)
    troubles = dict.fromkeys(TROUBLES, 0.0) | _labels(found, "troubles")
    yield _counters("instroom_site_troubles", "Tries that met trouble of the site.", "kind", troubles)
    refused = dict.fromkeys(WAYS_IN.values(), 0.0) | _labels(found, "refused")
    yield _counters("instroom_sign_ins_refused", "Refused sign-ins, by way in.", "way", refused)
    yield _step_seconds(_labels(found, "steps"))


def _of_places(places: SitePlaces) -> Iterator[Metric]:
    yield _gauges("instroom_disk_free_bytes", "Room on the disks of this node.", "place", places.free)
    least = settings.INSTROOM_FREE_BYTES
    yield _gauge("instroom_disk_least_free_bytes", "With less, nothing is taken in (INSTROOM_FREE_MB).", least)
    yield _gauge("instroom_uploads_waiting", "Complete uploads that are no deliveries yet.", places.uploads)
    yield _gauge("instroom_uploads_oldest_seconds", "How long the oldest of these waits.", places.oldest_upload)
    if places.certificate_seconds is not None:
        left = places.certificate_seconds
        yield _gauge("instroom_certificate_seconds", "Until the certificate of the file server ends.", left)


def _step_seconds(found: Mapping[str, float]) -> Metric:
    histogram = HistogramMetricFamily("instroom_step_seconds", "How long steps took.", labels=["step"])
    for step in TIMED_STEPS:
        counted, buckets = 0.0, []
        for most in tallies.BUCKETS:
            counted += found.get(f"{step} {most:g}", 0.0)
            buckets.append(("+Inf" if most == float("inf") else f"{most:g}", counted))
        histogram.add_metric([step], buckets, found.get(f"{step} sum", 0.0))
    return histogram


def _labels(found: Tallies, name: str) -> dict[str, float]:
    return {label: total for (one, label), total in found.items() if one == name}


def _info() -> Metric:
    return _gauges("instroom_info", "The version of this node.", "version", {version("instroom"): 1})


def _gauge(name: str, text: str, value: float) -> Metric:
    return GaugeMetricFamily(name, text, value)


def _gauges(name: str, text: str, label: str, values: Mapping[str, float]) -> Metric:
    found = GaugeMetricFamily(name, text, labels=[label])
    for one, value in values.items():
        found.add_metric([one], value)
    return found


def _counters(name: str, text: str, label: str, values: Mapping[str, float]) -> Metric:
    found = CounterMetricFamily(name, text, labels=[label])
    for one, value in values.items():
        found.add_metric([one], value)
    return found
