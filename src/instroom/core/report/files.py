"""The reports that are files, by their kind (product.md C4). Each is loaded when it is asked for."""

from pathlib import Path
from typing import Final, Literal

from instroom.core.language import Language
from instroom.core.layout.loader import Layout
from instroom.core.model import Checked, Table

AnswerKind = Literal["annotated", "rejected", "report", "whole"]

SUFFIXES: Final[dict[AnswerKind, tuple[str, ...]]] = {
    "annotated": (".xlsx",),
    "rejected": (".csv", ".xlsx", ".xml"),
    "report": (".csv",),
    "whole": (".csv", ".xlsx", ".xml"),
}
"""What the name of each may end in."""


def write_report(
    kind: AnswerKind,
    target: Path,
    checked: Checked,
    table: Table | None,
    layout: Layout,
    lang: Language = "nl",
) -> bool:
    """Write one of them; False where there is nothing to write, which is so of records alone.

    Raises OSError where the file cannot be written.
    """
    if kind == "report":
        from instroom.core.report.csv_report import write_csv_report  # noqa: PLC0415

        write_csv_report(target, checked, layout, lang)
    elif kind == "annotated":
        from instroom.core.report.annotated import write_annotated  # noqa: PLC0415

        write_annotated(target, checked, table, layout, lang)
    else:
        from instroom.core.report.rejected_records import write_rejected  # noqa: PLC0415

        if table is None:
            return False
        return write_rejected(target, _refusing_all(checked, table, kind), table, layout) > 0
    return True


def rows_not_held(kind: AnswerKind, target: Path, checked: Checked, table: Table | None) -> list[int]:
    """The rows that should have been in this report and are not, as its format cannot hold them: see `not_held`."""
    if kind in ("annotated", "report") or table is None:
        return []
    checked = _refusing_all(checked, table, kind)
    if checked.rejected:
        return []
    from instroom.core.report.rejected_records import not_held  # noqa: PLC0415

    return not_held(target, checked, table)


def _refusing_all(checked: Checked, table: Table, kind: AnswerKind) -> Checked:
    """For the whole file: every record, as though each had to be corrected."""
    if kind != "whole":
        return checked
    return checked._replace(refused=frozenset((*table.places, *table.wrong_width_rows)), rejected=False)
