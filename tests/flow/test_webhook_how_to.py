"""The receiver of docs/how-to/webhooks.md does what the page says, and the page names all there is."""

import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from http.client import HTTPConnection
from pathlib import Path
from typing import NamedTuple

import pytest
from django.test import override_settings
from django.utils import timezone
from tests.contracts.customer import SampleCustomer

from instroom.config.listening import networks
from instroom.flow import find
from instroom.flow.news.events import EVENTS, PING
from instroom.flow.webhooks import calls, manage, signing
from instroom.flow.webhooks.posting import FAILURES
from instroom.flow.webhooks.sending import WAITS, send_due
from instroom.store.models import WebhookCall

pytestmark = pytest.mark.on_sqlite_alone

PAGE = (Path(__file__).parents[2] / "docs" / "how-to" / "webhooks.md").read_text(encoding="utf-8")


class Example(NamedTuple):
    """The program of the page, running."""

    made: manage.WebhookWithSecret
    port: int
    process: "subprocess.Popen[str]"

    def post(self, headers: dict[str, str], body: bytes) -> int:
        """What it answers to somebody."""
        with closing(HTTPConnection("127.0.0.1", self.port, timeout=10)) as line:
            line.request("POST", "/", body, headers)
            return line.getresponse().status


@pytest.fixture
def example() -> Iterator[Example]:
    """The program of the page, with a webhook that leads to it."""
    (program,) = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    with closing(socket.create_server(("127.0.0.1", 0))) as free:
        port = free.getsockname()[1]
    made = manage.add(
        "crm", SampleCustomer().record, by=find.user("operator"), address="https://crm.voorbeeld.example/"
    )
    environment = {**os.environ, "WEBHOOK_SECRET": made.secret, "PORT": str(port)}
    process = subprocess.Popen(
        [sys.executable, "-W", "error", "-c", program], env=environment, stdout=subprocess.PIPE, text=True,
        stderr=subprocess.DEVNULL,
    )  # fmt: skip
    with override_settings(INSTROOM_WEBHOOK_PRIVATE=networks("INSTROOM_WEBHOOK_PRIVATE", "127.0.0.1")), process:
        manage.change(made.webhook, by=find.user("operator"), address=f"http://127.0.0.1:{port}/")
        while not is_open(port):
            assert process.poll() is None
            time.sleep(0.05)
        yield Example(made, port, process)
        process.terminate()


def is_open(port: int) -> bool:
    """Whether somebody listens there."""
    with socket.socket() as line:
        return line.connect_ex(("127.0.0.1", port)) == 0


def test_it_takes_what_is_ours_once_and_nothing_else(example: Example) -> None:
    call = calls.try_out(example.made.webhook, by=find.user("operator"))
    assert send_due() == 1
    calls.send_again(call, by=find.user("operator"))
    assert send_due() == 1
    now = timezone.now()
    good, body = signing.headers(example.made.webhook, call, now), call.body.encode()
    old = signing.headers(example.made.webhook, call, now - timedelta(minutes=6))
    assert example.post(good, body) == 204
    assert example.post(good, body.replace(b"ping", b"pong")) == 400
    assert example.post({**good, "webhook-id": "another"}, body) == 400
    assert example.post(old, body) == 400
    assert example.post({**old, "webhook-timestamp": good["webhook-timestamp"]}, body) == 400
    manage.renew_secret(example.made.webhook, by=find.user("operator"))
    calls.try_out(example.made.webhook, by=find.user("operator"))
    assert send_due() == 1
    example.process.terminate()
    assert example.process.communicate()[0] == "ping\nping\n"
    assert WebhookCall.objects.filter(delivered_at=None).count() == 0


def test_the_page_names_every_event_failure_and_wait() -> None:
    assert set(re.findall(r"`((?:delivery|connection)\.\w+|ping)`", PAGE)) >= {*EVENTS, PING}
    assert set(FAILURES) <= set(re.findall(r"`([a-z-]+)`", PAGE.split("## When a call fails")[1]))
    assert [wait.total_seconds() / 60 for wait in WAITS] == [1, 5, 30, 120, 300, 600, 840, 1200, 1440]
    assert "1 and 5 minutes, half an hour, 2, 5, 10, 14, 20\nand 24 hours" in PAGE
