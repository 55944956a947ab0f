"""Findings about one cell: an error keeps its record out (product.md C3)."""

from instroom.core.findings.entry import Entry

CELL_FINDINGS = (
    Entry("required-missing", "cell", "error"),
    Entry("value-too-long", "cell", "error"),
    Entry("value-date", "cell", "error"),
    Entry("value-date-implausible", "cell", "warning"),
    Entry("value-not-in-list", "cell", "error"),
    Entry("value-email", "cell", "error"),
    Entry("value-country", "cell", "error"),
    Entry("value-language", "cell", "error"),
    Entry("value-postal-code", "cell", "warning"),
    Entry("value-phone", "cell", "warning"),
    Entry("value-url", "cell", "warning"),
    Entry("value-registration-number", "cell", "warning"),
    Entry("value-vat-number", "cell", "warning"),
    Entry("value-leading-zero", "cell", "warning"),
    Entry("value-scientific", "cell", "error"),
    Entry("value-excel-error", "cell", "error"),
    Entry("value-formula", "cell", "warning"),
    Entry("value-control-character", "cell", "error"),
    Entry("value-whitespace", "cell", "notice"),
    Entry("category-name", "cell", "error"),
    Entry("free-field-definition", "cell", "error"),
)
