"""What a workbook knows of a cell besides its text."""


class CellNote:
    """Flags on a cell of a workbook; a plain text cell has none."""

    NUMBER = 1  # a number whose shown text may have lost leading zeros: no format that pads it
    DATE = 2  # a number shown as a date: the text is dd-mm-jjjj
    BOOLEAN = 4
    ERROR = 8  # the text is the error, such as #N/A
    FORMULA = 16  # the text is the last computed value
    NO_VALUE = 32  # a formula without a computed value: the text is blank
    SCIENTIFIC = 64  # shown as 1,23E+11, or a number of more digits than a spreadsheet keeps
