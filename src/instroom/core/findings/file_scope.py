"""Findings about the file as a whole: an error rejects the delivery (product.md C3)."""

from instroom.core.findings.entry import Entry

FILE_FINDINGS = (
    Entry("file-empty", "file", "error"),
    Entry("file-too-large", "file", "error"),
    Entry("file-format-unknown", "file", "error"),
    Entry("file-format-mismatch", "file", "warning"),
    Entry("file-legacy-excel", "file", "error"),
    Entry("file-encrypted", "file", "error"),
    Entry("file-damaged", "file", "error"),
    Entry("file-unsafe", "file", "error"),
    Entry("csv-encoding", "file", "error"),
    Entry("csv-delimiter", "file", "error"),
    Entry("csv-quote", "file", "error"),
    Entry("xml-structure", "file", "error"),
    Entry("xlsx-sheets", "file", "notice"),
    Entry("xlsx-hidden", "file", "warning"),
    Entry("rows-none", "file", "error"),
    Entry("rows-too-many", "file", "error"),
)
