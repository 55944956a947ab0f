"""What a line of the log says of an error."""

import json
import logging
import re
import sqlite3
import sys
import threading

import pytest

from instroom.config import log_lines
from instroom.config.log_lines import FORMATS, JsonFormatter, LineFormatter, log_format
from instroom.core.errors import SettingsError


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
    """In UTC, whatever zone the machine is in."""
    record = logging.LogRecord("instroom.web", logging.INFO, "", 0, "%s: left", ("a\n2026 b\x1b[2J\u202e",), None)
    record.created = 1790000000.5
    text, document = FORMATS["text"], json.loads(JsonFormatter().format(record))
    line = LineFormatter(text["fmt"], text["datefmt"]).format(record)
    assert line == r"2026-09-21 14:13:20Z INFO instroom.web a\n2026 b\x1b[2J\u202e: left"
    assert document["time"] == "2026-09-21T14:13:20.500Z"


def test_json_is_an_object_a_line_with_the_facts_of_its_record() -> None:
    logger, records = logging.Logger("instroom.example"), list[logging.LogRecord]()
    logger.addFilter(lambda record: records.append(record) is None)
    try:
        raise ValueError("de Vries")
    except ValueError:
        facts = {"delivery": 7, "customer": 3, "code": "internal", "about": "de Vries", "request": "de Vries"}
        logger.exception("delivery %s broke", 7, extra=facts)
    line = JsonFormatter().format(records[0])
    assert line.isascii()
    assert "\n" not in line
    document = json.loads(line)
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", document.pop("time"))
    assert document.pop("traceback").endswith("\nbuiltins.ValueError")
    assert document == {
        "level": "ERROR", "logger": "instroom.example", "message": "delivery 7 broke",
        "delivery": 7, "customer": 3, "code": "internal",
    }  # fmt: skip


@pytest.mark.parametrize("formatter", [LineFormatter(), JsonFormatter()])
def test_an_error_as_an_argument_is_told_by_its_kind(formatter: logging.Formatter) -> None:
    error = sqlite3.IntegrityError("de Vries")
    error.sqlite_errorname = "SQLITE_CONSTRAINT_UNIQUE"
    refused = SettingsError("setting-log-format")
    for message, arguments in (("%s %s", (error, refused)), ("%(one)s %(other)s", ({"one": error, "other": refused},))):
        line = formatter.format(logging.LogRecord("instroom", logging.ERROR, "", 0, message, arguments, None))
        assert "de Vries" not in line
        assert "sqlite3.IntegrityError: SQLITE_CONSTRAINT_UNIQUE" in line
        assert "INSTROOM_LOG_FORMAT" in line


def test_a_traceback_that_a_library_logs_as_its_message_is_made_anew() -> None:
    """As pyftpdlib does."""
    import traceback

    name = "-".join(("de", "vries"))
    try:
        raise ValueError(name)
    except ValueError:
        record = logging.LogRecord("pyftpdlib", logging.ERROR, "", 0, traceback.format_exc(), (), None)
        line = LineFormatter().format(record)
    assert name not in line
    assert line.startswith("something broke\nTraceback (most recent call last):\n")
    assert line.endswith("builtins.ValueError")


def test_what_nobody_catches_in_a_thread_is_a_line_of_the_log(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(threading, "excepthook", threading.excepthook)
    monkeypatch.setattr(sys, "unraisablehook", sys.unraisablehook)
    log_lines.log_what_nobody_catches()

    def breaks() -> None:
        raise ValueError

    class Breaks:
        def __del__(self) -> None:
            raise KeyError

    thread = threading.Thread(target=breaks, name="overviews")
    thread.start()
    thread.join()
    Breaks()
    assert [record.getMessage() for record in caplog.records] == ["overviews broke", "MainThread broke"]


@pytest.mark.parametrize("given", ["TEXT", "logfmt", " json"])
def test_another_format_is_refused(given: str) -> None:
    with pytest.raises(SettingsError):
        log_format(given)
