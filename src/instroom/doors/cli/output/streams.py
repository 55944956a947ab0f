"""Standard output and standard error: what a person's terminal gets to see."""

import os
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any, TypeVar

T = TypeVar("T")

_HARMLESS = "\n\t"
_REDIRECTING = {*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x200E, 0x200F, 0x061C, 0x2028, 0x2029}
_VISIBLE = {code: f"\\x{code:02x}" for code in (*range(0x20), *range(0x7F, 0xA0)) if chr(code) not in _HARMLESS} | {
    code: f"\\u{code:04x}" for code in _REDIRECTING
}
"""Control characters could make a terminal hide, colour or run things, and direction marks show a text in another
order than it has: both are written out instead."""


def prepare_streams() -> None:
    """Let no character stop us: what the terminal's encoding lacks is written as an escape. A closed stream is no
    reason to fail either."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: PTH123, SIM115 - lives as long as we do
        elif hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")


def plain(text: str) -> str:
    """The text without anything that a terminal obeys."""
    return text.translate(_VISIBLE)


def say(message: str) -> None:
    """A message to the person, on standard error, after what was answered before."""
    try:
        with suppress(OSError):  # the writer of the answer reports its own failure
            sys.stdout.flush()
        sys.stderr.write(plain(message) + "\n")
        sys.stderr.flush()
    except OSError:  # nobody listens; the exit code still tells
        return


def answer(text: str) -> None:
    """The answer itself, on standard output. Its makers have taken out what a terminal obeys; colours are theirs."""
    sys.stdout.write(text if text.endswith("\n") else text + "\n")


def write_json(document: Any) -> None:
    """One JSON document on standard output, in ASCII: no encoding can spoil it, no terminal obeys it."""
    import json  # noqa: PLC0415 - the text answer starts sooner without it

    sys.stdout.write(json.dumps(document, indent=2) + "\n")


def answer_list(
    name: str, found: Sequence[T], form: str, document: Callable[[T], Any], line: Callable[[T], str], nothing: str
) -> int:
    """What was found: as JSON under `name`, or each in its `line` or lines; where there is none, that is said."""
    if form == "json":
        write_json({name: [document(one) for one in found]})
        return 0
    for one in found:
        answer(line(one))
    if not found:
        say(nothing)
    return 0


def colours() -> bool:
    """Whether standard output is a terminal that shows colours (https://no-color.org)."""
    environment = os.environ
    return sys.stdout.isatty() and not environment.get("NO_COLOR") and environment.get("TERM", "dumb") != "dumb"
