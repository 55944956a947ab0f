"""Traces: of ids, codes and patterns alone, and nothing at all where nobody takes them."""

import subprocess
import sys

import pytest
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from instroom.config import traces
from instroom.config.traces import begin_traces, span
from instroom.core.errors import SettingsError


@pytest.fixture
def taken(monkeypatch: pytest.MonkeyPatch) -> InMemorySpanExporter:
    """Takes the spans of this process."""
    provider, taken = TracerProvider(shutdown_on_exit=False), InMemorySpanExporter()
    provider.add_span_processor(SimpleSpanProcessor(taken))
    monkeypatch.setattr(traces, "_tracer", provider.get_tracer("instroom"))
    return taken


def test_a_span_has_its_facts_and_of_an_error_the_class_alone(taken: InMemorySpanExporter) -> None:
    with pytest.raises(ValueError), span("step checking", delivery=7, step="checking") as note:
        note(outcome="internal")
        raise ValueError("de Vries")
    (one,) = taken.get_finished_spans()
    assert one.attributes == {
        "instroom.delivery": 7, "instroom.step": "checking", "instroom.outcome": "internal",
    }  # fmt: skip
    assert (one.status.status_code.name, one.status.description, one.events) == ("ERROR", "ValueError", ())


def test_no_other_fact_can_be_added(taken: InMemorySpanExporter) -> None:
    with pytest.raises(KeyError), span("step", surname="de Vries"):
        pass
    assert taken.get_finished_spans() == ()


def test_without_an_endpoint_nothing_is_loaded() -> None:
    program = """
import sys
from instroom.config.traces import are_on, begin_traces, span
begin_traces("worker")
with span("step", surname="de Vries") as note:
    note(outcome="imported")
assert not are_on()
assert not [one for one in sys.modules if one.partition(".")[0] in ("opentelemetry", "requests")]
"""
    subprocess.run([sys.executable, "-c", program], env={}, check=True)


@pytest.mark.parametrize("name", traces.ENDPOINTS)
def test_an_endpoint_without_the_package_is_told(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, "http://127.0.0.1:4318")
    monkeypatch.setitem(sys.modules, "opentelemetry.exporter.otlp.proto.http.trace_exporter", None)
    with pytest.raises(SettingsError) as refused:
        begin_traces("worker")
    assert "instroom[traces]" in refused.value.sentence("en")
    assert not traces.are_on()


def test_another_protocol_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:4317")
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc")
    with pytest.raises(SettingsError) as refused:
        begin_traces("worker")
    assert "http/protobuf" in refused.value.sentence("nl")
