"""Reads workbooks (.xlsx) as the text that their users see (product.md A5), as a stream and within limits.

A library: it knows no layout, no delivery and no finding. Its surface:

workbook.py       Workbook: the sheets, and the rows, comments and validations of each
sheet.py          SheetReader: the rows of a sheet, and what stands around them; rows.py: Row
sorted_rows.py    the rows of a sheet where they stand in another order
merges.py         the rows without the cells that a merged cell covers
validations.py    Validation: what cells may hold
references.py     references to cells, such as `AB12`
cell_note.py      CellNote: what is known of a cell besides its text
limits.py         Limits: how much a workbook may ask of its reader
errors.py         WorkbookError: why a workbook cannot be read; nothing else is raised, except OSError

Inside:

package.py        the zip: which parts there are, and that they stay within the limits
parts.py          one XML part through a parser that takes no DTD
relations.py      which other parts a part refers to
content_types.py  ContentTypes: what each part is said to be; which part is the workbook
macros.py         whether there are macros
workbook_part.py  the names of the sheets, the epoch of dates, the defined names
strings.py        the texts that cells share
comments.py       the comments on cells
styles.py         the number format of each cell style
values.py         what a cell shows; formats.py: a number in its format, by digits.py or dates.py
events.py         what the parser meets in a row or a string; texts.py: the escapes in texts
fast_path.py      takes rows and strings in their usual form past the parser, with simple_rows.py and blank_rows.py
row_count.py      counts the rows of a sheet that is too long to be read
"""
