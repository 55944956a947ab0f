"""What the workbook part says: which sheets there are, in which order, and from when its dates count."""

import posixpath
from typing import NamedTuple

from instroom.core.model import Limits
from instroom.core.xlsx.package import Package
from instroom.core.xlsx.parts import Attributes, local, walk
from instroom.core.xlsx.refusal import damaged, unsafe

_SHEETS = 2_000
_RELATIONS = 50_000
_CONTENT_TYPES = "[content_types].xml"


class Sheet(NamedTuple):
    """A worksheet: a sheet with cells, not one with only a chart."""

    name: str
    part: str
    visible: bool


class Workbook(NamedTuple):
    """The sheets in the order of their tabs, and the parts that they need."""

    sheets: list[Sheet]
    strings: str | None
    styles: str | None
    epoch_1904: bool


class _Relation(NamedTuple):
    kind: str  # the last word of its type, the same in strict and transitional OOXML
    target: str


def read_workbook(package: Package, limits: Limits) -> Workbook:
    """Find the sheets. Raises Refused where this is no workbook, or one with macros."""
    _refuse_macros(package, limits)
    main = _main_part(package, limits)
    relations = _relations(package, main, limits)
    by_kind = {relation.kind: relation.target for relation in relations.values() if relation.target in package}
    sheets, epoch_1904 = _sheets(package, main, relations, limits)
    return Workbook(sheets, by_kind.get("sharedStrings"), by_kind.get("styles"), epoch_1904)


def _main_part(package: Package, limits: Limits) -> str:
    named = [item.target for item in _relations(package, "", limits).values() if item.kind == "officeDocument"]
    for part in (*named, "xl/workbook.xml"):
        if part in package:
            return part
    raise damaged("no-workbook")


def _refuse_macros(package: Package, limits: Limits) -> None:
    if any(name.endswith("vbaproject.bin") for name in package.names):
        raise unsafe("macros")

    def start(_: str, attributes: Attributes) -> None:
        if "macroenabled" in attributes.get("ContentType", "").lower():
            raise unsafe("macros")

    if _CONTENT_TYPES in package:
        walk(package, _CONTENT_TYPES, limits, start)


def _relations(package: Package, source: str, limits: Limits) -> dict[str, _Relation]:
    """The relations of a part (of the package itself: "") by their id. A target outside the package is no part."""
    folder, name = posixpath.split(source)
    part = posixpath.join(folder, "_rels", f"{name}.rels")
    found: dict[str, _Relation] = {}

    def start(element: str, attributes: Attributes) -> None:
        if element != "Relationship" or attributes.get("TargetMode") == "External":
            return
        if len(found) >= _RELATIONS:
            raise unsafe("bomb", part=part)
        target = posixpath.normpath(posixpath.join("/", folder, attributes.get("Target", "").replace("\\", "/")))
        kind = attributes.get("Type", "").rpartition("/")[2]
        found[attributes.get("Id", "")] = _Relation(kind, target.lstrip("/"))

    if part in package:
        walk(package, part, limits, start)
    return found


def _sheets(package: Package, main: str, relations: dict[str, _Relation], limits: Limits) -> tuple[list[Sheet], bool]:
    sheets: list[Sheet] = []
    epoch_1904 = False

    def start(element: str, attributes: Attributes) -> None:
        nonlocal epoch_1904
        if element == "workbookPr" and "date1904" in attributes:  # extensions have one of that name too
            epoch_1904 = attributes.get("date1904", "") in ("1", "true")
        elif element == "sheet":
            identifier = next((attributes[key] for key in attributes if local(key) == "id"), "")
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

    walk(package, main, limits, start)
    return sheets, epoch_1904
