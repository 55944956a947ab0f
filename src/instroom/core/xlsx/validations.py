"""The data validations of a sheet: what a spreadsheet lets people fill in."""

from typing import Final, NamedTuple

from instroom.core.xlsx.errors import unsafe
from instroom.core.xlsx.parts import Attributes
from instroom.core.xlsx.references import Area, parse_area

_MOST: Final = 65_536
_CHARACTERS: Final = 8 * 1024 * 1024  # of all formulas and references together
_TEXTS: Final = ("formula1", "formula2", "sqref")


class Validation(NamedTuple):
    """What the cells of some areas may hold."""

    kind: str  # list, textLength, whole, date, …
    operator: str
    formula1: str
    formula2: str
    areas: list[Area]


class ValidationCollector:
    """Takes the elements of a sheet that are no rows, and collects the validations among them.

    Those of newer spreadsheets stand in an extension, with the areas as an element and each formula within an `f`.
    """

    def __init__(self) -> None:
        self.validations: list[Validation] = []
        self._attributes: Attributes | None = None
        self._texts = dict.fromkeys(_TEXTS, "")
        self._inside = ""
        self._characters = 0

    def start(self, element: str, attributes: Attributes) -> None:
        if element == "dataValidation":
            self._attributes = attributes
            self._texts = dict.fromkeys(_TEXTS, "")
        elif element in _TEXTS:
            self._inside = element

    def text(self, data: str) -> None:
        """Text in the element that opened last."""
        if self._inside and self._attributes is not None:
            self._characters += len(data)
            if self._characters > _CHARACTERS:
                raise unsafe("bomb")
            self._texts[self._inside] += data

    def end(self, element: str) -> None:
        if element == self._inside:
            self._inside = ""
        elif element == "dataValidation" and self._attributes is not None:
            self._add(self._attributes)
            self._attributes = None

    def _add(self, attributes: Attributes) -> None:
        if len(self.validations) >= _MOST:
            raise unsafe("bomb")
        formula1, formula2, references = (text.strip() for text in self._texts.values())
        named = [parse_area(reference) for reference in (attributes.get("sqref") or references).split()]
        areas = [found for found in named if found is not None]
        operator = attributes.get("operator", "between")
        self.validations.append(Validation(attributes.get("type", ""), operator, formula1, formula2, areas))
