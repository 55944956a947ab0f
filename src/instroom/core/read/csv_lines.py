"""The lines of a CSV file for the csv module: bounded, counted by row, and with bytes that are not UTF-8 noticed."""

import sys
from collections.abc import Iterator
from typing import Final, NamedTuple, TextIO

RECORD_CHARACTERS: Final = 4 * 1024 * 1024
"""Of one record: a hundred columns of the longest cell that a spreadsheet holds."""

_BLOCK_CHARACTERS: Final = 1024 * 1024


class Endless(Exception):
    """A record that goes on beyond anything that a spreadsheet holds. Never leaves the reader."""


class BadLine(NamedTuple):
    """The first line with bytes that are not UTF-8."""

    row: int
    raw: bytes
    other_non_ascii: bool
    """Text beyond ASCII stands on a line before it, and that is UTF-8."""


class Lines(Iterator[str]):
    """Feeds `csv.reader`. Call `begin_row` before each record that is asked of it.

    `text` is opened with newline="" (only CR, LF and CRLF end a line, not U+2028 and the like) and
    errors="surrogateescape": what is not UTF-8 becomes a lone surrogate, which UTF-8 itself never holds.
    """

    def __init__(self, text: TextIO, columns: int) -> None:
        self.row = 0  # as a spreadsheet shows it
        self.count = 0  # lines of this record so far
        self.characters = 0  # of this record so far
        self.bytes = 0  # that the text of this record takes in memory, so far
        self.last = ""
        self.ended = False  # the file did, within this record or right before it
        self.bad: BadLine | None = None
        self._non_ascii = False
        self._text = text
        self._columns = columns

    def begin_row(self) -> None:
        """The next line is the first of a record."""
        self.row += 1
        self.count = self.characters = self.bytes = 0

    def __next__(self) -> str:
        """A line with its end; raises Endless where the record becomes longer or wider than any spreadsheet's."""
        self.last = line = self._text.readline(RECORD_CHARACTERS)
        if not line:
            self.ended = True
            raise StopIteration
        self.count += 1
        self.characters += len(line)
        self.bytes += sys.getsizeof(line)
        if self.characters > self._columns:
            self._refuse_endless(line)
        if not line.isascii() and self.bad is None:
            self._refuse_other_encoding(line)
        return line

    def rest_is_blank(self) -> bool:
        """Whether only empty lines and rows follow; reads them."""
        while text := self._text.read(_BLOCK_CHARACTERS):
            if text.strip("\r\n; "):
                return False
        return True

    def _refuse_endless(self, line: str) -> None:
        if self.characters >= RECORD_CHARACTERS or line.count(";") > self._columns:
            raise Endless

    def _refuse_other_encoding(self, line: str) -> None:
        try:
            line.encode()
            self._non_ascii = True
        except UnicodeEncodeError:
            self.bad = BadLine(self.row, line.encode("utf-8", "surrogateescape"), self._non_ascii)
