"""Writes records in the delivery layout: exports, rejected records and templates are files that can be delivered."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from instroom.core.language import Language
from instroom.core.layout.loader import Layout
from instroom.core.model import FileFormat
from instroom.core.write.atomic import atomic_write
from instroom.core.write.to_csv import write_csv
from instroom.core.write.to_xlsx import write_xlsx
from instroom.core.write.to_xml import write_xml


def write_records(
    target: Path, file_format: FileFormat, layout: Layout, rows: Iterable[Sequence[str]], lang: Language = "nl"
) -> None:
    """Write the rows, each with one text for each column of the layout; values are written as they are.

    The target is replaced when the file is whole. `lang` is that of the comments in a workbook. Rows are taken one by
    one, so that an iterator keeps memory flat. Raises OSError where the file cannot be written.
    """
    with atomic_write(target) as draft:
        if file_format == "csv":
            write_csv(draft, layout, rows)
        elif file_format == "xml":
            write_xml(draft, layout, rows)
        else:
            write_xlsx(draft, layout, rows, lang)
