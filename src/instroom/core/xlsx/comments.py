"""The comments on the cells of a sheet."""

from instroom.core.xlsx.errors import unsafe
from instroom.core.xlsx.limits import Limits
from instroom.core.xlsx.package import Package
from instroom.core.xlsx.parts import Attributes, walk_part
from instroom.core.xlsx.references import parse_cell
from instroom.core.xlsx.relations import read_relations

_CHARACTERS = 8 * 1024 * 1024  # of all comments together


def read_comments(package: Package, sheet: str, limits: Limits) -> dict[tuple[int, int], str]:
    """(column from 0, row from 1) → the text of its comment, all runs together."""
    found: dict[tuple[int, int], str] = {}
    for relation in read_relations(package, sheet, limits).values():
        if relation.kind == "comments":
            found |= _read(package, relation.target, limits)
    return found


def _read(package: Package, part: str, limits: Limits) -> dict[tuple[int, int], str]:
    found: dict[tuple[int, int], str] = {}
    pieces: list[str] = []
    cell: tuple[int, int] | None = None
    inside = False
    characters = 0

    def start(element: str, attributes: Attributes) -> None:
        nonlocal cell, inside
        if element == "comment":
            cell = parse_cell(attributes.get("ref", ""))
            pieces.clear()
        inside = element == "t"

    def end(element: str) -> None:
        nonlocal inside
        inside = False
        if element == "comment" and cell is not None:
            found[cell] = "".join(pieces)

    def text(data: str) -> None:
        nonlocal characters
        if inside:
            pieces.append(data)
            characters += len(data)
            if characters > _CHARACTERS:
                raise unsafe("bomb", part=part)

    walk_part(package, part, limits, start, end, text)
    return found
