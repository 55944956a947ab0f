"""The order of findings: by row, then by column of the layout, then by code (product.md, contracts)."""

from collections.abc import Iterable

from instroom.core.findings import CATALOGUE
from instroom.core.findings.collected import Collected, FindingKind, OrderedFindings
from instroom.core.layout.loader import Layout
from instroom.core.model import Finding


def in_order(findings: Iterable[Finding], layout: Layout) -> OrderedFindings:
    """Findings about the file as a whole first, then row by row; within a row those about no single column first."""
    positions = {column.label: column.index for column in layout.columns}
    codes = {code: number for number, code in enumerate(sorted(CATALOGUE))}

    def place(kind: FindingKind) -> int:
        column = -1 if kind.column is None else positions.get(kind.column, len(positions))
        return column * len(codes) + codes[kind.code]

    return Collected(findings).in_order(place)
