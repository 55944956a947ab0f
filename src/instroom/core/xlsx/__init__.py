"""A workbook as the text that its supplier sees (product.md A5), read as a stream and within limits.

package.py   the zip: which parts there are, and that they stay within the limits
parts.py     one XML part through a parser that takes no DTD
workbook.py  which sheets there are, where their parts are, which epoch
strings.py   the texts that cells share
styles.py    the number format of each cell style
formats.py   a number in its format; dates.py a number as a date
sheet.py     the rows of a sheet
shortcut.py  what is written in the usual way passes the parser by: usual_rows.py, blank_rows.py, strings.py
grid.py      any sheet of a workbook, without a layout
"""
