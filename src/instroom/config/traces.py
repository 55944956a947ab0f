"""Traces by OpenTelemetry, where OTEL_EXPORTER_OTLP_ENDPOINT names who takes them. Elsewhere nothing of it is loaded.

A span has ids, codes and names of routes. It has no name or value of a person, no address that somebody asked for, and
no SQL: hence spans of our own, and not those of OpenTelemetry for Django and its databases.
"""

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from importlib.metadata import version
from typing import TYPE_CHECKING, Final, Literal

from instroom.config.process import process_name
from instroom.core.errors import SettingsError

if TYPE_CHECKING:
    from opentelemetry.trace import Tracer

ENDPOINTS: Final = ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")
FACTS: Final[Mapping[str, str]] = {
    "method": "http.request.method",
    "route": "http.route",
    "status": "http.response.status_code",
    **{
        one: f"instroom.{one}"
        for one in ("account", "call", "code", "customer", "delivery", "mail", "outcome", "step", "webhook")
    },
}
"""What a span may carry → the attribute that carries it."""
_PROTOCOLS: Final = ("OTEL_EXPORTER_OTLP_PROTOCOL", "OTEL_EXPORTER_OTLP_TRACES_PROTOCOL")
_tracer: "Tracer | None" = None

Note = Callable[..., None]
"""Adds facts to a span that is open; a first argument gives it another name."""


def begin_traces(door: str) -> None:
    """Send spans of this process from now on, where an endpoint is set. What is left goes when the process ends.

    Raises SettingsError where OpenTelemetry is not installed, or another protocol is asked for than OTLP over HTTP.
    """
    global _tracer
    if not any(os.environ.get(one) for one in ENDPOINTS):
        return
    if any(os.environ.get(one) not in (None, "", "http/protobuf") for one in _PROTOCOLS):
        raise SettingsError("traces-protocol")
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter  # noqa: PLC0415 - an extra
        from opentelemetry.sdk.resources import Resource  # noqa: PLC0415
        from opentelemetry.sdk.trace import TracerProvider  # noqa: PLC0415
        from opentelemetry.sdk.trace.export import BatchSpanProcessor  # noqa: PLC0415
    except ModuleNotFoundError as error:
        raise SettingsError("traces-not-installed") from error
    facts = {"service.version": version("instroom"), "service.instance.id": process_name(), "instroom.door": door}
    name = os.environ.get("OTEL_SERVICE_NAME") or "instroom"
    provider = TracerProvider(resource=Resource.create({"service.name": name, **facts}))
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    _tracer = provider.get_tracer("instroom", version("instroom"))


def are_on() -> bool:
    """Whether spans of this process go anywhere."""
    return _tracer is not None


@contextmanager
def span(name: str, kind: Literal["INTERNAL", "SERVER", "CLIENT"] = "INTERNAL", **facts: object) -> Iterator[Note]:
    """What is done meanwhile, as a span with these of FACTS. Of an error it has the class alone."""
    if _tracer is None:
        yield lambda *_, **__: None
        return
    from opentelemetry.trace import SpanKind, Status, StatusCode  # noqa: PLC0415 - loaded by `begin_traces`

    with _tracer.start_as_current_span(
        name, kind=SpanKind[kind], attributes=_attributes(facts), record_exception=False, set_status_on_exception=False
    ) as one:

        def note(name: str = "", **facts: object) -> None:
            one.set_attributes(_attributes(facts))
            if name:
                one.update_name(name)

        try:
            yield note
        except Exception as error:
            one.set_status(Status(StatusCode.ERROR, type(error).__name__))
            raise


def _attributes(facts: Mapping[str, object]) -> dict[str, str | int]:
    return {FACTS[name]: one if isinstance(one, int) else str(one) for name, one in facts.items()}
