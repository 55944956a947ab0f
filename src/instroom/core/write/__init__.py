"""Files in a layout: templates, exports and rejected records, as CSV, workbook and XML (product.md A6, A7)."""
