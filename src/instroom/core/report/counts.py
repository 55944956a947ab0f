"""Counts findings, for each report in the same way."""

from collections import Counter
from typing import Final, NamedTuple

from instroom.core.findings.collected import OrderedFindings
from instroom.core.model import Checked, Finding, Severity


class Tally(NamedTuple):
    """How many findings there are of each severity."""

    errors: int
    warnings: int
    notices: int


def tally(checked: Checked) -> Tally:
    """All findings are counted, however many there are (product.md C1)."""
    findings = checked.findings
    found = (
        findings.severities() if isinstance(findings, OrderedFindings) else Counter(one.severity for one in findings)
    )
    return Tally(found["error"], found["warning"], found["notice"])


WORST_FIRST: Final[tuple[Severity, ...]] = ("error", "warning", "notice")


def grouped(checked: Checked) -> list[list[Finding]]:
    """The findings of one code and severity together, in file order; errors first, then as they first occur."""
    groups: dict[tuple[Severity, str], list[Finding]] = {}
    for finding in checked.findings:
        groups.setdefault((finding.severity, finding.code), []).append(finding)
    return sorted(groups.values(), key=lambda group: WORST_FIRST.index(group[0].severity))


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
