"""The relations of a part: which other parts it names, and as what."""

import posixpath
from typing import NamedTuple

from instroom.core.xlsx.errors import unsafe
from instroom.core.xlsx.limits import Limits
from instroom.core.xlsx.package import Package
from instroom.core.xlsx.parts import Attributes, walk_part

_RELATIONS = 50_000


class Relation(NamedTuple):
    """Another part, by its name in the package."""

    kind: str  # the last word of its type, the same in strict and transitional OOXML
    target: str


def read_relations(package: Package, source: str, limits: Limits) -> dict[str, Relation]:
    """The relations of a part (of the package itself: "") by their id. A target outside the package is no part."""
    folder, name = posixpath.split(source)
    part = posixpath.join(folder, "_rels", f"{name}.rels")
    found: dict[str, Relation] = {}

    def start(element: str, attributes: Attributes) -> None:
        if element != "Relationship" or attributes.get("TargetMode") == "External":
            return
        if len(found) >= _RELATIONS:
            raise unsafe("bomb", part=part)
        target = posixpath.normpath(posixpath.join("/", folder, attributes.get("Target", "").replace("\\", "/")))
        kind = attributes.get("Type", "").rpartition("/")[2]
        found[attributes.get("Id", "")] = Relation(kind, target.lstrip("/"))

    if part in package:
        walk_part(package, part, limits, start)
    return found
