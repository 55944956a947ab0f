"""Findings about a record: an error keeps the record out (product.md C3)."""

from instroom.core.findings.entry import Entry

ROW_FINDINGS = (
    Entry("row-cell-count", "row", "error"),
    Entry("row-blank", "row", "notice"),
    Entry("key-missing", "row", "error"),
    Entry("key-incomplete", "row", "error"),
    Entry("key-case", "row", "notice"),
    Entry("source-case", "row", "warning"),
    Entry("company-conflict", "row", "error"),
    Entry("person-repeated", "row", "warning"),
    Entry("person-conflict", "row", "error"),
    Entry("person-two-companies", "row", "error"),
    Entry("pair-incomplete", "row", "error"),
    Entry("pair-repeated", "row", "error"),
    Entry("company-unknown", "row", "error"),
    Entry("person-unlinked", "row", "warning"),
    Entry("possible-duplicate", "row", "warning"),
)
