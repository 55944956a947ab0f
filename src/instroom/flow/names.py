"""What a dossier is called on a screen."""

from collections.abc import Mapping
from typing import Any

from instroom.core.fields import FIELDS, Kind
from instroom.core.plan.model import Stored


def values_of(kind: Kind, stored: Stored) -> dict[str, str]:
    """A stored dossier's fields by name."""
    return dict(zip(FIELDS[kind], stored.fields, strict=True))


def company_name(values: Mapping[str, Any]) -> str:
    """The name of a company."""
    return str(values.get("name") or "")


def person_name(values: Mapping[str, Any]) -> str:
    """First name, or initials where there is none; prefix; surname."""
    given = values.get("first_name") or values.get("initials")
    return " ".join(str(part) for part in (given, values.get("surname_prefix"), values.get("surname")) if part)


def name_of(kind: Kind, stored: Stored) -> str:
    """What a stored dossier is called."""
    values = values_of(kind, stored)
    return company_name(values) if kind == "company" else person_name(values)
