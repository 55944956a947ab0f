"""How a line of the log is written: in UTC, as text or as JSON. What it says of an error is where it broke and of which
kind it was. The text of an error may quote a value of a person, as PostgreSQL does with a row that it refuses."""

import copy
import json
import logging
import os
import sys
import threading
import time
import traceback
from collections.abc import Mapping
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, Final

from instroom.core.errors import InstroomError, SettingsError

FACTS: Final = ("kind", "code", "customer", "delivery", "connection", "webhook", "mail", "call", "address", "more")
"""What a record may carry beside its message, by `extra`: ids, codes, counts and addresses. No value of a person."""
_TRACEBACK: Final = "Traceback (most recent call last)"
_Raised = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


class LineFormatter(logging.Formatter):
    """Tracebacks and arguments without the texts of errors, but for ours and what the operating system says. A message
    is one line."""

    converter = staticmethod(time.gmtime)  # the clock of the machine may have any zone

    def format(self, record: logging.LogRecord) -> str:
        return super().format(without_texts(record))

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - the name of logging
        line = super().formatMessage(record)
        return line if line.isprintable() else line.encode("unicode_escape").decode("ascii")

    def formatException(self, ei: _Raised) -> str:  # noqa: N802 - the name of logging
        parts: dict[int, str] = {}
        error = ei[1]
        while error and id(error) not in parts:  # `raise error from error` is its own cause
            parts[id(error)] = "".join(traceback.format_tb(error.__traceback__)) + _kind_of(error)
            error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
        return f"{_TRACEBACK}:\n" + "\nwhile handling\n".join(parts.values())


class JsonFormatter(LineFormatter):
    """An object a line, in ASCII."""

    def format(self, record: logging.LogRecord) -> str:
        record = without_texts(record)
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        line = {
            "time": at.replace("+00:00", "Z"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        line |= {name: record.__dict__[name] for name in FACTS if name in record.__dict__}
        if record.exc_info:
            line["traceback"] = self.formatException(record.exc_info)
        return json.dumps(line, default=str)


FORMATS: Final[Mapping[str, dict[str, Any]]] = {
    "text": {
        "()": LineFormatter,
        "fmt": "%(asctime)s %(levelname)s %(name)s %(message)s",
        "datefmt": "%Y-%m-%d %H:%M:%SZ",
    },
    "json": {"()": JsonFormatter},
}


def log_format(given: str) -> str:
    """One of FORMATS. Raises SettingsError."""
    if (name := given or "text") not in FORMATS:
        raise SettingsError("setting-log-format")
    return name


def without_texts(record: logging.LogRecord) -> logging.LogRecord:
    """A copy in which errors are told by their kind: those that are arguments, and the one whose traceback is the
    message (pyftpdlib makes it that)."""
    told = copy.copy(record)
    if isinstance(record.args, Mapping):
        told.args = {str(name): _told(one) for name, one in record.args.items()}
    elif record.args:
        told.args = tuple(map(_told, record.args))
    if str(record.msg).startswith(_TRACEBACK):
        told.msg, told.args, told.exc_info = "something broke", (), record.exc_info or sys.exc_info()
    told.exc_text = None  # another formatter's, with the texts
    return told


def traceback_of(error: BaseException) -> str:
    """As the log has it: where it was raised and of which kind, without the texts of errors."""
    return LineFormatter().formatException((type(error), error, error.__traceback__))


def announce(sentence: str) -> None:
    """What a door says on standard error while it starts: a sentence, or a line of the log for a program."""
    if log_format(os.environ.get("INSTROOM_LOG_FORMAT", "")) == "json":
        logging.getLogger("instroom").info(sentence)
    else:
        sys.stderr.write(f"{sentence}\n")
        sys.stderr.flush()


def log_what_nobody_catches() -> None:
    """Python would write its text to standard error."""
    threading.excepthook = sys.unraisablehook = _log_uncaught


def _log_uncaught(what: "threading.ExceptHookArgs | sys.UnraisableHookArgs") -> None:
    if what.exc_value and not isinstance(what.exc_value, SystemExit):
        logging.getLogger("instroom").error("%s broke", threading.current_thread().name, exc_info=what.exc_value)


def _told(argument: object) -> object:
    if isinstance(argument, InstroomError) or not isinstance(argument, BaseException):
        return argument
    return _kind_of(argument)


def _kind_of(error: BaseException) -> str:
    kind = f"{type(error).__module__}.{type(error).__qualname__}"
    code = getattr(error, "sqlstate", None) or getattr(error, "sqlite_errorname", None)
    says = code or (error.strerror if isinstance(error, OSError) else None)
    return f"{kind}: {says}" if says else kind
