"""Findings about the column headers: an error rejects the delivery (product.md A3, C3)."""

from instroom.core.findings.entry import Entry

HEADER_FINDINGS = (
    Entry("header-missing", "header", "error"),
    Entry("column-renamed", "header", "error"),
    Entry("column-missing", "header", "error"),
    Entry("column-added", "header", "error"),
    Entry("column-moved", "header", "error"),
)
