"""The loop that most sites begin with: csv.DictReader and `update_or_create` for each row, in one transaction."""

import csv
from pathlib import Path
from typing import Any

from instroom.core.fields import Kind
from instroom.core.layout.standard import standard


def run(file: Path) -> None:
    """Import the CSV file: each company once, then each person with its link."""
    from django.db import transaction

    from bench.peers.wide.models import Company, Person

    companies: dict[str, Any] = {}
    with transaction.atomic(), file.open(encoding="utf-8-sig", newline="") as stream:
        for row in csv.DictReader(stream, delimiter=";"):
            employer, somebody = _values("company", row), _values("person", row)
            key = employer["key"]
            if key and key not in companies:
                companies[key], _ = Company.objects.update_or_create(key=key, defaults=employer)
            if somebody["key"]:
                defaults = {**somebody, "company": companies.get(key)}
                Person.objects.update_or_create(key=somebody["key"], defaults=defaults)


def _values(kind: Kind, row: dict[str, str]) -> dict[str, str]:
    from bench.peers.wide.models import attribute

    values = {attribute(column): row[column.header] for column in standard().block(kind).columns}
    filled = values["extern_source"] and values["extern_id"]
    return {**values, "key": f"{values['extern_source']}|{values['extern_id'].lower()}" if filled else ""}
