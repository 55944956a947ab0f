"""Findings about the file as a whole: an error rejects the delivery (product.md C3)."""

from instroom.core.findings.entry import CatalogueEntry

FILE_FINDINGS = (
    CatalogueEntry("file-empty", "file", "error"),
    CatalogueEntry("file-too-large", "file", "error"),
    CatalogueEntry("file-format-unknown", "file", "error"),
    CatalogueEntry("file-zip", "file", "error"),
    CatalogueEntry("file-unpacked", "file", "notice"),
    CatalogueEntry("file-format-mismatch", "file", "warning"),
    CatalogueEntry("file-legacy-excel", "file", "error"),
    CatalogueEntry("file-encrypted", "file", "error"),
    CatalogueEntry("file-damaged", "file", "error"),
    CatalogueEntry("file-unsafe", "file", "error"),
    CatalogueEntry("csv-encoding", "file", "error"),
    CatalogueEntry("csv-delimiter", "file", "error"),
    CatalogueEntry("csv-quote", "file", "error"),
    CatalogueEntry("xml-structure", "file", "error"),
    CatalogueEntry("xlsx-sheets", "file", "notice"),
    CatalogueEntry("xlsx-second-sheet", "file", "error"),
    CatalogueEntry("xlsx-hidden", "file", "warning"),
    CatalogueEntry("xlsx-hidden-sheet", "file", "warning"),
    CatalogueEntry("xlsx-merged", "file", "warning"),
    CatalogueEntry("rows-none", "file", "error"),
    CatalogueEntry("rows-too-many", "file", "error"),
)
