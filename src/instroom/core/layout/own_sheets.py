"""The sheets that Instroom itself adds to a workbook: never read as data, and no reason for a finding (A7, C4)."""

from typing import Final

from instroom.core.language import Language

EXPLANATION: Final[dict[Language, str]] = {"nl": "Uitleg", "en": "Explanation"}
"""The sheet of a template that tells how to fill it in."""

SUMMARY: Final[dict[Language, str]] = {"nl": "Samenvatting", "en": "Summary"}
"""The sheet of an annotated workbook that tells what was found."""

OWN_SHEETS: Final[frozenset[str]] = frozenset((*EXPLANATION.values(), *SUMMARY.values()))
