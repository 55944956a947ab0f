"""What a judgement of one value gives: the value in canonical text, or a fault."""

from collections.abc import Callable, Mapping
from typing import Any, Final, NamedTuple

from instroom.core.findings import CATALOGUE
from instroom.core.model import Severity

_NO_FACTS: Final[Mapping[str, Any]] = {}


class Fault(NamedTuple):
    """A finding on a value, before it is known on which rows the value stands."""

    code: str
    facts: Mapping[str, Any] = _NO_FACTS
    canonical: str | None = None
    """The value as it is used all the same; None: as it stands."""
    graver: Severity | None = None
    """Its severity, where that is not the one of the catalogue."""

    @property
    def severity(self) -> Severity:
        return self.graver or CATALOGUE[self.code].severity


Judgement = str | Fault

Judge = Callable[[str, str], Judgement]
"""Judges a trimmed value that is not blank, knowing what else on the record matters for it (see `context`)."""


def short_of_zeros(likely: str) -> Fault:
    """A number with fewer digits than its kind has: a spreadsheet has eaten its leading zeros (A5)."""
    return Fault("value-leading-zero", {"problem": "short", "likely": likely})
