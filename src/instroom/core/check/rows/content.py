"""Step 3b: what a record holds (product.md B1), and what it must hold."""

from collections.abc import Iterable

from instroom.core.check.rows.identity import Identities
from instroom.core.check.sheet import Sheet
from instroom.core.fields import FIELDS, REQUIRED
from instroom.core.findings import finding
from instroom.core.layout.loader import Block, Column


def blank_records(sheet: Sheet, columns: Iterable[Column]) -> list[int]:
    """The records that have nothing in any of these columns."""
    blank = list(range(len(sheet)))
    for column in columns:
        if blank and sheet.filled(column):
            texts, faulty = sheet.texts[column.index], sheet.faulty.get(column.index, ())
            blank = [record for record in blank if not texts[record] and record not in faulty]
    return blank


def filled_records(sheet: Sheet, columns: Iterable[Column]) -> list[bool]:
    """For each record whether any of these columns has something in it."""
    filled = [True] * len(sheet)
    for record in blank_records(sheet, columns):
        filled[record] = False
    return filled


def drop_blank(sheet: Sheet) -> set[int]:
    """Report the records in which nothing can be seen, and give them: they do not count (A4). A run is one finding."""
    blank = blank_records(sheet, sheet.layout.columns)
    if not blank:
        return set()
    rows = {sheet.places[record] for record in blank}
    for code in ("value-whitespace", "value-invisible"):
        sheet.findings.forget(code, rows)
    for first, last in _runs(sorted(rows)):
        facts = {"count": last - first + 1, "last_row": last}
        sheet.findings.add(finding("row-blank", first, facts=facts))
    return set(blank)


def _runs(rows: list[int]) -> list[tuple[int, int]]:
    runs: list[tuple[int, int]] = []
    for row in rows:
        if runs and runs[-1][1] == row - 1:
            runs[-1] = runs[-1][0], row
        else:
            runs.append((row, row))
    return runs


def required_column(block: Block) -> Column | None:
    """The column without which no dossier is made."""
    return block.fields[FIELDS[block.kind].index(REQUIRED[block.kind])]


def check_surnames(sheet: Sheet, persons: Identities) -> None:
    """Each person needs a surname (required-missing). A person without a key has that to correct first."""
    column = required_column(sheet.layout.person)
    if column is None or not sheet.has(column):
        return
    texts = sheet.texts[column.index]
    for record, named in enumerate(persons.named):
        if named and not texts[record] and sheet.usable(column, record):
            sheet.report_cell("required-missing", record, column, None, {"block": "person"})


def check_company_names(sheet: Sheet, companies: Identities, alone: list[bool]) -> None:
    """A company with data and no name on any of its records cannot be made (required-missing).

    Only for a check without stored state: there a company may exist already, and needs no name in the file.
    """
    column = required_column(sheet.layout.company)
    if column is None or not sheet.has(column):
        return
    texts = sheet.texts[column.index]
    unusable = sheet.faulty.get(column.index, ())
    keys = companies.keys
    known = {key for record, key in enumerate(keys) if texts[record] or record in unusable}
    for record, key in enumerate(keys):
        if key is not None and key not in known and not alone[record]:
            sheet.report_cell("required-missing", record, column, None, {"block": "company"})
