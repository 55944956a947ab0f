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

    def __init__(self, text: TextIO, columns: int, header: str, rows_above: int) -> None:
        """`header`: the first line, which was read already, below so many rows that a spreadsheet shows."""
        self.row = rows_above  # as a spreadsheet shows it
        self.count = 0  # lines of this record so far
        self.characters = 0  # of this record so far
        self.bytes = 0  # that the text of this record takes in memory, so far
        self.last = ""
        self.ended = False  # the file did, within this record or right before it
        self.bad: BadLine | None = None
        self._header: str | None = header
        self._non_ascii = False
        self._text = text
        self._columns = columns

    def begin_row(self) -> None:
        """The next line is the first of a record."""
        self.row += 1
        self.count = self.characters = self.bytes = 0

    @property
    def in_whole_line(self) -> bool:
        """Whether the last line has its end: the last one of a file that was cut off has none."""
        return self.last.endswith(("\n", "\r"))

    def __next__(self) -> str:
        """A line with its end; raises Endless where the record becomes longer or wider than any spreadsheet's."""
        if self._header is not None:
            line, self._header = self._header, None
        else:
            line = self._text.readline(RECORD_CHARACTERS)
        if line == "\r\n" and not self.count and self.last.endswith("\r"):
            # CR CR LF: a program wrote CR LF, and the next one made CR LF of its LF. That is one end, not two.
            line = self._text.readline(RECORD_CHARACTERS)
        if not line.isascii():
            line = self._judge_other_characters(line)
        self.last = line
        if not line:
            self.ended = True
            raise StopIteration
        self.count += 1
        self.characters += len(line)
        self.bytes += sys.getsizeof(line)
        if self.characters > self._columns and (
            self.characters >= RECORD_CHARACTERS or line.count(";") > self._columns
        ):
            raise Endless
        return line

    def rest_is_blank(self) -> bool:
        """Whether only empty lines and rows follow; reads them."""
        while text := self._text.read(_BLOCK_CHARACTERS):
            if text.strip("\r\n; "):
                return False
        return True

    def _judge_other_characters(self, line: str) -> str:
        """The line, without the byte order mark before a record that the second of two joined files brings."""
        if not self.count:
            line = line.lstrip("\ufeff")
        if self.bad is None:
            try:
                line.encode()
                self._non_ascii = self._non_ascii or not line.isascii()
            except UnicodeEncodeError:
                self.bad = BadLine(self.row, line.encode("utf-8", "surrogateescape"), self._non_ascii)
        return line
