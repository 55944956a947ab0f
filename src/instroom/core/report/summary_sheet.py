"""The second sheet of an annotated workbook: the verdict, the counts, and all that was found, as a list."""

from math import ceil
from typing import TYPE_CHECKING, Final, NamedTuple

from instroom.core.findings.collected import MOST_OF_GROUP, FindingGroup
from instroom.core.language import Language
from instroom.core.layout.loader import Layout
from instroom.core.model import Checked, Finding, Severity
from instroom.core.report.counts import WORST_FIRST, counts_by_group, unlisted
from instroom.core.report.marks import Marks, rows_lower
from instroom.core.report.record_names import RecordNames
from instroom.core.report.sentences import message, remedy, title
from instroom.core.report.text_report import head_lines
from instroom.core.report.visible import visible
from instroom.core.report.words import severity_word, words
from instroom.core.wording.phrases import number
from instroom.core.write.choice_lists import longest_list, write_long_lists
from instroom.core.write.workbook_text import write_text

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

LISTED: Final = 10_000
"""Findings on the sheet; more are in the report as CSV and JSON."""
COLOURS: Final[dict[Severity, str]] = {"error": "#FFC7CE", "warning": "#FFEB9C", "notice": "#DDEBF7"}
_KINDS: Final = ("title", "severity", "count", "column", "remedy", "", "", "", "code")
_FINDINGS: Final = ("name", "severity", "row", "column", "value", "message", "remedy", "other_rows", "code")
_WIDTHS: Final = (34, 14, 8, 30, 28, 60, 60, 16, 28)
_SEVERITY: Final = 1  # the column that has its colour
_VALUE_LENGTH: Final = 200
_A4: Final = 9
_LINE_HEIGHT: Final = 15  # points
_OF_A_WIDTH: Final = 0.85
"""How much of a cell's width its lines fill: they break between words, and fonts differ by program."""

Line = list[str | int]


class FirstSheet(NamedTuple):
    """The sheet with the supplier's rows, and what it had to leave out."""

    name: str
    last_row: int
    marks: Marks
    names: RecordNames
    key_header: str
    commented: int | None  # only so many cells with a finding have a comment; None: all have one
    beyond: int  # rows further down than a sheet reaches

    def address(self, finding: Finding) -> str:
        """Where a finding stands, such as `'Aanlevering'!BI24`; "" for one about the file as a whole."""
        from xlsxwriter.utility import xl_rowcol_to_cell  # noqa: PLC0415 - only who writes a workbook pays for this

        row, column = self.marks.place(finding) or (self.last_row + 1, 0)
        return f"'{self.name}'!{xl_rowcol_to_cell(row - 1, column)}" if row <= self.last_row else ""


class _Lines:
    """Writes lines on a sheet from the top down, and far beside them the lists that the first sheet chooses from."""

    def __init__(self, workbook: "Workbook", sheet: "Worksheet", lists_of: Layout | None) -> None:
        self._sheet, self._lists_of, self.row = sheet, lists_of, 0
        self._longest = longest_list(lists_of) if lists_of else 0
        wrapped = {"num_format": "@", "valign": "top", "text_wrap": True}
        self._wrapped = workbook.add_format(wrapped)
        self._plain = workbook.add_format({"num_format": "@", "valign": "top"})
        self._bold = workbook.add_format({"num_format": "@", "bold": True, "bottom": 1})
        self._number = workbook.add_format({"align": "left", "valign": "top"})
        self._link = workbook.add_format({"align": "left", "valign": "top", "font_color": "#0563C1", "underline": 1})
        self._marked = {
            severity: workbook.add_format({**wrapped, "bg_color": COLOURS[severity]}) for severity in WORST_FIRST
        }
        for column, width in enumerate(_WIDTHS):
            sheet.set_column(column, column, width)
        sheet.set_landscape()
        sheet.set_paper(_A4)
        sheet.fit_to_pages(1, 0)  # printed as wide as a page, on as many as it takes

    def text(self, text: str) -> None:
        """A line of its own."""
        self._cell(0, text, self._plain)
        self._next()

    def legend(self, severity: Severity, name: str, meaning: str) -> None:
        """A colour and what it means."""
        self._cell(0, name, self._marked[severity])
        self._cell(1, meaning, self._plain)
        self._next()

    def heading(self, texts: list[str]) -> None:
        """The headings of a list, after a blank line."""
        self._next()
        for column, text in enumerate(texts):
            self._cell(column, text, self._bold)
        self._next()

    def line(self, values: Line, severity: Severity, address: str, wrap: range) -> None:
        """A line of a list. Its number leads to the address, and the columns to `wrap` are as high as their text."""
        height = max(_lines_in(str(values[column]), _WIDTHS[column]) for column in wrap)
        if height > 1:
            self._sheet.set_row(self.row, min(height * _LINE_HEIGHT, 409))
        for column, value in enumerate(values):
            if isinstance(value, int):
                if address:
                    self._sheet.write_url(self.row, column, f"internal:{address}", self._link, str(value))
                self._sheet.write_number(self.row, column, value, self._link if address else self._number)
            elif column == _SEVERITY:
                self._cell(column, value, self._marked[severity])
            else:
                self._cell(column, value, self._wrapped if column in wrap else self._plain)
        self._next()

    def end(self) -> None:
        """The rest of the lists, where they are longer than what stands beside them."""
        while self.row < self._longest:
            self._next()

    def _cell(self, column: int, text: str, cell_format: "Format") -> None:
        if text:
            write_text(self._sheet, self.row, column, text, cell_format)

    def _next(self) -> None:
        if self._lists_of and self.row < self._longest:
            write_long_lists(self._sheet, self._lists_of, self.row)
        self.row += 1


