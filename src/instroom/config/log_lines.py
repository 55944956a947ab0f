"""What a line of the log says of an error: where it broke, and of which kind it was. Its text may quote a value of a
person, as PostgreSQL does with a row that it refuses."""

import logging
import traceback
from types import TracebackType

_Raised = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


class LineFormatter(logging.Formatter):
    """Tracebacks without the texts of errors, but for what the operating system says. A message is one line."""

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - the name of logging
        line = super().formatMessage(record)
        return line if line.isprintable() else line.encode("unicode_escape").decode("ascii")

    def formatException(self, ei: _Raised) -> str:  # noqa: N802 - the name of logging
        parts: dict[int, str] = {}
        error = ei[1]
        while error and id(error) not in parts:  # `raise error from error` is its own cause
            kind = f"{type(error).__module__}.{type(error).__qualname__}"
            says = getattr(error, "sqlstate", None) or (error.strerror if isinstance(error, OSError) else None)
            where = "".join(traceback.format_tb(error.__traceback__))
            parts[id(error)] = where + (f"{kind}: {says}" if says else kind)
            error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
        return "Traceback (most recent call last):\n" + "\nwhile handling\n".join(parts.values())
