"""A plan as a workbook, for people who do not work with Instroom: a row for each value that changes."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

from instroom.core.language import Language
from instroom.core.layout.loader import Layout
from instroom.core.report.change_lines import ChangedValue, lines_of
from instroom.core.report.sentences import title
from instroom.core.report.words import named, words
from instroom.core.write.workbook_text import new_workbook, write_text

_COLUMNS: Final = ("kind", "name", "number", "source", "row", "change", "field", "was", "becomes", "warning")
_WIDTHS: Final = (10, 30, 16, 12, 8, 18, 24, 30, 30, 30)


class SheetRow(NamedTuple):
    """A change, as `flow.queries.plan_page.PlanRow` has it."""

    name: str
    document: dict[str, Any]
    warnings: Sequence[str]
    companies: tuple[str, str]


def write_plan(target: Path, rows: Iterable[SheetRow], layout: Layout, lang: Language) -> None:
    """All cells are text, whatever they look like. A dossier that is new or goes has one row. Raises OSError."""
    texts = words(lang)["plan_workbook"]
    with new_workbook(target, row_by_row=True) as workbook:
        sheet = workbook.add_worksheet(texts["sheet"])
        sheet.freeze_panes(1, 2)
        for column, width in enumerate(_WIDTHS):
            sheet.set_column(column, column, width)
        bold, number = workbook.add_format({"bold": True, "bottom": 1}), 0
        for column, name in enumerate(_COLUMNS):
            write_text(sheet, 0, column, texts[name], bold)
        for row in rows:
            for cells in _cells(row, layout, lang):
                number += 1
                for column, text in enumerate(cells):
                    if text:
                        write_text(sheet, number, column, text)
        sheet.autofilter(0, 0, number, len(_COLUMNS) - 1)


def _cells(row: SheetRow, layout: Layout, lang: Language) -> Iterator[tuple[str, ...]]:
    change, link = row.document, row.document["link"]
    as_one = change["action"] in ("new", "removed")
    lines = lines_of(change, layout, lang, companies=row.companies)
    warnings = "; ".join(title(code, lang) for code in row.warnings)
    place = "" if change["row"] is None else str(change["row"])
    who = (named(1, change["kind"], lang), row.name, change["extern_id"], change["source"], place)
    if as_one:
        lines = [ChangedValue("", _joined(lines, "old"), _joined(lines, "new"))]
    for line in lines:
        word = change["action"] if as_one else link[0] if line.link else "changed"
        yield (*who, words(lang)["outcome"][word], line.label, line.old, line.new, warnings)


def _joined(lines: Iterable[ChangedValue], name: str) -> str:
    return "; ".join(f"{line.label}: {value}" for line in lines if (value := getattr(line, name)))
