"""What went wrong → exit code, a code for programs, and one sentence for the person."""

import os
from pathlib import Path
from typing import Final, NamedTuple

import click

from instroom.config.home import home
from instroom.core import errors
from instroom.doors.cli.context import Invocation
from instroom.doors.cli.input_file import shown
from instroom.doors.cli.output.usage import usage_sentence
from instroom.doors.cli.output.words import phrase
from instroom.doors.cli.wrong_use import ANSWER_IS_NO, BROKEN, WRONG_USE, Broken, WrongUse
from instroom.store.files.file_store import StoreAway


class Failure(NamedTuple):
    """A failure as it is told."""

    exit_code: int
    code: str
    sentence: str
    unexpected: bool = False


_KINDS: tuple[tuple[type[errors.InstroomError], int, str], ...] = (
    (errors.NotFound, WRONG_USE, "not-found"),
    (errors.SettingsError, WRONG_USE, "setting"),
    (errors.NotAllowed, ANSWER_IS_NO, "not-allowed"),
)
_USUAL: Final[dict[tuple[str, object], str]] = {
    ("no-customer", "demo"): "usual-customer-missing",
    ("no-user", "operator"): "usual-user-missing",
}
"""The code of an error and the name that options have where none is given → a phrase."""


def failure_of(error: Exception, invocation: Invocation) -> Failure:
    """How this exception is told. The text of an unexpected one is not: it may quote a person's data."""
    if isinstance(error, WrongUse):
        exit_code = BROKEN if isinstance(error, Broken) else WRONG_USE
        return Failure(exit_code, error.code, phrase(error.code, invocation.lang, **error.facts))
    if isinstance(error, click.UsageError):
        return Failure(WRONG_USE, "usage", usage_sentence(error, invocation.lang))
    if isinstance(error, errors.LayoutError):
        return Failure(WRONG_USE, "layout", errors.InstroomError("layout", problem=error).sentence(invocation.lang))
    for kind, exit_code, code in _KINDS:
        if isinstance(error, kind):
            return Failure(exit_code, code, error.sentence(invocation.lang) + _advice(error, invocation))
    if isinstance(error, StoreAway):
        facts = {"name": shown(error.filename), "reason": error.strerror}
        return Failure(BROKEN, "files-away", phrase("files-away", invocation.lang, **facts))
    if isinstance(error, OSError) and error.strerror:
        return _of_system(error, invocation)
    return Failure(BROKEN, "broken", phrase("broken", invocation.lang, kind=type(error).__name__), unexpected=True)


def _advice(error: errors.InstroomError, invocation: Invocation) -> str:
    """What to do where nobody was named, and what is usual is not there."""
    code = _USUAL.get((error.code, error.facts.get("name")))
    return f" {phrase(code, invocation.lang)}" if code else ""


def _of_system(error: OSError, invocation: Invocation) -> Failure:
    """What the system refused, for the person who runs the machine; with the name of the setting where it is about the
    home folder. A home that is a file, or lies in one, is a wrong setting."""
    folder = home()
    place = Path(os.fsdecode(error.filename)).absolute() if isinstance(error.filename, str | bytes) else None
    if place is None or not (place == folder or folder in place.parents):
        said = phrase("system", invocation.lang, reason=error.strerror)
        return Failure(BROKEN, "broken", said, unexpected=True)
    name = shown(folder)
    if any(one.is_file() for one in (folder, *folder.parents)):
        return Failure(WRONG_USE, "home-is-a-file", phrase("home-is-a-file", invocation.lang, name=name))
    said = phrase("home-not-usable", invocation.lang, name=name, reason=error.strerror)
    return Failure(BROKEN, "home-not-usable", said, unexpected=True)
