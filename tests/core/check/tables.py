"""Tables for the tests of the check, in the standard layout."""

from datetime import date

from instroom.core.check import check
from instroom.core.layout.loader import Layout
from instroom.core.layout.standard import standard
from instroom.core.model import Checked, FileFacts, Finding, Policies, Table

FILE = FileFacts("delivery.csv", "csv", 1, "0" * 64)
TODAY = date(2026, 11, 22)
PERSON = {"PersoonExternId": "P1", "PersoonExternSource": "HR", "PersoonAchternaam": "Jansen"}
COMPANY = {"BedrijfExternId": "B1", "BedrijfExternSource": "CRM", "BedrijfNaam": "Testbedrijf BV"}


def table_of(*records: dict[str, str], layout: Layout | None = None, notes: dict | None = None) -> Table:
    """A table with these records; columns that are not named are blank. `notes` go by label and record."""
    layout = layout or standard()
    rows = [[record.get(column.label, "") for column in layout.columns] for record in records]
    assert all(set(record) <= {column.label for column in layout.columns} for record in records)
    index = {column.label: column.index for column in layout.columns}
    by_column = {index[label]: flags for label, flags in (notes or {}).items()}
    return Table(list(layout.headers), rows, list(range(2, len(rows) + 2)), by_column, [], len(rows))


def checked(*records: dict[str, str], notes: dict | None = None, environment: bool = False, **policies: str) -> Checked:
    """These records, checked in the standard layout."""
    table = table_of(*records, notes=notes)
    return check(FILE, table, standard(), Policies(**policies), environment=environment, today=TODAY)


def only(found: Checked) -> Finding:
    """The one finding."""
    assert len(found.findings) == 1, found.findings
    return found.findings[0]
