"""A layout of six columns: as much of the standard one as reading needs."""

from functools import cache

from instroom.core.layout.loader import Layout
from instroom.core.layout.own_layouts import build
from instroom.core.layout.standard import standard

HEADERS = (
    "BedrijfExternId",
    "BedrijfExternSource",
    "BedrijfNaam",
    "PersoonExternId",
    "PersoonExternSource",
    "PersoonAchternaam",
)
HEADER_LINE = ";".join(HEADERS)


@cache
def small_layout() -> Layout:
    """The keys and the required names."""
    columns = [column._asdict() for column in standard().columns if column.header in HEADERS]
    return build({"name": "standard", "version": 1, "columns": columns})
