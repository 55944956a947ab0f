"""Templates, empty and with example records (product.md A7): each can be delivered as it is."""

from pathlib import Path
from typing import Literal

from instroom.core.language import Language
from instroom.core.layout.loader import Layout
from instroom.core.model import FileFormat
from instroom.core.write.atomic import atomic_write
from instroom.core.write.delivery_file import write_records
from instroom.core.write.example import example_rows
from instroom.core.write.to_xlsx import write_xlsx
from instroom.core.write.to_xml import write_xml
from instroom.core.write.xsd import xsd

TemplateFormat = Literal[FileFormat, "xsd"]


def write_template(
    target: Path, layout: Layout, template_format: TemplateFormat, example: bool, lang: Language = "nl"
) -> None:
    """Write a template, whole or not at all; an XSD is the same with and without example records.

    An empty XML template has one Regel with each element blank, to fill in and to copy. Raises OSError where the file
    cannot be written.
    """
    rows = example_rows(layout) if example else []
    if template_format == "csv":
        write_records(target, "csv", layout, rows)
        return
    with atomic_write(target) as draft:
        if template_format == "xsd":
            draft.write_text(xsd(layout), encoding="utf-8", newline="")
        elif template_format == "xml":
            write_xml(draft, layout, rows or [[""] * len(layout.columns)], blanks=not example)
        else:
            write_xlsx(draft, layout, rows, lang, explanation=True)
