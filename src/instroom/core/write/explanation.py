"""The sheet of a template that tells how to fill it in; it is never read as data (product.md A7)."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from instroom.core.language import Language
from instroom.core.layout.descriptions import (
    block_words,
    choices_of,
    description,
    headings,
    instructions,
    required_words,
    type_words,
)
from instroom.core.layout.loader import Column, Layout
from instroom.core.write.choice_lists import longest_list, write_long_lists
from instroom.core.write.workbook_text import write_text

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

_WIDTHS: Final = (8, 28, 10, 60, 36, 10, 34, 24)


def write_explanation(workbook: "Workbook", sheet: "Worksheet", layout: Layout, lang: Language) -> None:
    """How to fill in the file, and below that a line for each column."""
    bold = workbook.add_format({"bold": True, "num_format": "@"})
    text = workbook.add_format({"num_format": "@", "text_wrap": True, "valign": "top"})
    for index, width in enumerate(_WIDTHS):
        sheet.set_column(index, index, width)
    lines: list[tuple[Sequence[str], Format | None]] = [([f"Instroom {layout.id}"], bold)]
    lines += [([sentence], None) for sentence in instructions(layout, lang)]
    lines += [([], None), (headings(lang), bold)]
    lines += [(explained(column, lang), text) for column in layout.columns]
    lines += [([], None)] * (longest_list(layout) - len(lines))
    for row, (values, cell_format) in enumerate(lines):
        for index, value in enumerate(values):
            write_text(sheet, row, index, value, cell_format)
        write_long_lists(sheet, layout, row)


def explained(column: Column, lang: Language) -> tuple[str, ...]:
    """A column in words: position, header, block, meaning, kind, length, required, choices."""
    return (
        str(column.index + 1),
        column.header,
        block_words(column, lang),
        description(column, lang),
        type_words(column, lang),
        str(column.max_length or ""),
        required_words(column, lang) if column.block != "marker" else "",
        ", ".join(choices_of(column)),
    )
