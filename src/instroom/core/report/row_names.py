"""Who is on each row of a file, as the file calls them: for people who look up what was found in it."""

from typing import Final

from instroom.core.fields import PERSON_FIELDS
from instroom.core.keys import trim
from instroom.core.layout.loader import Layout
from instroom.core.model import Checked, Table
from instroom.core.report.marks import columns_by_label

_PARTS: Final = ("first_name", "initials", "surname_prefix", "surname")
_LONGEST: Final = 100
"""Characters of a name; a cell may hold a book."""


def names_of_rows(checked: Checked, table: Table, layout: Layout) -> dict[int, str]:
    """By row the person on it: first name, or initials where there is none; prefix; surname."""
    at, columns = columns_by_label(checked, table, layout), dict(zip(PERSON_FIELDS, layout.person.fields, strict=True))
    # Behind the last cell (-1) where the file has no such column.
    given, initials, prefix, surname = (at.get(one.label, -1) if (one := columns[part]) else -1 for part in _PARTS)
    names: dict[int, str] = {}
    for place, row in zip(table.places, table.rows, strict=True):
        cells = [*row, ""]
        parts = map(trim, (cells[given] or cells[initials], cells[prefix], cells[surname]))
        if name := " ".join(filter(None, parts)):
            names[place] = name[:_LONGEST]
    return names
