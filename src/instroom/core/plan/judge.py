"""Findings that depend on what is stored (product.md D2): judged against live, before a plan is made."""

from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

from instroom.core.findings import finding
from instroom.core.keys import Key
from instroom.core.layout.loader import Layout
from instroom.core.model import Finding, Record, RecordPart
from instroom.core.plan.identity import doubt_about
from instroom.core.plan.model import Dossiers, Known
from instroom.core.plan.wanted import wanted


class Judged(NamedTuple):
    """What the stored state says of a file's records."""

    findings: list[Finding]
    left_out: frozenset[int]
    """Rows that cannot be imported, as their company does not exist or cannot be made."""


def judge(
    records: Sequence[Record],
    repeated: Collection[int],
    known: Known,
    layout: Layout,
    *,
    promised: Collection[Key] = frozenset(),
    company_names: Mapping[str, str] | None = None,
) -> Judged:
    """Judge the records that the check let through.

    `promised`: companies that stand on records which the check has refused. Under the policy `whole` they count as
    given, so that one fault does not bring a row of false ones behind it.
    `company_names`: ExternId by dossier id, of the companies that known persons are linked to.
    """
    names = company_names or {}
    findings, left_out = _without_company(records, known.companies, layout, promised)
    kept = [record for record in records if record.row not in left_out]
    findings += [
        finding("person-unlinked", record.row, None, None, (), {"company": names.get(company, "")})
        for record in kept
        if record.person and record.company is None and record.row not in repeated
        and (old := known.persons.get(record.person.key)) and (company := old.company)
    ]  # fmt: skip
    findings += [
        finding("person-identity-changed", record.row, None, None, (), {"by": doubt})
        for record in kept
        if record.person and record.row not in repeated and (old := known.persons.get(record.person.key))
        and (doubt := doubt_about(old.fields, record.person.fields))
    ]  # fmt: skip
    return Judged(findings, frozenset(left_out))


def _without_company(
    records: Sequence[Record], stored: Dossiers, layout: Layout, promised: Collection[Key]
) -> tuple[list[Finding], set[int]]:
    """Records whose company does not exist and is not made by the file. Leaving one out can take away the name that
    another leans on, hence again until nothing changes; the result does not depend on the order (B11)."""
    findings: list[Finding] = []
    left_out: set[int] = set()
    active = [record for record in records if record.company and record.company.key not in stored]
    active = [record for record in active if record.company and record.company.key not in promised]
    while True:
        companies = wanted(active).companies
        faults = [
            fault for record in active if record.company
            and (fault := _company_fault(record.row, record.company, companies[record.company.key], layout))
        ]  # fmt: skip
        if not faults:
            return findings, left_out
        findings += faults
        rows = {fault.row for fault in faults if fault.row is not None}
        left_out |= rows
        active = [record for record in active if record.row not in rows]


def _company_fault(row: int, part: RecordPart, company: RecordPart, layout: Layout) -> Finding | None:
    if company.alone:
        facts = {"extern_id": part.extern_id, "extern_source": part.key[0]}
        return finding("company-unknown", row, layout.company.extern_id.label, part.extern_id, (), facts)
    name = layout.company.fields[0]
    if company.fields[0] or part.alone or name is None:
        return None  # a record by key alone: unknown only once the records with data are gone
    return finding("required-missing", row, name.label, None, (), {"block": "company"})