def _lines_in(text: str, width: int) -> int:
    """How many lines a text takes in a cell of so many characters."""
    return sum(max(ceil(len(line) / (width * _OF_A_WIDTH)), 1) for line in text.split("\n"))


def write_summary(
    workbook: "Workbook", sheet: "Worksheet", checked: Checked, layout: Layout, lang: Language, first: FirstSheet | None
) -> None:
    """Fill the sheet; `first` is the one with the rows, where there is one."""
    page, names = _Lines(workbook, sheet, layout if first else None), words(lang)["heading"]
    for text in (*head_lines(checked, lang), *_explanations(checked, lang, first)):
        page.text(text)
    if first and checked.findings:
        _write_legend(page, first.key_header, lang)
    if checked.findings:
        page.heading([names[name] if name else "" for name in _KINDS])
        counts = counts_by_group(checked)
        for group, finding in _first_of_each(checked).items():
            line = _kind_line(group, finding, counts[group], layout, lang)
            page.line(line, finding.severity, first.address(finding) if first else "", range(1))
        page.heading([names[name] for name in _FINDINGS])
        heading = page.row - 1
        for finding in checked.findings[:LISTED]:
            line = _finding_line(finding, first.names.at(finding.row) if first else "", layout, lang)
            page.line(line, finding.severity, first.address(finding) if first else "", range(len(line)))
        sheet.autofilter(heading, 0, page.row - 1, len(_FINDINGS) - 1)
    page.end()


def _write_legend(page: _Lines, key_header: str, lang: Language) -> None:
    texts = words(lang)["legend"]
    page.heading([texts["heading"]])
    for severity in WORST_FIRST:
        page.legend(severity, severity_word(severity, lang), texts[severity])
    page.text(texts["key"].format(header=visible(key_header)))


def _first_of_each(checked: Checked) -> dict[FindingGroup, Finding]:
    """Of each kind in each column the first finding; errors first, then as they first occur."""
    firsts: dict[FindingGroup, Finding] = {}
    for finding in checked.findings:
        firsts.setdefault((finding.severity, finding.code, finding.column), finding)
    return dict(sorted(firsts.items(), key=lambda item: WORST_FIRST.index(item[0][0])))


def _explanations(checked: Checked, lang: Language, first: FirstSheet | None) -> list[str]:
    texts, findings = words(lang)["summary"], counts_by_group(checked).total()
    lines = []
    if findings:
        lines.append(texts["colours" if first else "unread"])
    if first and rows_lower(checked):
        lines.append(texts["xml_rows"])
    some = "_some" if unlisted(checked) else ""
    if first and first.commented is not None:
        lines.append(texts[f"comments{some}"].format(limit=number(first.commented, lang)))
    if first and first.beyond:
        lines.append(texts["beyond"].format(count=number(first.beyond, lang)))
    if some:
        lines.append(texts["unlisted"].format(limit=number(MOST_OF_GROUP, lang)))
    if findings > LISTED:
        lines.append(texts[f"listed{some}"].format(limit=number(LISTED, lang), count=number(findings, lang)))
    return lines


def _kind_line(group: FindingGroup, finding: Finding, count: int, layout: Layout, lang: Language) -> Line:
    severity, code, column = group
    advice = remedy(finding._replace(facts={}, value=None), layout, lang)
    return [title(code, lang), severity_word(severity, lang), count, visible(column or ""), advice, "", "", "", code]


def _finding_line(finding: Finding, name: str, layout: Layout, lang: Language) -> Line:
    return [
        name,
        severity_word(finding.severity, lang),
        "" if finding.row is None else finding.row,
        visible(finding.column or ""),
        visible(finding.value or "", _VALUE_LENGTH),
        message(finding, layout, lang),
        remedy(finding, layout, lang),
        ", ".join(map(str, finding.other_rows[:20])),
        finding.code,
    ]
