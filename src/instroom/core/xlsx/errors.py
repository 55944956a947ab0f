"""Why a workbook cannot be read."""

from typing import Any


class WorkbookError(Exception):
    """Stops the reading. `code` and `facts` are those of the finding that a delivery gets for it."""

    def __init__(self, code: str, problem: str, **facts: Any) -> None:
        super().__init__(code, problem)
        self.code = code
        self.facts: dict[str, Any] = {"problem": problem, **facts}


class RowsOutOfOrder(WorkbookError):
    """A row stands after one that comes later in the sheet: such a sheet has to be read as a whole."""

    def __init__(self, row: int) -> None:
        super().__init__("file-damaged", "rows-order", row=row)


def damaged(problem: str, **facts: Any) -> WorkbookError:
    """A zip or XML that cannot be read to its end, or without what a workbook must have."""
    return WorkbookError("file-damaged", problem, **facts)


def unsafe(problem: str, **facts: Any) -> WorkbookError:
    """More than a workbook can be, or something that none should hold."""
    return WorkbookError("file-unsafe", problem, **facts)
