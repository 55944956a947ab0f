"""A mail server, and a receiver of webhooks, to send to."""

from collections.abc import Iterator

import pytest
from django.test import override_settings
from tests.mail_sink import MailSink, mail_sink
from tests.receiver import Receiver
from tests.receiver import receiver as listening_receiver

from instroom.config.listening import networks


@pytest.fixture
def sink() -> Iterator[MailSink]:
    """Takes every mail, unless it is told not to."""
    with mail_sink() as listening:
        yield listening


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """A program on this machine that webhooks may lead to."""
    with (
        listening_receiver() as listening,
        override_settings(INSTROOM_WEBHOOK_PRIVATE=networks("INSTROOM_WEBHOOK_PRIVATE", "127.0.0.1")),
    ):
        yield listening
