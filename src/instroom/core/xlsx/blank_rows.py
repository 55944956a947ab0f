"""Blank rows that are all alike but for their number, as a template holds a million of them."""

from typing import Final

from instroom.core.xlsx.places import ROWS

_FIRST: Final = 16  # rows at once; twice as many each time that they were there


class BlankRowsAlike:
    """Knows a blank row, and compares what follows with what the next rows would be if they were like it."""

    def __init__(self) -> None:
        self.number = 0
        """Of the last row."""
        self._pieces: list[str] = []  # of the row, between the places of its number
        self._size = 0
        self._most = _FIRST

    def learn(self, row: str, label: str) -> None:
        """This is a blank row, well written; its number is `label`.

        Wherever an attribute ends with those digits, others may stand: that keeps a blank row a blank row.
        """
        self.number = int(label)
        self._pieces = row.split(f'{label}"')
        self._size = len(row)
        self._most = _FIRST

    def take(self, text: str, position: int, number: int) -> int:
        """Where these rows end, if what begins here are the next ones after `number`; else 0."""
        last = min(number + self._most, 10 ** len(str(number)) - 1, ROWS)  # as long as the numbers are equally long
        count = min(last - number, (len(text) - position) // self._size) if self._size else 0
        if number != self.number or count < 1:
            return 0
        numbers = range(number + 1, number + count + 1)
        alike = "".join([f'{n}"'.join(self._pieces) for n in numbers])
        after = position + len(alike)
        if not text.startswith(alike, position) or not (after == len(text) or text.startswith("<row ", after)):
            self._size = 0
            return 0
        self.number += count
        self._most *= 2
        return after
