"""What a file turns out to be."""

from typing import NamedTuple

from instroom.core.findings import finding
from instroom.core.model import FileFormat, Finding


class Content(NamedTuple):
    """The format of a file by its content, and what is wrong with it."""

    format: FileFormat | None  # None: not one of the three
    findings: tuple[Finding, ...] = ()


def unknown(looks_like: str) -> Content:
    """Neither CSV, XLSX nor XML."""
    return Content(None, (finding("file-format-unknown", facts={"looks_like": looks_like}),))


def damaged(problem: str, format: FileFormat | None = "xlsx") -> Content:
    """It was one of the three, and cannot be read to its end."""
    return Content(format, (finding("file-damaged", facts={"problem": problem}),))


def unsafe(problem: str) -> Content:
    """A workbook that could harm us or the next one who opens it."""
    return Content("xlsx", (finding("file-unsafe", facts={"problem": problem}),))
