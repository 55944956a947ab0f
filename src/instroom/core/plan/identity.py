"""A known key under which somebody else seems to come: a personnel number that was given out again."""

from collections.abc import Sequence
from typing import Literal

from instroom.core.fields import FIELDS
from instroom.core.search.words import fold

Doubt = Literal["names", "surname-date"]
_FIRST_NAME, _SURNAME, _BORN = (
    FIELDS["person"].index(name) for name in ("first_name", "surname", "date_of_birth")
)  # fmt: skip


def doubt_about(stored: Sequence[str], delivered: Sequence[str | None]) -> Doubt | None:
    """What of a person's fields becomes too different for one person; None where it may well be the same.

    One that is blank on either side says nothing. A name that is part of the other is the same: initials, a second
    first name, and a surname before or after a marriage.
    """
    if _is_other_name(stored[_SURNAME], delivered[_SURNAME]):
        if _is_other_name(stored[_FIRST_NAME], delivered[_FIRST_NAME]):
            return "names"
        if stored[_BORN] and delivered[_BORN] and stored[_BORN] != delivered[_BORN]:
            return "surname-date"
    return None


def _is_other_name(one: str, other: str | None) -> bool:
    if not one or not other or one == other:
        return False
    mine, theirs = _letters(one), _letters(other)
    return bool(mine and theirs) and mine not in theirs and theirs not in mine


def _letters(name: str) -> str:
    """Without case, marks and signs: `Zoë` is `zoe`."""
    return "".join(filter(str.isalpha, fold(name)))
