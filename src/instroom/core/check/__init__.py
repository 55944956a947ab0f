"""Step 3: check a table against its layout, as far as that needs no stored state (product.md C1)."""

import time
from collections.abc import Callable, Collection
from typing import TYPE_CHECKING

from instroom.core.check.headers.footer_rows import take_out_footer_rows
from instroom.core.check.headers.header_rows import take_out_header_rows
from instroom.core.check.headers.placement import nowhere, other_headers, place, position_of
from instroom.core.check.private_numbers.bsn_columns import find_bsn_columns
from instroom.core.check.repetition.duplicates import check_duplicates
from instroom.core.check.repetition.example_records import ExampleRecords, check_example_records
from instroom.core.check.repetition.repeated import check_companies, check_persons
from instroom.core.check.rows.content import check_company_names, check_surnames, drop_blank, filled_records
from instroom.core.check.rows.counting import source_counts
from instroom.core.check.rows.identity import Identities, identify, sources_named, unusable_keys
from instroom.core.check.rows.pairs import check_pairs, pairs_of
from instroom.core.check.rows.records import parts_of, records_of
from instroom.core.check.sheet import Sheet
from instroom.core.check.values import check_values
from instroom.core.findings import CATALOGUE, finding
from instroom.core.findings.collected import Collected, FindingKind
from instroom.core.layout.loader import Layout
from instroom.core.model import Checked, FileFacts, Finding, Policies, Record, Table

if TYPE_CHECKING:
    from datetime import date


def check(
    file: FileFacts,
    table: Table,
    layout: Layout,
    policies: Policies,
    *,
    environment: bool = False,
    today: "date | None" = None,
    examples: ExampleRecords | None = None,
    sources: Collection[str] | None = None,
) -> Checked:
    """Judge every header, record and cell of a file, and build the records that can be imported.

    `environment`: the file is a delivery, so whether a company without a name exists already is for the plan to say;
    otherwise such a company is found here (required-missing). `today` is what dates of birth are held against.
    `examples` are the records of the templates, which may not be left in beside others. `sources` are the only ones
    that may deliver (their `source_key`), where who delivers is limited to some (product.md G5).
    """
    if not table.rows and any(_rejects(item) and item.code != "rows-too-many" for item in table.findings):
        found = find_bsn_columns(file, table, layout, nowhere(layout))
        others = other_headers(table, layout) if any(item.code == "csv-encoding" for item in table.findings) else []
        return _outcome(file, table, layout, Collected(found or (*table.findings, *others)))
    placement = place(table, layout)
    if not placement.readable:
        if found := find_bsn_columns(file, table, layout, placement):
            return _outcome(file, table, layout, Collected(found))
        # Without headers the width of the rows says nothing either.
        findings = [item for item in table.findings if item.code != "row-cell-count"]
        return _outcome(file, table, layout, Collected([*findings, *placement.findings]))
    table = take_out_footer_rows(take_out_header_rows(table, layout, placement))
    now = today.isoformat() if today else time.strftime("%Y-%m-%d")
    sheet = Sheet(table, layout, placement, policies, now, sources)
    check_values(sheet)
    if found := find_bsn_columns(file, table, layout, placement, sheet):
        return _outcome(file, table, layout, Collected(found))
    return _check_sheet(file, table, sheet, examples, environment=environment)


def _check_sheet(
    file: FileFacts, table: Table, sheet: Sheet, examples: ExampleRecords | None, *, environment: bool
) -> Checked:
    blank = drop_blank(sheet)
    blocks = (sheet.layout.company, sheet.layout.person)
    companies, persons = (identify(sheet, block, filled_records(sheet, block.columns)) for block in blocks)
    company_pairs, person_pairs = (pairs_of(sheet, block) for block in blocks)
    company_parts = parts_of(sheet, companies, company_pairs)
    person_parts = parts_of(sheet, persons, person_pairs)
    check_pairs(sheet, sheet.layout.company, company_pairs)
    check_pairs(sheet, sheet.layout.person, person_pairs)
    check_surnames(sheet, persons)
    if not environment:
        check_company_names(sheet, companies, [part is not None and part.alone for part in company_parts])
    check_companies(sheet, companies, company_parts)
    same = check_persons(sheet, persons, companies, person_parts)
    _check_likeness(sheet, companies, persons, examples)
    repeated = {record for group in same for record in [r for r in group if r not in sheet.refused][1:]}
    if table.records == len(blank):
        sheet.findings.add(finding("rows-none"))
    records = records_of(sheet, company_parts, person_parts, sheet.refused | blank)
    refused_companies = frozenset(
        part.key for record in sheet.refused if (part := company_parts[record]) and not part.alone
    )
    outcome = _outcome(
        file,
        table,
        sheet.layout,
        sheet.findings,
        records,
        frozenset(sheet.places[record] for record in sheet.refused),
        frozenset(sheet.places[record] for record in repeated),
        (table.records - len(blank), len(set(companies.keys) - {None}), len(set(persons.keys) - {None})),
    )
    return outcome._replace(
        refused_companies=refused_companies,
        sources=sources_named(sheet, companies) | sources_named(sheet, persons) | _unread(table),
        unusable_keys={block.kind: unusable_keys(sheet, block) for block in blocks},
    )


def _unread(table: Table) -> frozenset[str]:
    """The source of records that were not read, if any: none that is known."""
    return frozenset({""} if table.wrong_width_rows else ())


def _check_likeness(sheet: Sheet, companies: Identities, persons: Identities, examples: ExampleRecords | None) -> None:
    """Records that are not what they look like: of one dossier under two keys, of a series of sources, examples."""
    for identities in (companies, persons):
        if not source_counts(sheet, identities.block):  # each key has another source then: one cause, one finding
            check_duplicates(sheet, identities)
    if examples:
        check_example_records(sheet, companies, persons, examples)


def _outcome(
    file: FileFacts,
    table: Table,
    layout: Layout,
    findings: Collected,
    records: list[Record] | None = None,
    refused: frozenset[int] = frozenset(),
    repeated: frozenset[int] = frozenset(),
    counts: tuple[int, int, int] | None = None,
) -> Checked:
    counts = counts or (table.records, 0, 0)
    rejected = any(map(_rejects, findings.kinds))
    refused |= {item.row for item in table.findings if item.severity == "error" and item.row and not _rejects(item)}
    found = findings.in_order(_place(layout))
    return Checked(file, layout.id, [] if rejected else records or [], refused, repeated, found, rejected, *counts)


def _rejects(item: Finding | FindingKind) -> bool:
    return item.severity == "error" and CATALOGUE[item.code].scope in ("file", "header")


def _place(layout: Layout) -> Callable[[FindingKind], int]:
    """Within a row by column, then by code, as one number."""
    positions: dict[str | None, int] = {column.label: column.index + 1 for column in layout.columns}
    codes = {code: number for number, code in enumerate(sorted(CATALOGUE))}

    def place_of(item: FindingKind) -> int:
        position = 0 if item.column is None else positions.get(item.column, len(positions) + 1)
        if item.code.startswith("column-"):
            position = position_of(item)
        return (position << 8) + codes[item.code]

    return place_of
