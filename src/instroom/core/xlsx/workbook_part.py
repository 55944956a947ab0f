"""What the workbook part says: which sheets there are, in which order, and from when its dates count."""

from typing import NamedTuple

from instroom.core.xlsx.content_types import ContentTypes, find_main_part
from instroom.core.xlsx.errors import damaged, unsafe
from instroom.core.xlsx.limits import Limits
from instroom.core.xlsx.macros import has_macros
from instroom.core.xlsx.package import Package
from instroom.core.xlsx.parts import Attributes, local_name, walk_part
from instroom.core.xlsx.relations import Relation, read_relations

_SHEETS = 2_000
_NAME_CHARACTERS = 8 * 1024 * 1024  # of what all defined names stand for


class Sheet(NamedTuple):
    """A worksheet: a sheet with cells, not one with only a chart."""

    name: str
    part: str
    visible: bool


class WorkbookPart(NamedTuple):
    """The sheets in the order of their tabs, and the parts that they need."""

    part: str
    sheets: list[Sheet]
    strings: str | None
    styles: str | None
    epoch_1904: bool


def read_workbook_part(package: Package, limits: Limits) -> WorkbookPart:
    """Find the sheets. Raises WorkbookError where this is no workbook, or one with macros."""
    main = find_main_part(package, limits)
    if main is None:
        raise damaged("no-workbook")
    if has_macros(package, ContentTypes(package, limits), limits):
        raise unsafe("macros")
    relations = read_relations(package, main, limits)
    by_kind = {relation.kind: relation.target for relation in relations.values() if relation.target in package}
    sheets, epoch_1904 = _sheets(package, main, relations, limits)
    return WorkbookPart(main, sheets, by_kind.get("sharedStrings"), by_kind.get("styles"), epoch_1904)


def _sheets(package: Package, main: str, relations: dict[str, Relation], limits: Limits) -> tuple[list[Sheet], bool]:
    sheets: list[Sheet] = []
    epoch_1904 = False

    def start(element: str, attributes: Attributes) -> None:
        nonlocal epoch_1904
        if element == "workbookPr" and "date1904" in attributes:  # extensions have one of that name too
            epoch_1904 = attributes.get("date1904", "") in ("1", "true")
        elif element == "sheet":
            identifier = next((attributes[key] for key in attributes if local_name(key) == "id"), "")
            if not identifier:
                return  # a module sheet of an older version
            relation = relations.get(identifier)
            if relation is None or relation.target not in package:
                raise damaged("part-missing", part=attributes.get("name", ""))
            if relation.kind == "worksheet":
                visible = attributes.get("state", "visible") == "visible"
                sheets.append(Sheet(attributes.get("name", ""), relation.target, visible))
            if len(sheets) > _SHEETS:
                raise unsafe("bomb", part=main)

    walk_part(package, main, limits, start)
    return sheets, epoch_1904


def read_defined_names(package: Package, main: str, limits: Limits) -> dict[str, str]:
    """The names that the workbook part defines, and what they stand for."""
    names: dict[str, str] = {}
    name = ""
    characters = 0

    def start(element: str, attributes: Attributes) -> None:
        nonlocal name
        name = attributes.get("name", "") if element == "definedName" else ""
        if name:
            names[name] = ""

    def end(_: str) -> None:
        nonlocal name
        name = ""

    def text(data: str) -> None:
        nonlocal characters
        if name:
            characters += len(data)
            if characters > _NAME_CHARACTERS:
                raise unsafe("bomb", part=main)
            names[name] += data

    walk_part(package, main, limits, start, end, text)
    return names
