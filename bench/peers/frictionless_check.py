"""Checks a file with frictionless, by a schema made from the layout, as close to our own check as it can express.

`python -m bench.peers.frictionless_check FILE` is one whole process, as `instroom check FILE` is.
It looks at types, lengths, lists, patterns, e-mail and web addresses; it does not compare records, pairs, check
digits or postal codes per country, so it does less.
"""

import sys
from pathlib import Path
from typing import Any

from frictionless import Dialect, Resource, Schema, formats

from instroom.core.layout.loader import Column
from instroom.core.layout.standard import standard

_PATTERNS = {
    "extern_id": r"\S(.*\S)?",
    "extern_source": r"\S(.*\S)?",
    "postal_code": r"[0-9]{4} ?[A-Za-z]{2}|[0-9]{4,5}",
    "phone": r"\+?[0-9 ()/.-]{8,}",
    "registration_number": r"[0-9. ]{6,12}",
    "vat_number": r"[A-Z]{2}[A-Z0-9 .]{8,14}",
    "category": r"[^:;]+",
    "free_field_definition": r"Vrijveld[A-Za-z0-9]+",
    "country": r"[A-Za-z]{2}",
    "language": r"[A-Za-z]{2}",
}
_FORMATS = {"email": "email", "url": "uri"}


def schema() -> Schema:
    """The standard layout as a Table Schema."""
    return Schema.from_descriptor({"fields": [_field(column) for column in standard().columns]})


def _field(column: Column) -> dict[str, Any]:
    if column.type == "date":
        return {"name": column.header, "type": "date", "format": "%d-%m-%Y"}
    constraints: dict[str, Any] = {"maxLength": max(column.max_length, 3)}
    if column.type == "choice":
        constraints["enum"] = list(column.choices)
    if column.type == "yes_no":
        constraints["enum"] = ["Ja", "Nee"]
    if column.type in _PATTERNS:
        constraints["pattern"] = _PATTERNS[column.type]
    return {
        "name": column.header,
        "type": "string",
        "format": _FORMATS.get(column.type, "default"),
        "constraints": constraints,
    }


def main() -> None:
    """Validate the file; exits 1 where it is not valid."""
    file = Path(sys.argv[1])
    control = formats.CsvControl(delimiter=";") if file.suffix == ".csv" else formats.ExcelControl()
    resource = Resource(path=file.name, basepath=str(file.parent), schema=schema(), dialect=Dialect(controls=[control]))
    report = resource.validate()
    print("valid" if report.valid else report.flatten(["rowNumber", "fieldNumber", "type", "note"])[:5])
    sys.exit(0 if report.valid else 1)


if __name__ == "__main__":
    main()
