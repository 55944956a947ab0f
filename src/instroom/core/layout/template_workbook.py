"""Reads what an existing template workbook tells of its columns: headers, comments and what cells may hold.

Only `derive` uses this. A delivery is read by `instroom.core.read`, which knows nothing of comments and validations.
"""

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

from instroom.core.errors import LayoutError
from instroom.core.layout.own_sheets import OWN_SHEETS
from instroom.core.layout.package import Node, Package, cell_position

_RANGE: Final = re.compile(r"(?:'((?:[^']|'')+)'|([^'!]+))!(\$?[A-Z]+\$?\d+)(?::(\$?[A-Z]+\$?\d+))?")
_LIST_CELLS: Final = 1_000


class TemplateColumn(NamedTuple):
    """A column as its template describes it."""

    header: str
    comment: str
    choices: tuple[str, ...]
    max_length: int | None  # characters, from a validation of text length


class _Rules(NamedTuple):
    choices: dict[int, tuple[str, ...]]
    lengths: dict[int, int]


def read_template(path: Path) -> list[TemplateColumn]:
    """The columns of the first sheet, from its row 1; blank headers at the end are left away.

    Raises LayoutError where this is no workbook, or one that is damaged, protected or out of all proportion.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            package = Package(archive)
            return _columns(package, _first_sheet(package))
    except (OSError, zipfile.BadZipFile, RuntimeError, NotImplementedError, LookupError, ValueError) as error:
        raise LayoutError(
            f"{path.name} is no Excel workbook (.xlsx) that can be read",
            f"{path.name} is geen Excel-werkmap (.xlsx) die gelezen kan worden",
        ) from error


def _first_sheet(package: Package) -> str:
    for name, part in package.sheets().items():
        if name not in OWN_SHEETS:
            return part
    raise ValueError("it has no sheet with data")


def _columns(package: Package, part: str) -> list[TemplateColumn]:
    sheet = package.tree(part, rows=range(1, 2))
    headers = {column: text.strip() for (_, column), text in package.cells(sheet).items() if text.strip()}
    comments, rules = _comments(package, part), _rules(package, sheet)
    return [
        TemplateColumn(
            headers.get(index, ""), comments.get(index, ""), rules.choices.get(index, ()), rules.lengths.get(index)
        )
        for index in range(max(headers, default=-1) + 1)
    ]


def _comments(package: Package, sheet_part: str) -> dict[int, str]:
    found = {}
    for part in package.related(sheet_part, "/comments"):
        for comment in package.tree(part).all("comment"):
            row, column = cell_position(comment.attributes["ref"])
            if row == 1:
                found[column] = "".join(text.text for text in comment.all("t"))
    return found


def _rules(package: Package, sheet: Node) -> _Rules:
    rules = _Rules({}, {})
    for rule in sheet.all("dataValidation"):
        for column in _columns_of(rule):
            if rule.attributes.get("type") == "list":
                rules.choices[column] = tuple(_choices(package, _formula(rule, "formula1")))
            elif rule.attributes.get("type") == "textLength" and (length := _length(rule)):
                rules.lengths[column] = length
    return rules


def _columns_of(rule: Node) -> Iterator[int]:
    areas = rule.attributes.get("sqref") or "".join(node.text for node in rule.all("sqref"))
    for area in areas.split():
        first, _, last = area.partition(":")
        start, end = cell_position(first)[1], cell_position(last or first)[1]
        if end - start < _LIST_CELLS:
            yield from range(start, end + 1)


def _formula(rule: Node, name: str) -> str:
    return "".join(inner.text for node in rule.all(name) for inner in (node, *node.all("f"))).strip()


def _length(rule: Node) -> int | None:
    kind = rule.attributes.get("operator", "between")
    text = _formula(rule, "formula2" if kind == "between" else "formula1")
    if not text.isascii() or not text.isdigit():
        return None
    return {"between": int(text), "lessThanOrEqual": int(text), "lessThan": int(text) - 1}.get(kind)


def _choices(package: Package, formula: str) -> list[str]:
    if formula.startswith('"'):
        return [choice.strip() for choice in formula.strip('"').replace('""', '"').split(",") if choice.strip()]
    area = _RANGE.fullmatch(package.names().get(formula, formula))
    if not area:
        return []
    part = package.sheets().get((area[1] or area[2]).replace("''", "'"))
    (top, left), (bottom, right) = cell_position(area[3]), cell_position(area[4] or area[3])
    if part is None or bottom - top >= _LIST_CELLS:
        return []
    cells = package.cells(package.tree(part, rows=range(top, bottom + 1)))
    return [text.strip() for (_, column), text in sorted(cells.items()) if left <= column <= right and text.strip()]
