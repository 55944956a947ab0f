"""The second sheet of an annotated workbook: the verdict, the counts, and all that was found, as a list."""

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from instroom.core.findings.collected import MOST_OF_GROUP
from instroom.core.language import Language
from instroom.core.layout.loader import Layout
from instroom.core.model import Checked, Finding
from instroom.core.report.counts import counts_by_group, grouped, unlisted
from instroom.core.report.marks import rows_lower
from instroom.core.report.sentences import message, remedy, title
from instroom.core.report.text_report import head_lines
from instroom.core.report.visible import visible
from instroom.core.report.words import severity_word, words
from instroom.core.wording.phrases import number
from instroom.core.write.workbook_text import write_text

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

LISTED: Final = 10_000
"""Findings on the sheet; more are in the report as CSV and JSON."""
_GROUPS: Final = ("severity", "count", "code", "", "title", "remedy")
_FINDINGS: Final = ("severity", "row", "column", "value", "message", "remedy", "other_rows", "code")
_WIDTHS: Final = (14, 8, 28, 28, 60, 60, 16, 28)
_VALUE_LENGTH: Final = 200


class Bounds(NamedTuple):
    """What the first sheet holds, and what it had to leave out."""

    rows: bool  # there is a first sheet with the supplier's rows
    commented: int | None  # only so many cells with a finding have a comment; None: all have one
    beyond: int  # rows further down than a sheet reaches


class _Lines:
    """Writes lines on a sheet from the top down."""

    def __init__(self, workbook: "Workbook", sheet: "Worksheet") -> None:
        self._sheet, self._row = sheet, 0
        self._wrapped = workbook.add_format({"num_format": "@", "valign": "top", "text_wrap": True})
        self._plain = workbook.add_format({"num_format": "@"})
        self._bold = workbook.add_format({"num_format": "@", "bold": True, "bottom": 1})
        for column, width in enumerate(_WIDTHS):
            sheet.set_column(column, column, width)

    def text(self, text: str) -> None:
        """A line of its own."""
        self._cells([text], self._plain)

    def heading(self, texts: list[str]) -> None:
        """The headings of a list, after a blank line."""
        self._row += 1
        self._cells(texts, self._bold)

    def line(self, values: list[str | int]) -> None:
        """A line of a list."""
        self._cells(values, self._wrapped)

    def _cells(self, values: Any, cell_format: "Format") -> None:
        for column, value in enumerate(values):
            if isinstance(value, int):
                self._sheet.write_number(self._row, column, value)
            elif value:
                write_text(self._sheet, self._row, column, value, cell_format)
        self._row += 1


def write_summary(
    workbook: "Workbook", sheet: "Worksheet", checked: Checked, layout: Layout, lang: Language, bounds: Bounds
) -> None:
    """Fill the sheet; `bounds` says what the first sheet lacks."""
    page, names = _Lines(workbook, sheet), words(lang)["heading"]
    for line in (*head_lines(checked, lang), *_explanations(checked, lang, bounds)):
        page.text(line)
    if not checked.findings:
        return
    page.heading([names[name] if name else "" for name in _GROUPS])
    for group in grouped(checked):
        severity = severity_word(group.severity, lang)
        advice = remedy(group.shown[0]._replace(facts={}, value=None), layout, lang)
        page.line([severity, group.amount, group.code, "", title(group.code, lang), advice])
    page.heading([names[name] for name in _FINDINGS])
    for finding in checked.findings[:LISTED]:
        page.line(_finding_line(finding, layout, lang))


def _explanations(checked: Checked, lang: Language, bounds: Bounds) -> list[str]:
    texts, findings = words(lang)["summary"], counts_by_group(checked).total()
    lines = []
    if findings:
        lines.append(texts["colours" if bounds.rows else "unread"])
    if bounds.rows and rows_lower(checked):
        lines.append(texts["xml_rows"])
    some = "_some" if unlisted(checked) else ""
    if bounds.commented is not None:
        lines.append(texts[f"comments{some}"].format(limit=number(bounds.commented, lang)))
    if bounds.beyond:
        lines.append(texts["beyond"].format(count=number(bounds.beyond, lang)))
    if some:
        lines.append(texts["unlisted"].format(limit=number(MOST_OF_GROUP, lang)))
    if findings > LISTED:
        lines.append(texts[f"listed{some}"].format(limit=number(LISTED, lang), count=number(findings, lang)))
    return lines


def _finding_line(finding: Finding, layout: Layout, lang: Language) -> list[str | int]:
    return [
        severity_word(finding.severity, lang),
        "" if finding.row is None else finding.row,
        visible(finding.column or ""),
        visible(finding.value or "", _VALUE_LENGTH),
        message(finding, layout, lang),
        remedy(finding, layout, lang),
        ", ".join(map(str, finding.other_rows[:20])),
        finding.code,
    ]
