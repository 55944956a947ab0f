"""A mail server to send to."""

from collections.abc import Iterator

import pytest
from tests.mail_sink import MailSink, mail_sink


@pytest.fixture
def sink() -> Iterator[MailSink]:
    """Takes every mail, unless it is told not to."""
    with mail_sink() as listening:
        yield listening
