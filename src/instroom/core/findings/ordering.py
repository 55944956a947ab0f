"""The order of findings: by row, then by column of the layout, then by code (product.md, contracts)."""

from collections.abc import Iterable

from instroom.core.layout.loader import Layout
from instroom.core.model import Finding


def in_order(findings: Iterable[Finding], layout: Layout) -> list[Finding]:
    """Findings about the file as a whole first, then row by row; within a row those about no single column first."""
    positions = {column.label: column.index for column in layout.columns}

    def place(item: Finding) -> tuple[int, int, str]:
        column = -1 if item.column is None else positions.get(item.column, len(positions))
        return item.row or 0, column, item.code

    return sorted(findings, key=place)
