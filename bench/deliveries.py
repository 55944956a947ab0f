"""Makes deliveries that look real: companies with their persons in the standard layout, identical at each run.

`python -m bench.deliveries FOLDER` writes `first`, `unchanged` and `changed` as .csv, .xlsx and .xml.
"""

import argparse
import csv
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import NamedTuple
from xml.sax.saxutils import escape

import xlsxwriter

from bench import made_up
from instroom.core.layout.loader import Layout
from instroom.core.layout.standard import standard

SEED = 2026
SOURCE = "VoorbeeldHR"
LONGEST_STAFF = 30
PRIVATE_SHARE = 0.04
ALONE_SHARE = 0.01

Values = dict[str, str]
"""Field → value. Missing fields are blank."""


class Row(NamedTuple):
    """A record: the serial of its company, the serial of its person, or both."""

    company: int | None
    person: int | None


class Delivery(NamedTuple):
    """The content of a file, before it is written in a format."""

    rows: list[Row]
    companies: dict[int, Values]
    persons: dict[int, Values]


def first(records: int = 10_000, seed: int = SEED) -> Delivery:
    """About a fifth as many companies as records, each with 1 to 30 persons, and some persons without a company."""
    rng = Random(seed)  # noqa: S311 - made-up data, nothing secret
    delivery = Delivery([], {}, {})
    for _ in range(int(records * PRIVATE_SHARE)):
        _add_person(rng, delivery, None)
    while len(delivery.rows) < records:
        serial = len(delivery.companies) + 1
        delivery.companies[serial] = company(rng, serial)
        if rng.random() < ALONE_SHARE * 5:
            delivery.rows.append(Row(serial, None))
            continue
        staff = min(LONGEST_STAFF, 1 + int(rng.expovariate(1 / 4.2)), records - len(delivery.rows))
        for _ in range(staff):
            _add_person(rng, delivery, serial)
    return delivery


def changed(before: Delivery, share: float = 0.03, seed: int = SEED) -> Delivery:
    """The same delivery a while later, with about `share` of its records changed.

    Half of these have a changed person, a fifth a changed company, a sixth a new person instead of one that is no
    longer delivered. The rest are persons who moved to another company or left theirs.
    """
    rng = Random(seed)  # noqa: S311 - made-up data, nothing secret
    after = Delivery(list(before.rows), dict(before.companies), dict(before.persons))
    count = max(4, int(len(before.rows) * share))
    linked = [index for index, row in enumerate(before.rows) if None not in row]
    chosen = iter(rng.sample(linked, min(count, len(linked))))
    touched = 0
    for index in chosen:
        if touched >= count:
            break
        touched += _change(rng, after, index, rng.random())
    return after


def _change(rng: Random, after: Delivery, index: int, dice: float) -> int:
    """Change one record, and return the number of records that differ because of it."""
    row = after.rows[index]
    assert row.company is not None and row.person is not None
    if dice < 0.06:
        moved = {"phone": made_up.phone(rng), "debtor_number": f"D{rng.randrange(10**6)}"}
        after.companies[row.company] = {**after.companies[row.company], **moved}
        return sum(other.company == row.company for other in after.rows)
    if dice < 0.65:
        moved = {"job_title": rng.choice(made_up.JOBS), "mobile": made_up.mobile(rng)}
        after.persons[row.person] = {**after.persons[row.person], **moved}
    elif dice < 0.85:
        serial = max(after.persons) + 1
        after.persons[serial] = person(rng, serial)
        after.rows[index] = Row(row.company, serial)
    elif dice < 0.95:
        after.rows[index] = Row(rng.choice([other for other in after.companies if other != row.company]), row.person)
    else:
        after.rows[index] = Row(None, row.person)
    return 1


def _add_person(rng: Random, delivery: Delivery, employer: int | None) -> None:
    serial = len(delivery.persons) + 1
    delivery.persons[serial] = person(rng, serial)
    delivery.rows.append(Row(employer, serial))


def company(rng: Random, serial: int) -> Values:
    numbers, maybe = made_up.company_numbers(serial), made_up.maybe
    name, domain = rng.choice(made_up.NAMES), f"bedrijf{serial}.example"
    values = {
        "extern_id": f"B{serial:05d}",
        "extern_source": SOURCE,
        "name": f"{name} {rng.choice(made_up.TRADES)} {rng.choice(('B.V.', 'VOF', 'Groep', 'Nederland B.V.'))}",
        "registration_number": numbers.registration,
        "registration_type": numbers.kind,
        "vat_number": numbers.vat if rng.random() < 0.7 else "",
        "invoice.email": maybe(rng, 0.5, lambda: f"facturen@{domain}"),
        "invoice.attention": maybe(rng, 0.2, lambda: "Crediteurenadministratie"),
        "debtor_number": maybe(rng, 0.7, lambda: f"{200000 + serial}"),
        "phone": maybe(rng, 0.8, lambda: made_up.phone(rng)),
        "email": maybe(rng, 0.7, lambda: f"info@{domain}"),
        "website": maybe(rng, 0.5, lambda: f"https://www.{domain}"),
        "active": maybe(rng, 0.8, lambda: "Ja"),
        "remarks": maybe(rng, 0.08, lambda: made_up.remarks(rng)),
    }
    values |= made_up.address(rng, "postal_address", numbers.country)
    if rng.random() < 0.4:
        values |= made_up.address(rng, "visiting_address", numbers.country)
    return values | made_up.categories(rng, 3) | made_up.free_fields(rng, 3)


