"""Opens a workbook for reading, by the product's reader or sheet by sheet as it is."""

from pathlib import Path

from instroom.core.model import Limits
from instroom.core.xlsx.merges import uncovered
from instroom.core.xlsx.package import Package
from instroom.core.xlsx.rows import Row, Texts
from instroom.core.xlsx.sheet import SheetReader
from instroom.core.xlsx.strings import read_strings
from instroom.core.xlsx.styles import read_styles
from instroom.core.xlsx.values import values
from instroom.core.xlsx.workbook import Sheet, read_workbook


class OpenWorkbook:
    """A workbook whose sheets can be read, each as often as needed."""

    def __init__(self, path: Path, limits: Limits) -> None:
        """Raises Refused where the file is damaged, unsafe, or no workbook."""
        self._limits = limits
        self._package = Package(path, limits)
        try:
            book = read_workbook(self._package, limits)
            strings = read_strings(self._package, book.strings, limits)
            codes = read_styles(self._package, book.styles, limits)
        except BaseException:
            self.close()
            raise
        self.sheets: list[Sheet] = book.sheets
        self._texts = Texts(strings, values(codes, book.epoch_1904), limits.cell_characters + 1)

    def __enter__(self) -> "OpenWorkbook":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file."""
        self._package.close()

    def reader(self, sheet: Sheet) -> SheetReader:
        """A fresh reader of a sheet."""
        return SheetReader(self._package, sheet.part, self._texts, self._limits)


def grid(path: Path, sheet: str, limits: Limits = Limits()) -> list[Row]:  # noqa: B008 a NamedTuple does not change
    """The rows of a sheet as it is, without a layout. Raises Refused, and KeyError where there is no such sheet."""
    with OpenWorkbook(path, limits) as book:
        wanted = {known.name: known for known in book.sheets}[sheet]
        reader = book.reader(wanted)
        rows = list(reader.rows())
        return list(uncovered(rows, reader.merges))
