"""Whether a workbook holds macros, wherever it keeps them and whatever it calls them."""

import re

from instroom.core.xlsx.content_types import ContentTypes
from instroom.core.xlsx.limits import Limits
from instroom.core.xlsx.package import Package
from instroom.core.xlsx.parts import Attributes, walk_part

_MACROS = re.compile("vbaproject|macrosheet", re.IGNORECASE)


def has_macros(package: Package, types: ContentTypes, limits: Limits) -> bool:
    """By the names of the parts, their types, and the relations that a spreadsheet follows to them.

    A workbook whose own type allows macros has none until one is there: libraries save as .xlsm what holds no macro.
    """
    if any(_MACROS.search(name) or _MACROS.search(types.of(name)) for name in package.names):
        return True
    found = False

    def start(_: str, attributes: Attributes) -> None:
        nonlocal found
        found = found or _MACROS.search(attributes.get("Type", "")) is not None

    for name in package.names:
        if name.endswith(".rels"):
            walk_part(package, name, limits, start)
    return found
