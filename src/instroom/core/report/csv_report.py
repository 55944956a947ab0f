"""The report as CSV, to sort and filter in a spreadsheet: a line for each finding (product.md C4).

Before them stands a line for each group of which not all are listed: how many there are, and how many of them follow.
"""

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from instroom.core.keys import trim
from instroom.core.language import Language
from instroom.core.layout.loader import Layout
from instroom.core.model import Checked, Finding
from instroom.core.report.counts import counts_by_group, unlisted
from instroom.core.report.sentence_cache import SentenceCache, Worded
from instroom.core.report.visible import visible
from instroom.core.report.words import severity_word, words
from instroom.core.wording.phrases import number
from instroom.core.write.atomic import atomic_write

_COLUMNS: Final = ("severity", "row", "column", "value", "message", "remedy", "other_rows", "code")
_COULD_CALCULATE: Final = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
_VALUE_LENGTH: Final = 1_000


def write_csv_report(target: Path, checked: Checked, layout: Layout, lang: Language = "nl") -> None:
    """UTF-8 with a BOM and semicolons, as a Dutch spreadsheet opens it. The target is replaced when the file is whole.

    Raises OSError where the file cannot be written.
    """
    with atomic_write(target) as draft, draft.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, delimiter=";", lineterminator="\r\n")
        writer.writerow([words(lang)["heading"][name] for name in _COLUMNS])
        writer.writerows(_unlisted(checked, lang))
        sentences = SentenceCache(layout, lang)
        writer.writerows(_finding_line(finding, sentences.of(finding), lang) for finding in checked.findings)


def _unlisted(checked: Checked, lang: Language) -> Iterator[list[str]]:
    counts = counts_by_group(checked)
    for group, absent in unlisted(checked).items():
        severity, code, column = group
        listed = number(counts[group] - absent, lang)
        text = words(lang)["csv"]["unlisted"].format(count=number(counts[group], lang), listed=listed)
        yield [severity_word(severity, lang), "", harmless(column or ""), "", text, "", "", code]


def _finding_line(finding: Finding, worded: Worded, lang: Language) -> list[str]:
    return [
        severity_word(finding.severity, lang),
        "" if finding.row is None else str(finding.row),
        harmless(finding.column or ""),
        harmless(finding.value or ""),
        worded.message,
        worded.remedy,
        ", ".join(map(str, finding.other_rows)),
        finding.code,
    ]


def harmless(text: str) -> str:
    """The text with an apostrophe before it where a spreadsheet would take it for a formula.

    Only in this report: it is read by people and never delivered again. In a file in the delivery layout the
    apostrophe would become part of the value, so there nothing is added. Control characters, a tab at the start among
    them, are shown as signs.
    """
    shown = visible(text, _VALUE_LENGTH)
    return f"'{shown}" if trim(shown).startswith(_COULD_CALCULATE) else shown
