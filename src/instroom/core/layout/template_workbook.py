"""Reads what an existing template workbook says of its columns: headers, comments and what cells may hold."""

import re
from itertools import takewhile
from pathlib import Path
from typing import Final, NamedTuple

from instroom.core.errors import LayoutError
from instroom.core.layout.own_sheets import OWN_SHEETS
from instroom.core.model import Limits
from instroom.core.whole_number import whole_number
from instroom.core.xlsx.errors import WorkbookError
from instroom.core.xlsx.references import parse_area
from instroom.core.xlsx.validations import Validation
from instroom.core.xlsx.workbook import Workbook
from instroom.core.xlsx.workbook_part import Sheet

_RANGE: Final = re.compile(r"(?:'((?:[^']|'')+)'|([^'!]+))!(\$?[A-Z]+\$?\d+(?::\$?[A-Z]+\$?\d+)?)")
_LIST_CELLS: Final = 1_000
_COLUMNS: Final = 1_000
"""A validation of more columns than this says nothing of any of them."""


class TemplateColumn(NamedTuple):
    """A column as its template describes it."""

    header: str
    comment: str
    choices: tuple[str, ...]
    max_length: int | None  # characters, from a validation of text length


def read_template(path: Path) -> list[TemplateColumn]:
    """The columns of the first sheet, from its row 1; blank headers at the end are left out.

    Raises LayoutError where this is no workbook, or one that is damaged, protected or out of all proportion.
    """
    try:
        with Workbook(path, Limits()) as workbook:
            return _columns(workbook, _first_sheet(workbook))
    except (OSError, LookupError, WorkbookError) as error:
        raise LayoutError("template-not-a-workbook", file=path.name) from error


def _first_sheet(workbook: Workbook) -> Sheet:
    for sheet in workbook.sheets:
        if sheet.name not in OWN_SHEETS:
            return sheet
    raise LookupError("it has no sheet with data")


def _columns(workbook: Workbook, sheet: Sheet) -> list[TemplateColumn]:
    first = next(workbook.reader(sheet).rows(), None)
    cells = first.cells if first is not None and first.number == 1 else {}
    headers = {column: text.strip() for column, text in cells.items() if text.strip()}
    comments = {column: text for (column, row), text in workbook.comments(sheet).items() if row == 1}
    lists = _Lists(workbook)
    choices: dict[int, tuple[str, ...]] = {}
    lengths: dict[int, int] = {}
    for validation in workbook.validations(sheet):
        areas = [(left, right) for left, _, right, _ in validation.areas if right - left < _COLUMNS]
        columns = [column for left, right in areas for column in range(left, right + 1)]
        if validation.kind == "list":
            choices |= dict.fromkeys(columns, lists.choices(validation.formula1))
        elif validation.kind == "textLength" and (length := _length(validation)):
            lengths |= dict.fromkeys(columns, length)
    return [
        TemplateColumn(headers.get(index, ""), comments.get(index, ""), choices.get(index, ()), lengths.get(index))
        for index in range(max(headers, default=-1) + 1)
    ]


def _length(validation: Validation) -> int | None:
    length = whole_number(validation.formula2 if validation.operator == "between" else validation.formula1)
    if length is None:
        return None
    return {"between": length, "lessThanOrEqual": length, "lessThan": length - 1}.get(validation.operator)


class _Lists:
    """The lists that validations of one workbook choose from; each is looked up once."""

    def __init__(self, workbook: Workbook) -> None:
        self._workbook = workbook
        self._names = workbook.defined_names()
        self._sheets = {sheet.name: sheet for sheet in workbook.sheets}
        self._known: dict[str, tuple[str, ...]] = {}

    def choices(self, formula: str) -> tuple[str, ...]:
        """The choices that a formula lists itself, or that stand in the cells that it names."""
        if formula not in self._known:
            if formula.startswith('"'):
                texts = formula.strip('"').replace('""', '"').split(",")
            else:
                texts = self._in_cells(self._names.get(formula, formula))
            self._known[formula] = tuple(text.strip() for text in texts if text.strip())
        return self._known[formula]

    def _in_cells(self, reference: str) -> list[str]:
        match = _RANGE.fullmatch(reference)
        cells = parse_area(match[3]) if match else None
        sheet = self._sheets.get((match[1] or match[2]).replace("''", "'")) if match else None
        if cells is None or sheet is None:
            return []
        left, top, right, bottom = cells
        if bottom - top >= _LIST_CELLS:
            return []
        rows = takewhile(lambda row: row.number <= bottom, self._workbook.reader(sheet).rows())
        return [
            text
            for row in rows
            if row.number >= top
            for column, text in sorted(row.cells.items())
            if left <= column <= right
        ]
