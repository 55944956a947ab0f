"""Reads workbooks (.xlsx) as the text that their users see (product.md A5), as a stream and within limits.

A library: it knows no layout, no delivery and no finding. Its surface:

workbook.py     OpenWorkbook: the sheets, and of each its rows, comments and validations
sheet.py        SheetReader: the rows of a sheet, and what stands around them; rows.py: Row
merges.py       the rows without the cells that a merged cell covers
validations.py  Validation: what cells may hold
references.py       references to cells, such as `AB12`
cell_note.py    CellNote: what is known of a cell besides its text
limits.py       Limits: how much a workbook may ask
errors.py      Refused: why a workbook is not read any further; all that is raised, but for OSError

Inside:

package.py      the zip: which parts there are, and that they stay within the limits
parts.py        one XML part through a parser that takes no DTD
relations.py    which other parts a part names
workbook_part.py     which sheets there are, which epoch, which defined names
strings.py      the texts that cells share
comments.py     the comments on cells
styles.py       the number format of each cell style
values.py       what a cell shows; formats.py a number in its format, digits.py and dates.py
events.py       what the parser meets in a row or a string, text and tags apart; texts.py the escapes in texts
fast_path.py     what is written in the usual way passes the parser by: simple_rows.py, blank_rows.py, strings.py
row_count.py     how many rows a sheet has that is too long to be read
"""
