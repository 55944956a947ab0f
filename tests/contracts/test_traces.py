"""Spans that real processes send to a real receiver of OTLP: one for each request, step, hand-over, mail and call."""

import time
from pathlib import Path
from typing import Any

import pytest
from django.test import override_settings
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from instroom.config.listening import networks
from instroom.flow import find
from instroom.flow.people import api_tokens
from instroom.flow.webhooks import manage
from instroom.store.models import Delivery, User
from tests.contracts.customer import SampleCustomer, person, write_csv
from tests.every_door import add_plain_account, ask, by_ftp, serving_json, upload
from tests.mail_sink import mail_sink
from tests.receiver import Receiver, receiver
from tests.waiting import until

pytestmark = pytest.mark.slow


def spans_in(takes: Receiver) -> list[tuple[str, dict[str, Any]]]:
    """Name and attributes of each that was sent, with the door."""
    found = []
    for call in takes.calls:
        for of_process in ExportTraceServiceRequest.FromString(call.body).resource_spans:
            door = {one.key: one.value.string_value for one in of_process.resource.attributes}["instroom.door"]
            for one in (one for scope in of_process.scope_spans for one in scope.spans):
                facts = {each.key: each.value.string_value or each.value.int_value for each in one.attributes}
                found.append((one.name, facts | {"door": door}))
    return found


def test_what_each_process_does_is_a_span_without_names_or_values(tmp_path: Path) -> None:
    customer = SampleCustomer()
    User.objects.filter(username="approver").update(email="akkoord@voorbeeld.example")
    add_plain_account(customer.record)
    secret = api_tokens.add(customer.record, "HR", ["deliver", "read"], by=find.user("operator")).secret
    path = write_csv(tmp_path / "zqbestand.csv", [person("7", first="Zqbo", surname="Zqvoorbeeld")])
    with receiver() as takes, receiver() as hook, mail_sink() as sink:
        hook_settings = {"INSTROOM_WEBHOOK_PRIVATE": "127.0.0.0/8", "INSTROOM_SMTP": f"smtp://127.0.0.1:{sink.port}"}
        otlp = takes.address.removesuffix("/hook?key=of-theirs")
        with serving_json(tmp_path / "log", OTEL_EXPORTER_OTLP_ENDPOINT=otlp, **hook_settings) as site:
            add_webhook(customer, hook)
            place = f"{site.address}/api/v1/customers/{customer.name}/deliveries"
            assert upload(place, path, {"authorization": f"Bearer {secret}"}).startswith("201")
            path.write_text(path.read_text().replace("Zqbo", "Zqan"))
            assert by_ftp(site.ftp_port, path).startswith("226")
            until(lambda: Delivery.objects.filter(customer=customer.record, state="awaiting-approval").count() == 2)
            until(lambda: hook.calls and sink.messages)
            ask(f"{site.address}/sign-in?next=/zqgeheim", {})
    found = spans_in(takes)
    of_request = {name: facts for name, facts in found if "http.route" in facts}
    uploaded = of_request["POST /api/v1/customers/<customer>/deliveries"]
    assert (uploaded["http.response.status_code"], uploaded["door"]) == (201, "serve")
    steps = [facts for name, facts in found if name.startswith("step ")]
    assert {facts["instroom.customer"] for facts in steps} == {str(customer.record.pk)}
    assert {facts["instroom.outcome"] for facts in steps} >= {"awaiting-approval"}
    assert {facts["door"] for facts in steps} == {"worker"}
    last = dict(found)
    handed, mail, call = last["hand over"], last["send mail"], last["call webhook"]
    assert Delivery.objects.get(pk=handed["instroom.delivery"]).account_id
    assert mail["instroom.mail"]
    assert call["instroom.code"] == 204
    sent = b"".join(one.body for one in takes.calls)
    for private in ("Zq", "zq", customer.name, secret, "oud", "voorbeeld.example", "of-theirs", "SELECT", "INSERT"):
        assert private.encode() not in sent, private


def test_a_receiver_that_is_away_holds_nothing_up(tmp_path: Path) -> None:
    customer = SampleCustomer()
    delivery = customer.receive([person("7")])
    with serving_json(tmp_path / "log", OTEL_EXPORTER_OTLP_ENDPOINT="http://127.0.0.1:9") as site:
        until(lambda: Delivery.objects.filter(pk=delivery.pk, state="awaiting-approval").exists())
        ask(f"{site.address}/sign-in", {})
        began = time.monotonic()
    assert time.monotonic() - began < 30


def add_webhook(customer: SampleCustomer, hook: Receiver) -> None:
    with override_settings(INSTROOM_WEBHOOK_PRIVATE=networks("INSTROOM_WEBHOOK_PRIVATE", "127.0.0.0/8")):
        manage.add("adm", customer.record, by=find.user("operator"), address=hook.address)
