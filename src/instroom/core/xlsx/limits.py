"""How much a workbook may ask of its reader."""

from typing import Protocol


class Limits(Protocol):
    """What the caller decides; what no workbook comes near is a constant where it is checked."""

    @property
    def unpacked_bytes(self) -> int:
        """How much all parts together may unpack to."""

    @property
    def part_ratio(self) -> int:
        """Unpacked : packed, of one part; real sheets stay under 60."""

    @property
    def xml_depth(self) -> int: ...

    @property
    def cell_characters(self) -> int:
        """A longer text is cut off one character further, enough to be found too long."""
