"""What one entry of the catalogue holds."""

from typing import Literal, NamedTuple

from instroom.core.model import Severity

Scope = Literal["file", "header", "row", "cell"]


class CatalogueEntry(NamedTuple):
    """A kind of finding: its code is stable, programs rely on it (product.md C1)."""

    code: str
    scope: Scope
    severity: Severity
