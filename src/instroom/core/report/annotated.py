"""The annotated workbook: the supplier's own rows with what is wrong at the cell itself (product.md C4).

It can be corrected and delivered again: the same headers, every row at its own number, every cell as text; the findings
are colours and comments, never cells. What is said of the file as a whole stands on a second sheet, which is not read.
"""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from instroom.core.language import Language
from instroom.core.layout.loader import Layout
from instroom.core.layout.own_sheets import SUMMARY
from instroom.core.model import Checked, Finding, Severity, Table
from instroom.core.report.counts import WORST_FIRST
from instroom.core.report.marks import Marks, rows_lower
from instroom.core.report.record_names import RecordNames
from instroom.core.report.sentences import message, remedy
from instroom.core.report.sheet_columns import SheetColumns
from instroom.core.report.summary_sheet import COLOURS, FirstSheet, write_summary
from instroom.core.report.words import severity_word, words
from instroom.core.write.atomic import atomic_write
from instroom.core.write.workbook_text import new_workbook, write_text

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

SHEET_ROWS: Final = 1_048_576
COMMENTS: Final = 5_000
"""Cells that get a comment, the gravest first; more make spreadsheet programs slow to open. All get their colour."""
_IN_COMMENT: Final = 5
"""Findings that one comment gives in full."""
_PLAIN: Final = {"num_format": "@", "valign": "top"}
_HEADER: Final = {"num_format": "@", "bold": True, "bottom": 1}


class _Formats(NamedTuple):
    text: "Format"
    header: "Format"
    marked: dict[Severity, "Format"]


def write_annotated(target: Path, checked: Checked, table: Table | None, layout: Layout, lang: Language = "nl") -> None:
    """Write the workbook; the target is replaced when it is whole.

    A file that could not be read gives the summary alone. A row of another width than the header stays an error until
    somebody has looked at it: the workbook cannot be delivered again as if the row were good, or had never been.
    Raises OSError where the file cannot be written.
    """
    marks = Marks(checked, table, layout) if table else None
    first = None
    with atomic_write(target) as draft, new_workbook(draft, row_by_row=True) as workbook:
        if table and marks and table.headers and (table.rows or any(row > 1 for row in marks.rows())):
            names = RecordNames(table, marks.columns, layout)
            first = _write_rows(workbook, _on_sheet(table, checked), marks, names, layout, lang)
        write_summary(workbook, workbook.add_worksheet(SUMMARY[lang]), checked, layout, lang, first)


def _on_sheet(table: Table, checked: Checked) -> Table:
    """The table with the row numbers of the sheet."""
    lower = rows_lower(checked)
    wrong_width_rows = {place + lower: cells for place, cells in table.wrong_width_rows.items()}
    return table._replace(places=[place + lower for place in table.places], wrong_width_rows=wrong_width_rows)


class _Page(NamedTuple):
    """The first sheet while it is written, from the top down: a row that is written cannot be changed later."""

    sheet: "Worksheet"
    formats: _Formats
    marks: Marks
    key: int
    """The column that has the colour of the worst on its row."""
    comments: dict[tuple[int, int], list[Finding]]
    """What the comments tell, by row and column."""
    layout: Layout
    lang: Language


def _write_rows(
    workbook: "Workbook", table: Table, marks: Marks, names: RecordNames, layout: Layout, lang: Language
) -> FirstSheet:
    sheet = workbook.add_worksheet(words(lang)["summary"]["sheet"])
    marked = marks.counts(SHEET_ROWS)
    marked_formats = {
        severity: workbook.add_format({**_PLAIN, "bg_color": COLOURS[severity]}) for severity in WORST_FIRST
    }
    formats = _Formats(workbook.add_format(_PLAIN), workbook.add_format(_HEADER), marked_formats)
    columns = SheetColumns(table, marks, layout)
    page = _Page(sheet, formats, marks, columns.key, marks.found(_cells_to_comment(marks, marked)), layout, lang)
    known = dict(zip(table.places, table.rows, strict=True))
    width = len(table.headers)
    known.update({place: _wrong_width_row(cells, width, lang) for place, cells in table.wrong_width_rows.items()})
    missing = [words(lang)["summary"]["missing"]]
    numbers = sorted(known.keys() | marks.rows() | {1})
    last = min(numbers[-1], SHEET_ROWS)
    columns.set_up(sheet, last, formats.text, SUMMARY[lang])
    columns.open_at_first_fault(sheet, last)
    for number in numbers:
        if number == 1:
            _write_row(page, 1, table.headers, page.formats.header)
        elif number <= SHEET_ROWS:
            _write_row(page, number, known.get(number) or (missing if marks.is_lost(number) else ()), page.formats.text)
    beyond = sum(place > SHEET_ROWS for place in table.places)
    commented = COMMENTS if marked.total() > COMMENTS else None
    return FirstSheet(sheet.get_name(), last, marks, names, table.headers[columns.key], commented, beyond)


def _cells_to_comment(marks: Marks, marked: Counter[Severity]) -> set[tuple[int, int]]:
    """The cells that get a comment: the first of the gravest severity, then those of the next."""
    left, most = COMMENTS, Counter[Severity]()
    for severity in WORST_FIRST:
        most[severity] = min(marked[severity], left)
        left -= most[severity]
    commented = set()
    for row in sorted(marks.rows()):
        for column, severity in marks.severities(row).items():
            if most[severity]:
                most[severity] -= 1
                commented.add((row, column))
    return commented


def _wrong_width_row(cells: list[str], width: int, lang: Language) -> list[str]:
    """A row of another width, with a text beyond the last column that has to be removed by hand: without it, a short
    row of a workbook would pass for a good one, with its values in the wrong columns."""
    if any(cells[width:]):
        return cells
    return [*cells[:width], *[""] * (width - len(cells)), words(lang)["summary"]["odd"]]


def _write_row(page: _Page, number: int, cells: Sequence[str], plain: "Format") -> None:
    severities = page.marks.severities(number)
    if severities and number > 1:
        severities[page.key] = min(severities.values(), key=WORST_FIRST.index)
    for column, value in enumerate(cells):
        if value:
            severity = severities.get(column)
            write_text(page.sheet, number - 1, column, value, page.formats.marked[severity] if severity else plain)
    for column, severity in severities.items():
        if column >= len(cells) or not cells[column]:
            page.sheet.write_blank(number - 1, column, None, page.formats.marked[severity])
        if found := page.comments.get((number, column)):
            _comment(page, number, column, found)


def _comment(page: _Page, number: int, column: int, found: Sequence[Finding]) -> None:
    told = sorted(found, key=lambda finding: WORST_FIRST.index(finding.severity))[:_IN_COMMENT]
    lines = [
        f"{severity_word(one.severity, page.lang).capitalize()}: {message(one, page.layout, page.lang)}"
        f"\n{remedy(one, page.layout, page.lang)}"
        for one in told
    ]
    if len(found) > _IN_COMMENT:
        lines.append(words(page.lang)["summary"]["more"].format(count=len(found) - _IN_COMMENT))
    text = "\n\n".join(lines)
    size = {"width": 300, "height": 20 + 16 * (text.count("\n") + 1 + len(text) // 45)}
    page.sheet.write_comment(number - 1, column, text, {"author": "Instroom", "font_size": 9, **size})
