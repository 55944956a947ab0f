"""Whether a known number still is the same person."""

import pytest

from instroom.core.fields import FIELDS
from instroom.core.plan.identity import doubt_about

Person = tuple[str, str, str]
FLEUR: Person = ("Fleur", "Kramer", "1980-01-02")


def fields(person: Person) -> list[str]:
    values = dict(zip(("first_name", "surname", "date_of_birth"), person, strict=True))
    return [values.get(name, "") for name in FIELDS["person"]]


@pytest.mark.parametrize(
    ("stored", "delivered", "doubt"),
    [
        (FLEUR, ("Joost", "Janssen", "1980-01-02"), "names"),
        (FLEUR, ("Joost", "Janssen", ""), "names"),
        (FLEUR, ("Fleur", "Janssen", "1991-11-06"), "surname-date"),
        (FLEUR, ("", "Janssen", "1991-11-06"), "surname-date"),
        (FLEUR, FLEUR, None),
        (FLEUR, ("Fleur", "Janssen", "1980-01-02"), None),  # married
        (FLEUR, ("Joost", "Kramer", "1991-11-06"), None),  # a surname alone says enough
        (FLEUR, ("F.", "Janssen", "1980-01-02"), None),
        (FLEUR, ("Fleur Anna", "Janssen", ""), None),
        (FLEUR, ("Floor", "Kramer-Janssen", "1991-11-06"), None),
        (FLEUR, ("FLEUR", "KRAMER", "1980-01-02"), None),
        (("Zoë", "Çelik", ""), ("Zoe", "Celik", ""), None),
        (FLEUR, ("", "", ""), None),
        (("", "Kramer", ""), ("Joost", "Janssen", "1991-11-06"), None),
    ],
)
def test_a_number_is_somebody_else_where_too_much_changes(stored: Person, delivered: Person, doubt: str | None) -> None:
    assert doubt_about(fields(stored), fields(delivered)) == doubt
