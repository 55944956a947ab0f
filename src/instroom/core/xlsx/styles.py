"""The number format of each cell style, by the number that a cell names it with."""

from instroom.core.model import Limits
from instroom.core.xlsx.package import Package
from instroom.core.xlsx.parts import Attributes, walk
from instroom.core.xlsx.refusal import unsafe

_STYLES = 262_144  # spreadsheets stop at 65,490
_CODE_CHARACTERS = 1_024  # spreadsheets stop at 255

# ECMA-376 part 1, 18.8.30. 27-36 and 50-58 are dates whose look depends on the country; 34, 35, 55, 56 likewise.
_BUILT_IN = {
    1: "0",
    2: "0.00",
    3: "#,##0",
    4: "#,##0.00",
    9: "0%",
    10: "0.00%",
    11: "0.00E+00",
    12: "# ?/?",
    13: "# ??/??",
    18: "h:mm AM/PM",
    19: "h:mm:ss AM/PM",
    20: "h:mm",
    21: "h:mm:ss",
    22: "d-m-yyyy h:mm",
    32: "h:mm",
    33: "h:mm:ss",
    37: "#,##0;-#,##0",
    38: "#,##0;-#,##0",
    39: "#,##0.00;-#,##0.00",
    40: "#,##0.00;-#,##0.00",
    41: "#,##0;-#,##0;-",
    42: "#,##0;-#,##0;-",
    43: "#,##0.00;-#,##0.00;-",
    44: "#,##0.00;-#,##0.00;-",
    45: "mm:ss",
    46: "[h]:mm:ss",
    47: "mm:ss.0",
    48: "##0.0E+0",
    49: "@",
}
_DATES = frozenset((14, 15, 16, 17, *range(27, 32), *range(34, 37), *range(50, 59)))


def read_styles(package: Package, part: str | None, limits: Limits) -> list[str]:
    """The format code of each cell style; `General` where nothing is known of it."""
    codes: dict[str, str] = {}
    numbers: list[str] = []
    inside = ""

    def start(element: str, attributes: Attributes) -> None:
        nonlocal inside
        if element in ("cellXfs", "cellStyleXfs", "dxfs"):
            inside = element
        elif element == "xf" and inside == "cellXfs":
            numbers.append(attributes.get("numFmtId", "0"))
        elif element == "numFmt" and inside != "dxfs":
            codes[attributes.get("numFmtId", "")] = attributes.get("formatCode", "")[:_CODE_CHARACTERS]
        if len(numbers) + len(codes) > _STYLES:
            raise unsafe("bomb", part=part)

    if part is not None:
        walk(package, part, limits, start)
    known = {number: codes.get(number) or _built_in(number) for number in set(numbers)}
    return [known[number] for number in numbers]


def _built_in(number: str) -> str:
    if not number.isdecimal() or len(number) > 3:
        return "General"
    return "d-m-yyyy" if int(number) in _DATES else _BUILT_IN.get(int(number), "General")
