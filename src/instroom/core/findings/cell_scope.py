"""Findings about one cell: an error keeps its record out (product.md C3)."""

from instroom.core.findings.entry import CatalogueEntry

CELL_FINDINGS = (
    CatalogueEntry("required-missing", "cell", "error"),
    CatalogueEntry("value-too-long", "cell", "error"),
    CatalogueEntry("value-date", "cell", "error"),
    CatalogueEntry("value-date-implausible", "cell", "warning"),
    CatalogueEntry("value-date-shifted", "cell", "warning"),
    CatalogueEntry("value-not-in-list", "cell", "error"),
    CatalogueEntry("value-email", "cell", "error"),
    CatalogueEntry("value-country", "cell", "error"),
    CatalogueEntry("value-language", "cell", "error"),
    CatalogueEntry("value-postal-code", "cell", "warning"),
    CatalogueEntry("value-phone", "cell", "warning"),
    CatalogueEntry("value-url", "cell", "warning"),
    CatalogueEntry("value-registration-number", "cell", "warning"),
    CatalogueEntry("value-vat-number", "cell", "warning"),
    CatalogueEntry("value-leading-zero", "cell", "warning"),
    CatalogueEntry("value-scientific", "cell", "error"),
    CatalogueEntry("value-converted", "cell", "warning"),
    CatalogueEntry("value-text-mark", "cell", "warning"),
    CatalogueEntry("value-garbled", "cell", "warning"),
    CatalogueEntry("value-nothing", "cell", "warning"),
    CatalogueEntry("value-hashes", "cell", "error"),
    CatalogueEntry("value-excel-error", "cell", "error"),
    CatalogueEntry("value-formula", "cell", "warning"),
    CatalogueEntry("value-control-character", "cell", "error"),
    CatalogueEntry("value-whitespace", "cell", "notice"),
    CatalogueEntry("value-invisible", "cell", "notice"),
    CatalogueEntry("category-name", "cell", "error"),
    CatalogueEntry("free-field-definition", "cell", "error"),
)
