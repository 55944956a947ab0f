"""Counts findings, for each report in the same way."""

from collections import Counter
from collections.abc import Mapping
from typing import Final, NamedTuple

from instroom.core.findings.collected import CountedFindings, FindingGroup
from instroom.core.model import Checked, Finding, Severity
from instroom.core.report.variants import variant

WORST_FIRST: Final[tuple[Severity, ...]] = ("error", "warning", "notice")
_OF_A_CAUSE: Final = 5
_OF_A_GROUP: Final = 20


class Group(NamedTuple):
    """The findings of one code and severity."""

    severity: Severity
    code: str
    amount: int
    shown: list[Finding]
    """The first of each cause in each column, so that one cause with thousands does not hide the others."""


class Tally(NamedTuple):
    """How many findings there are of each severity."""

    errors: int
    warnings: int
    notices: int


def tally(checked: Checked) -> Tally:
    """All findings are counted, however many there are (product.md C1)."""
    found: Counter[Severity] = Counter()
    for (severity, _, _), count in counts_by_group(checked).items():
        found[severity] += count
    return Tally(found["error"], found["warning"], found["notice"])


def counts_by_group(checked: Checked) -> "Counter[FindingGroup]":
    """How many there are of each severity, code and column, also of those that are not listed."""
    findings = checked.findings
    if isinstance(findings, CountedFindings):
        return findings.counts()
    return Counter((one.severity, one.code, one.column) for one in findings)


def by_code(counts: Mapping[FindingGroup, int]) -> "Counter[tuple[Severity, str]]":
    """How many there are of each severity and code, in whatever column."""
    found: Counter[tuple[Severity, str]] = Counter()
    for (severity, code, _), count in counts.items():
        found[severity, code] += count
    return found


def unlisted(checked: Checked) -> "Counter[FindingGroup]":
    """How many were found but are not listed: a store keeps so many of each."""
    return checked.findings.unlisted() if isinstance(checked.findings, CountedFindings) else Counter()


def grouped(checked: Checked) -> list[Group]:
    """The findings by code and severity; errors first, then as they first occur."""
    shown: dict[tuple[Severity, str], list[Finding]] = {}
    causes: Counter[tuple[Severity, str, str | None, str]] = Counter()
    for finding in checked.findings:
        among = shown.setdefault((finding.severity, finding.code), [])
        if len(among) < _OF_A_GROUP:
            cause = finding.severity, finding.code, finding.column, variant(finding)
            causes[cause] += 1
            if causes[cause] <= _OF_A_CAUSE:
                among.append(finding)
    counts = by_code(counts_by_group(checked))
    groups = [Group(severity, code, counts[severity, code], found) for (severity, code), found in shown.items()]
    return sorted(groups, key=lambda group: WORST_FIRST.index(group.severity))


def companies_by_key_alone(checked: Checked) -> int:
    """How many companies the file only refers to, on whatever record: whether they exist is not in the file (B7)."""
    companies = [record.company for record in checked.records if record.company]
    return len({part.key for part in companies if part.alone} - {part.key for part in companies if not part.alone})


def counts_of(checked: Checked) -> dict[str, int]:
    """The counts of the contracts: records, different keys of companies and persons, and findings by severity."""
    return {
        "records": checked.record_count,
        "companies": checked.company_count,
        "persons": checked.person_count,
        **tally(checked)._asdict(),
    }
