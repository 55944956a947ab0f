"""Why a workbook is not read any further."""

from typing import Any


class Refused(Exception):
    """Stops the reading; the reader makes a finding of it, so it never leaves `core.read`."""

    def __init__(self, code: str, problem: str, **facts: Any) -> None:
        super().__init__(code, problem)
        self.code = code
        self.facts: dict[str, Any] = {"problem": problem, **facts}


def damaged(problem: str, **facts: Any) -> Refused:
    """A zip or XML that cannot be read to its end, or that does not hold what a workbook holds."""
    return Refused("file-damaged", problem, **facts)


def unsafe(problem: str, **facts: Any) -> Refused:
    """More than a delivery can be, or something that a delivery never holds."""
    return Refused("file-unsafe", problem, **facts)