def person(rng: Random, serial: int) -> Values:
    maybe = made_up.maybe
    given, surname = rng.choice(made_up.FIRST_NAMES), rng.choice(made_up.NAMES)
    values = {
        "extern_id": f"P{serial:06d}",
        "extern_source": SOURCE,
        "title": maybe(rng, 0.08, lambda: rng.choice(("drs.", "ir.", "mr.", "dr."))),
        "initials": maybe(rng, 0.95, lambda: f"{given[0]}.{rng.choice('ABCDEFGHJK')}."),
        "first_name": maybe(rng, 0.9, lambda: given),
        "surname_prefix": maybe(rng, 0.3, lambda: made_up.surname_prefix(rng)),
        "surname": surname,
        "gender": maybe(rng, 0.9, lambda: rng.choice("MV")),
        "date_of_birth": maybe(rng, 0.85, lambda: made_up.day(rng)),
        "place_of_birth": maybe(rng, 0.5, lambda: rng.choice(made_up.CITIES)),
        "language": maybe(rng, 0.6, lambda: rng.choice(("nl", "nl", "nl", "en", "fr"))),
        "work_phone": maybe(rng, 0.5, lambda: made_up.phone(rng)),
        "home_phone": maybe(rng, 0.1, lambda: made_up.phone(rng)),
        "mobile": maybe(rng, 0.65, lambda: made_up.mobile(rng)),
        "work_email": maybe(rng, 0.9, lambda: f"{surname.lower()}.{serial}@werk.example"),
        "home_email": maybe(rng, 0.2, lambda: f"{surname.lower()}{serial}@thuis.example"),
        "job_title": maybe(rng, 0.7, lambda: rng.choice(made_up.JOBS)),
        "department": maybe(rng, 0.5, lambda: rng.choice(made_up.DEPARTMENTS)),
        "employee_number": maybe(rng, 0.65, lambda: f"{rng.randrange(10**6):06d}"),
        "active": maybe(rng, 0.8, lambda: "Ja" if rng.random() < 0.97 else "Nee"),
        "remarks": maybe(rng, 0.08, lambda: made_up.remarks(rng)),
    }
    if rng.random() < 0.3:
        values |= made_up.address(rng, "home_address")
    return values | made_up.categories(rng, 3) | made_up.free_fields(rng, 1)


def table(delivery: Delivery, layout: Layout | None = None) -> Iterator[list[str]]:
    """The delivery's records as rows of cells, without the header."""
    columns = [(column.block, column.field) for column in (layout or standard()).columns]
    nobody: Values = {}
    for row in delivery.rows:
        blocks = {
            "company": nobody if row.company is None else delivery.companies[row.company],
            "person": nobody if row.person is None else delivery.persons[row.person],
            "marker": nobody,
        }
        yield [blocks[block].get(field, "") for block, field in columns]


def write(delivery: Delivery, target: Path) -> None:
    """Write the delivery in the format that the target's suffix names: .csv, .xlsx or .xml."""
    {".csv": _write_csv, ".xlsx": _write_xlsx, ".xml": _write_xml}[target.suffix](delivery, target)


def _write_csv(delivery: Delivery, target: Path) -> None:
    with target.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, delimiter=";")
        writer.writerow(standard().headers)
        writer.writerows(table(delivery))


def _write_xlsx(delivery: Delivery, target: Path) -> None:
    """Write it as office programs do: text cells, with each distinct text once in the shared strings."""
    with xlsxwriter.Workbook(str(target)) as book:
        sheet, text = book.add_worksheet("Gegevens"), book.add_format({"num_format": "@"})
        for number, cells in enumerate([list(standard().headers), *table(delivery)]):
            for column, cell in enumerate(cells):
                if cell:
                    sheet.write_string(number, column, cell, text)


def _write_xml(delivery: Delivery, target: Path) -> None:
    names = [column.header.removeprefix("Bedrijf").removeprefix("Persoon") for column in standard().columns]
    halves = (("Bedrijf", slice(0, 52)), ("Persoon", slice(52, None)))
    with target.open("w", encoding="utf-8") as stream:
        stream.write(f'<?xml version="1.0" encoding="UTF-8"?>\n<Instroom layout="{standard().id}">\n')
        for cells in table(delivery):
            blocks = []
            for tag, half in halves:
                filled = zip(names[half], cells[half], strict=True)
                if body := "".join(f"<{name}>{escape(cell)}</{name}>" for name, cell in filled if cell):
                    blocks.append(f"<{tag}>{body}</{tag}>")
            stream.write(f"<Regel>{''.join(blocks)}</Regel>\n")
        stream.write("</Instroom>\n")


def write_all(folder: Path, records: int, seed: int = SEED, formats: tuple[str, ...] = ("csv", "xlsx", "xml")) -> None:
    """Write `first`, the same delivery as `unchanged`, and `changed` with 3 % changed.

    Each seed has its own persons and its own ExternSource.
    """
    folder.mkdir(parents=True, exist_ok=True)
    before = first(records, seed)
    for values in (*before.companies.values(), *before.persons.values()):
        values["extern_source"] = f"{SOURCE}{seed}"
    for name, delivery in (("first", before), ("unchanged", before), ("changed", changed(before))):
        for suffix in formats:
            write(delivery, folder / f"{name}.{suffix}")


def main() -> None:
    """Write the deliveries into a folder."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--records", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--formats", default="csv,xlsx,xml")
    options = parser.parse_args()
    write_all(options.folder, options.records, options.seed, tuple(options.formats.split(",")))


if __name__ == "__main__":
    main()
