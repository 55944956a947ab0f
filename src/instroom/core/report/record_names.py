"""Of whom a row of a delivered file is, in a few words: so that a finding can be read without the file beside it."""

from collections.abc import Mapping
from typing import Final

from instroom.core.layout.loader import Layout
from instroom.core.model import Checked, Table
from instroom.core.report.marks import columns_by_label
from instroom.core.report.visible import visible

_PERSON: Final = ("first_name", "initials"), ("surname_prefix",), ("surname",)
"""The parts of a person's name: of each the first field that is filled in."""
_COMPANY: Final = (("name",),)


class RecordNames:
    """The name of the person on each row, or else that of the company."""

    def __init__(self, table: Table, columns: Mapping[str, int], layout: Layout) -> None:
        """`columns`: where each column of the layout stands in the table, by its label."""
        self._rows = dict(zip(table.places, table.rows, strict=True))
        self._parts = [
            [[columns[labels[field]] for field in part if labels.get(field) in columns] for part in parts]
            for block, parts in ((layout.person, _PERSON), (layout.company, _COMPANY))
            for labels in [{column.field: column.label for column in block.columns}]
        ]

    def at(self, row: int | None) -> str:
        """The name on the row of that number in the file; "" where there is none."""
        cells = self._rows.get(row or 0)
        if cells is None:
            return ""
        names = (
            " ".join(filled for part in parts if (filled := next((cells[at] for at in part if cells[at]), "")))
            for parts in self._parts
        )
        return visible(next(filter(None, names), ""))


def names_of_rows(checked: Checked, table: Table, layout: Layout) -> dict[int, str]:
    """The names on all rows that have one."""
    names = RecordNames(table, columns_by_label(checked, table, layout), layout)
    return {row: name for row in table.places if (name := names.at(row))}
