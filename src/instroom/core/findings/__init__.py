"""The catalogue of findings (product.md C1): code, scope and severity. Sentences are made in `report`."""

from collections.abc import Mapping
from typing import Any, Final

from instroom.core.findings.cell_scope import CELL_FINDINGS
from instroom.core.findings.entry import CatalogueEntry, Scope
from instroom.core.findings.file_scope import FILE_FINDINGS
from instroom.core.findings.header_scope import HEADER_FINDINGS
from instroom.core.findings.row_scope import ROW_FINDINGS
from instroom.core.model import Finding, Severity

CATALOGUE: Final[dict[str, CatalogueEntry]] = {
    entry.code: entry for entry in (*FILE_FINDINGS, *HEADER_FINDINGS, *ROW_FINDINGS, *CELL_FINDINGS)
}

_NO_FACTS: Final[Mapping[str, Any]] = {}


def finding(
    code: str,
    row: int | None = None,
    column: str | None = None,
    value: str | None = None,
    other_rows: tuple[int, ...] = (),
    facts: Mapping[str, Any] = _NO_FACTS,
    severity: Severity | None = None,
) -> Finding:
    """A finding of the catalogue, with its severity there unless another is given."""
    return Finding(code, severity or CATALOGUE[code].severity, row, column, value, other_rows, facts)


__all__ = ["CATALOGUE", "CatalogueEntry", "Scope", "finding"]
