"""The fields that a dossier has, in their fixed order.

A layout's columns fill these (product.md A8); the standard layout has a column for each, which a test proves.
Fields travel through the core and the store as plain tuples in this order: one comparison tells whether a dossier
changed. Every value is canonical text, blank is "".
"""

from typing import Final, Literal

Kind = Literal["company", "person"]

_ADDRESS = ("street", "house_number", "house_number_addition", "postal_code", "city", "country")


def _address(name: str) -> tuple[str, ...]:
    return tuple(f"{name}.{part}" for part in _ADDRESS)


COMPANY_FIELDS: Final[tuple[str, ...]] = (
    "name",
    "registration_number",
    "registration_type",
    "vat_number",
    *_address("postal_address"),
    *_address("visiting_address"),
    "invoice.attention",
    *_address("invoice.address"),
    "invoice.email",
    "debtor_number",
    "phone",
    "email",
    "website",
    "active",
    "remarks",
)

PERSON_FIELDS: Final[tuple[str, ...]] = (
    "title",
    "initials",
    "first_name",
    "surname_prefix",
    "surname",
    "gender",
    "date_of_birth",
    "place_of_birth",
    "language",
    *_address("home_address"),
    "invoice.attention",
    *_address("invoice.address"),
    "invoice.email",
    "debtor_number",
    "work_phone",
    "home_phone",
    "mobile",
    "work_email",
    "home_email",
    "job_title",
    "department",
    "employee_number",
    "active",
    "remarks",
)

FIELDS: Final[dict[Kind, tuple[str, ...]]] = {"company": COMPANY_FIELDS, "person": PERSON_FIELDS}

DEFAULTS: Final[dict[str, str]] = {"active": "Ja"}
"""What a new dossier gets where the file says nothing. A field with a default is never cleared (B6)."""

REQUIRED: Final[dict[Kind, str]] = {"company": "name", "person": "surname"}
"""The field without which no dossier is made. It is never cleared (B6)."""
