"""What each part is said to be (ECMA-376 part 2, 6.2.3), and which one is the workbook."""

from instroom.core.xlsx.errors import unsafe
from instroom.core.xlsx.limits import Limits
from instroom.core.xlsx.package import Package
from instroom.core.xlsx.parts import Attributes, walk_part
from instroom.core.xlsx.relations import read_relations

_PART = "[content_types].xml"
_TYPES = 50_000
_USUAL_MAIN = "xl/workbook.xml"


class ContentTypes:
    """Programs also name types of parts that are not there, so only the type of a part says something."""

    def __init__(self, package: Package, limits: Limits) -> None:
        """Raises WorkbookError where the part that lists them is damaged or unsafe; without it no type is known."""
        self._of_part: dict[str, str] = {}
        self._of_ending: dict[str, str] = {}
        if _PART in package:
            walk_part(package, _PART, limits, self._add)

    def _add(self, element: str, attributes: Attributes) -> None:
        content_type = attributes.get("ContentType", "").strip().lower()
        if element == "Override":
            self._of_part[attributes.get("PartName", "").replace("\\", "/").lstrip("/").lower()] = content_type
        elif element == "Default":
            self._of_ending[attributes.get("Extension", "").lower()] = content_type
        if len(self._of_part) + len(self._of_ending) > _TYPES:
            raise unsafe("bomb", part=_PART)

    def of(self, part: str) -> str:
        """The type of a part in lower case; "" where none is given."""
        name = part.lower()
        return self._of_part.get(name) or self._of_ending.get(name.rpartition(".")[2], "")


def find_main_part(package: Package, limits: Limits) -> str | None:
    """The part that the package says it is about, in a workbook the one that lists its sheets."""
    named = [item.target for item in read_relations(package, "", limits).values() if item.kind == "officeDocument"]
    return next((part for part in (*named, _USUAL_MAIN) if part in package), None)
