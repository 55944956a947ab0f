"""Makes the file of an example, as a supplier would deliver it."""

from pathlib import Path

from instroom.core.layout.loader import Layout
from instroom.core.write.to_xml import write_xml
from tests.spec import builders
from tests.spec.loading import Example, Rows


def write_example(example: Example, file_format: str, folder: Path) -> Path:
    """Write the file of the example in this format, in the folder; gives where it is."""
    path = folder / (example.file_name or f"delivery.{file_format}")
    if example.text:
        path.write_text(example.text, encoding="utf-8", newline="")
        return path
    rows = full_rows(example)
    if example.builder:
        path.write_bytes(getattr(builders, example.builder)(rows))
    elif file_format == "xlsx":
        path.write_bytes(builders.workbook(rows))
    elif file_format == "xml":
        write_xml(path, example.layout, _texts(rows[1:]))
    else:
        path.write_bytes(builders.csv(rows))
    return path


def full_rows(example: Example) -> Rows:
    """The rows with all columns of the layout, the header first."""
    if not example.table:
        return [list(example.layout.headers)]
    labels, *records = example.table
    rows = [_full(example.layout, dict(zip(labels, record, strict=True))) for record in records]
    if example.repeat > 1:
        last = rows.pop()
        rows += [[_numbered(cell, n) for cell in last] for n in range(1, example.repeat + 1)]
    return _with_header(example, rows)


def _full(layout: Layout, cells: dict) -> list:
    known = {column.label for column in layout.columns}
    assert not set(cells) - known, set(cells) - known
    return [cells.get(column.label, "") for column in layout.columns]


def _numbered(cell: object, n: int) -> object:
    return cell.replace("{n}", str(n)) if isinstance(cell, str) else cell


def _with_header(example: Example, rows: Rows) -> Rows:
    """The header as the example has it: changed in the file, and the cells with it."""
    change = example.header
    rows = [list(example.layout.headers), *rows]
    if not change:
        return rows
    for header, behind in change.get("move", {}).items():
        source, target = rows[0].index(header), rows[0].index(behind)
        for row in rows:
            row.insert(target if source < target else target + 1, row.pop(source))
    for header in change.get("remove", ()):
        index = rows[0].index(header)
        for row in rows:
            del row[index]
    for header, behind in change.get("add", {}).items():
        index = rows[0].index(behind) + 1
        for row in rows:
            row.insert(index, header if row is rows[0] else "")
    renamed = change.get("rename", {})
    rows[0] = [renamed.get(header, header) for header in rows[0]]
    above = [[title, *[""] * (len(rows[0]) - 1)] for title in change.get("above", ())]
    return [*above, *(rows[1:] if change.get("none") else rows)]


def _texts(rows: Rows) -> list[list[str]]:
    return [[str(cell) for cell in row] for row in rows]
