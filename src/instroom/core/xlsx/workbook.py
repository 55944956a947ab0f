"""Opens a workbook for reading, sheet by sheet."""

from pathlib import Path

from instroom.core.xlsx.comments import read_comments
from instroom.core.xlsx.limits import Limits
from instroom.core.xlsx.package import Package
from instroom.core.xlsx.rows import Texts
from instroom.core.xlsx.sheet import SheetReader
from instroom.core.xlsx.strings import read_strings
from instroom.core.xlsx.styles import read_styles
from instroom.core.xlsx.validations import Validation, ValidationCollector
from instroom.core.xlsx.values import cell_values
from instroom.core.xlsx.workbook_part import Sheet, read_defined_names, read_workbook_part


class Workbook:
    """A workbook whose sheets can be read, each as often as needed."""

    def __init__(self, path: Path, limits: Limits) -> None:
        """Raises WorkbookError where the file is damaged, unsafe, or no workbook."""
        self._limits = limits
        self._package = Package(path, limits)
        try:
            book = read_workbook_part(self._package, limits)
            strings = read_strings(self._package, book.strings, limits)
            codes = read_styles(self._package, book.styles, limits)
        except BaseException:
            self.close()
            raise
        self.sheets: list[Sheet] = book.sheets
        self._part = book.part
        self._texts = Texts(strings, cell_values(codes, book.epoch_1904), limits.cell_characters + 1)

    def __enter__(self) -> "Workbook":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file."""
        self._package.close()

    def reader(self, sheet: Sheet) -> SheetReader:
        """A fresh reader of a sheet."""
        return SheetReader(self._package, sheet, self._texts, self._limits)

    def validations(self, sheet: Sheet) -> list[Validation]:
        """The data validations of a sheet, which is read to its end for them."""
        collector = ValidationCollector()
        for _ in SheetReader(self._package, sheet, self._texts, self._limits, collector).rows():
            pass
        return collector.validations

    def comments(self, sheet: Sheet) -> dict[tuple[int, int], str]:
        """The comments of a sheet: (column from 0, row from 1) → text."""
        return read_comments(self._package, sheet.part, self._limits)

    def defined_names(self) -> dict[str, str]:
        """The names that the workbook defines, and what they stand for, such as `Lijst!$A$1:$A$9`."""
        return read_defined_names(self._package, self._part, self._limits)
