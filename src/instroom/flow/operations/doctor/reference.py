"""The reference page of what the doctor says, made from its codes and sentences."""

from collections.abc import Iterator
from typing import Final

from instroom.flow.operations.doctor.diagnosis import CODES, LEVELS, SENTENCES, UNEXAMINED

_GENERATED: Final = "<!-- Generated from `instroom.flow.operations.doctor.diagnosis`; not written by hand. -->"
_TABLE: Final = ("| code | level | says |", "| --- | --- | --- |")


def pages() -> dict[str, str]:
    """Every generated page about the doctor: its path in the repository and its text."""
    return {"docs/reference/doctor.md": "\n".join(_page())}


def _page() -> Iterator[str]:
    words = SENTENCES.texts("en")
    yield from (_GENERATED, "", "# What the doctor says", "")
    yield "The codes of `instroom doctor`, for programs. [How to use it](../how-to/find-out-what-is-wrong.md)."
    for subject, levels in CODES.items():
        yield from ("", f"## `{subject}`: {words[f'subject-{subject}']}", "", *_TABLE)
        yield from (_row(code, level) for level in reversed(LEVELS) for code in levels.get(level, "").split())
    yield from ("", "## Of any subject", "", *_TABLE)
    yield from (_row(code, level) for code, level in UNEXAMINED.items())
    yield ""


def _row(code: str, level: str) -> str:
    return f"| `{code}` | {level} | {SENTENCES.texts('en')[code].replace(':number}', '}').replace(':and}', '}')} |"
