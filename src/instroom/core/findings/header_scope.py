"""Findings about the column headers: an error rejects the delivery (product.md A3, C3)."""

from instroom.core.findings.entry import CatalogueEntry

HEADER_FINDINGS = (
    CatalogueEntry("header-missing", "header", "error"),
    CatalogueEntry("column-renamed", "header", "error"),
    CatalogueEntry("column-missing", "header", "error"),
    CatalogueEntry("column-added", "header", "error"),
    CatalogueEntry("column-moved", "header", "error"),
    CatalogueEntry("column-bsn", "header", "error"),
)
