"""How a layout's columns are called in XML (product.md A6); shared by the reader, the template and the XSD."""

import re
from typing import Final

from instroom.core.errors import LayoutError
from instroom.core.fields import Kind
from instroom.core.layout.loader import Block, Column

ROOT: Final = "Instroom"
RECORD: Final = "Regel"
BLOCKS: Final[dict[Kind, str]] = {"company": "Bedrijf", "person": "Persoon"}

_NOT_IN_A_NAME = re.compile(r"[^\w.-]", re.ASCII)


def element_name(column: Column) -> str:
    """The element of a column within its block: the header without the block's prefix (`BedrijfNaam` → `Naam`).

    A header without that prefix stays whole (`Bedrijfsnaam`, or any header of a layout that repeats its headers).
    What an XML name cannot hold becomes `_`. A marker column has no element; its name is never asked for.
    """
    prefix = BLOCKS["person" if column.block == "person" else "company"]
    rest = column.header.removeprefix(prefix)
    name = _NOT_IN_A_NAME.sub("_", rest if rest[:1].isupper() else column.header)
    return name if name[:1].isalpha() or name[:1] == "_" else f"_{name}"


def block_elements(block: Block) -> dict[str, Column]:
    """The elements of a block in layout order, each with its column.

    Raises LayoutError where two headers of the block come to the same element.
    """
    elements: dict[str, Column] = {}
    for column in block.columns:
        name = element_name(column)
        if name in elements:
            one, other = elements[name].label, column.label
            raise LayoutError("layout-same-element", one=one, other=other, element=name)
        elements[name] = column
    return elements
