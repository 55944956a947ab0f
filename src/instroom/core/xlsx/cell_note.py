"""What a workbook knows of a cell besides its text."""

from typing import Final

_TIME_SHIFT: Final = 16


class CellNote:
    """Flags on a cell of a workbook; a plain text cell has none."""

    NUMBER = 1  # a number whose shown text may have lost leading zeros: in any format but one that pads it, as 00000000
    DATE = 2  # a number shown as a date, as dd-mm-jjjj, or as a time; or an ISO date cell, also one that holds no date
    BOOLEAN = 4
    ERROR = 8  # the text is the error, such as #N/A
    FORMULA = 16  # the text is the last computed value
    NO_VALUE = 32  # a formula without a computed value: the text is blank
    SCIENTIFIC = 64  # shown as 1,23E+11, or a number of more digits than a spreadsheet keeps
    TIME = 128  # with DATE: it holds a time of day other than 00:00, shown or not, which `seconds_of_day` tells
    FORMATTED = 256  # with NUMBER: not shown as the plain number is, but as 1.001, 5,00, 10% or € 4,00; no exponent
    NO_NUMBER = 512  # with ERROR: a number cell with NaN, INF or other text, which no spreadsheet writes


def date_note(seconds: int) -> int:
    """The flags of a date cell with its time of day, in seconds."""
    return CellNote.DATE | CellNote.TIME | seconds << _TIME_SHIFT if seconds else CellNote.DATE


def seconds_of_day(note: int) -> int:
    """The time of day that a date cell holds, in seconds; 0: midnight, or no date cell. It stands above the flags."""
    return note >> _TIME_SHIFT
