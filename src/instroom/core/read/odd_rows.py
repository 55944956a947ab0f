"""Keeps the rows of another width than the header, for the supplier to correct (product.md C4), in bounded memory."""

from typing import Final

_ROWS: Final = 10_000
MOST_CELLS: Final = 1_024
"""Of one row."""

_CELLS: Final = 1_500_000
"""Of all rows together: those of a full delivery, and a third more."""
_TEXT_BYTES: Final = 32 * 1024 * 1024


class OddRows:
    """What goes beyond the bounds is not kept, rather than kept in part: a report then asks to fill it in again."""

    def __init__(self) -> None:
        self.rows: dict[int, list[str]] = {}
        """Row number → its cells."""
        self._cells = self._bytes = 0

    def keep(self, place: int, cells: list[str], size: int = 0) -> None:
        """Keep a row. `size` is what its text takes in memory, in bytes; 0: that is bounded already."""
        if len(cells) > MOST_CELLS or len(self.rows) >= _ROWS:
            return
        self._cells += len(cells)
        self._bytes += size
        if self._cells <= _CELLS and self._bytes <= _TEXT_BYTES:
            self.rows[place] = cells

    def clear(self) -> None:
        """Let go of them: nothing of the file is to be trusted."""
        self.rows.clear()
