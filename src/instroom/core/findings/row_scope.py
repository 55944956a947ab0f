"""Findings about a record: an error keeps the record out (product.md C3)."""

from instroom.core.findings.entry import CatalogueEntry

ROW_FINDINGS = (
    CatalogueEntry("row-cell-count", "row", "error"),
    CatalogueEntry("row-short", "row", "notice"),
    CatalogueEntry("row-merged", "row", "error"),
    CatalogueEntry("row-blank", "row", "notice"),
    CatalogueEntry("header-repeated", "row", "error"),
    CatalogueEntry("row-footer", "row", "warning"),
    CatalogueEntry("key-missing", "row", "error"),
    CatalogueEntry("key-incomplete", "row", "error"),
    CatalogueEntry("source-not-allowed", "row", "error"),
    CatalogueEntry("key-case", "row", "notice"),
    CatalogueEntry("source-case", "row", "warning"),
    CatalogueEntry("source-counts", "row", "warning"),
    CatalogueEntry("example-record", "row", "error"),
    CatalogueEntry("company-conflict", "row", "error"),
    CatalogueEntry("person-repeated", "row", "warning"),
    CatalogueEntry("person-conflict", "row", "error"),
    CatalogueEntry("person-two-companies", "row", "error"),
    CatalogueEntry("pair-incomplete", "row", "error"),
    CatalogueEntry("free-field-blank", "row", "notice"),
    CatalogueEntry("category-case", "row", "warning"),
    CatalogueEntry("pair-repeated", "row", "error"),
    CatalogueEntry("company-unknown", "row", "error"),
    CatalogueEntry("person-unlinked", "row", "warning"),
    CatalogueEntry("person-identity-changed", "row", "warning"),
    CatalogueEntry("possible-duplicate", "row", "warning"),
)
