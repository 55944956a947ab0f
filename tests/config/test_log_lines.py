"""What a line of the log says of an error."""

import logging
import re
import sys

from instroom.config.log_lines import LineFormatter
from instroom.config.settings import LOGGING


class RowRefused(Exception):
    """As psycopg tells of a row that PostgreSQL refuses."""

    sqlstate = "23514"


def test_an_error_is_told_without_its_text() -> None:
    """A text may quote a value; where it broke, of which kind and what it came from is all there."""
    name = "-".join(("de", "vries"))  # not as the traceback shows this line
    try:
        try:
            try:
                raise OSError(28, "No space left on device", f"{name}.csv")
            except OSError as error:
                raise RowRefused(f"Failing row contains ({name})") from error
        except RowRefused:
            raise ValueError(name)  # noqa: B904 - with the one before as its context
    except ValueError:
        record = logging.LogRecord("instroom", logging.ERROR, "", 0, "a step failed", (), sys.exc_info())
    line = LineFormatter("%(message)s").format(record)
    assert name not in line
    kinds = ("builtins.ValueError\n", "RowRefused: 23514", "OSError: No space left on device")
    for said in ("a step failed", "test_log_lines.py", *kinds):
        assert said in line


def test_an_error_that_is_its_own_cause_is_told_once() -> None:
    error = ValueError()
    error.__cause__ = error
    said = LineFormatter().formatException((ValueError, error, None))
    assert said.splitlines() == ["Traceback (most recent call last):", "builtins.ValueError"]


def test_a_message_is_one_line_that_says_when() -> None:
    record = logging.LogRecord("instroom.web", logging.INFO, "", 0, "%s: left", ("a\n2026 b\x1b[2J\u202e",), None)
    settings_of = LOGGING["formatters"]["line"]
    line = LineFormatter(settings_of["fmt"], settings_of["datefmt"]).format(record)
    assert line.endswith(r" INFO instroom.web a\n2026 b\x1b[2J\u202e: left")
    assert re.match(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d[+-]\d{4} ", line)
