"""Columns of citizen service numbers reject the file, and nothing that was in them is repeated."""

from itertools import count, islice
from random import Random

import pytest
from tests.core.check.tables import COMPANY, FILE, PERSON, TODAY, checked, only, table_of

from instroom.core.check import check
from instroom.core.check.judges.vat import passes_eleven
from instroom.core.check.private_numbers.eleven_proof import beyond_chance
from instroom.core.findings import finding
from instroom.core.layout.standard import standard
from instroom.core.model import Checked, Policies, Table

NUMBERS = list(islice((f"{number:09}" for number in count(2_000_000) if passes_eleven(f"{number:09}")), 12))
"""Of nobody: none begins with 00."""


def persons(column: str, texts: list[str], **more: str) -> list[dict[str, str]]:
    return [{**PERSON, "PersoonExternId": f"P{number}", **more, column: text} for number, text in enumerate(texts)]


def with_column(header: str, texts: list[str], *, at: int = 60) -> Table:
    table = table_of(*persons("PersoonVoornaam", ["Fenna"] * len(texts)))
    table.headers.insert(at, header)
    for row, text in zip(table.rows, texts, strict=True):
        row.insert(at, text)
    return table


def judged(table: Table) -> Checked:
    return check(FILE, table, standard(), Policies(), today=TODAY)


def bsn_columns(found: Checked) -> list[str | None]:
    """The columns of such findings, of which nothing may be repeated."""
    columns = [item.column for item in found.findings if item.code == "column-bsn"]
    assert found.rejected == bool(columns) or not columns
    if columns:
        assert {item.code for item in found.findings} <= {
            "column-bsn",
            "column-added",
            "column-renamed",
            "header-missing",
        }
        assert found.records == [] and not any(text.lstrip("0") in repr(found) for text in (*NUMBERS, "123456782"))
    return columns


@pytest.mark.parametrize(
    "header",
    [
        *(
            "BSN",
            "bsn",
            "PersoonBSN",
            "BSN-nummer",
            "BSN_deelnemer",
            "Bsn nr.",
            "Burgerservicenummer",
            "Burger Service Nr",
        ),
        *("Sofinummer", "sofi-nummer", "Sofi", "Sociaal-fiscaal nummer", "Service number", "Citizen service number"),
        *("Persoonsnummer overheid", "PGN", "BSN (verplicht)", "MedewerkerBurgerservicenumer"),
    ],
)
def test_a_header_is_enough(header: str) -> None:
    assert bsn_columns(judged(with_column(header, ["", "123456789"]))) == [header]


@pytest.mark.parametrize(
    ("header", "text"),
    [("BSN gecontroleerd", "J"), ("BSN gezien op", "01-02-2026"), ("Servicenummer", "1"), ("Sofie", "1"), ("BSN", "")],
)
def test_a_header_about_something_else(header: str, text: str) -> None:
    assert bsn_columns(judged(with_column(header, [text]))) == []


@pytest.mark.parametrize(
    "texts",
    [
        NUMBERS[:5],
        [number.lstrip("0").zfill(8) for number in NUMBERS[:4]] + [*NUMBERS[4:8], "onbekend", "-"],
        [f"{number[:4]}.{number[4:6]}.{number[6:]}" for number in NUMBERS],
        [f"{number[:3]} {number[3:6]} {number[6:]}" for number in NUMBERS],
        [f"{number[:3]}\u00a0{number[3:6]}  {number[6:]}" for number in NUMBERS],
        [f"P{number}" for number in NUMBERS],
        [f"{number}.0" for number in NUMBERS],
        [f"Zie {number} in het dossier" for number in NUMBERS],
        [*NUMBERS, "123456789", "123456780"],
    ],
)
def test_values_that_chance_does_not_explain(texts: list[str]) -> None:
    for column in ("PersoonPersoneelsnummer", "PersoonOpmerking", "PersoonVrijveldData1", "PersoonCategorie1"):
        half = {"PersoonVrijveldDefinitie1": "Code"} if "Vrij" in column else {"PersoonCategorieGroep1": "Code"}
        assert bsn_columns(checked(*persons(column, texts, **half))) == [column]
    assert bsn_columns(judged(with_column("Nummer", texts))) == ["Nummer"]
    beyond = with_column("", texts, at=len(standard().headers))
    rows = dict(zip(beyond.places, beyond.rows, strict=True))
    headless = beyond._replace(headers=list(standard().headers), rows=[], places=[], wrong_width_rows=rows)
    assert bsn_columns(judged(headless)) == [None]
    assert bsn_columns(judged(beyond._replace(headers=beyond.rows[0], header_row=1))) == [None]


def test_in_the_place_of_another_column() -> None:
    for column in ("PersoonMobiel", "PersoonGeboortedatum", "PersoonEmailWerk", "PersoonGeslacht"):
        assert bsn_columns(checked(*persons(column, NUMBERS))) == [column]
        table = table_of(*persons(column, ["123456789"]))
        table.headers[table.headers.index(column)] = "BSN"
        assert bsn_columns(judged(table)) == ["BSN"]
        table = table_of(*persons(column, NUMBERS))
        table.headers[table.headers.index(column)] = "RSIN"
        assert bsn_columns(judged(table)) == []


def test_the_key_itself() -> None:
    assert bsn_columns(checked(*({**PERSON, "PersoonExternId": number} for number in NUMBERS))) == ["PersoonExternId"]
    source = {**PERSON, "PersoonExternSource": "BSN", "PersoonExternId": NUMBERS[0]}
    assert bsn_columns(checked(source)) == ["PersoonExternId"]


@pytest.mark.parametrize(
    ("text", "is_found"),
    [
        ("BSN 123456782", True),
        ("Let op: burgerservicenr. van haar is 1234.56.782!", True),
        ("sofi-nummer: 123 456 782", True),
        ("123456782 (bsn)", True),
        ("BSN23456783", False),
        ("geen bsn, tel. 123456782", False),
        ("BSN onbekend, KvK 123456782", False),
        ("Bestelling 123456782", False),
    ],
)
def test_the_word_beside_one_number(text: str, *, is_found: bool) -> None:
    for row, column in (({**COMPANY}, "BedrijfOpmerking"), (PERSON, "PersoonOpmerking")):
        assert bsn_columns(checked({**row, column: text})) == [column] * is_found


def test_a_definition_is_a_column_of_its_own() -> None:
    free = {"PersoonVrijveldDefinitie1": "BSN", "PersoonVrijveldData1": "123456789"}
    assert only(checked({**PERSON, **free})).facts["definition"] == "BSN"
    other = [{"PersoonVrijveldDefinitie1": f"D{number}"} for number in range(5)]
    mixed = [{**row, **more} for row, more in zip(persons("PersoonVrijveldData1", NUMBERS[:5]), other, strict=True)]
    assert bsn_columns(checked(*mixed)) == []


def test_numbers_of_companies_are_none() -> None:
    """Their RSIN passes the same proof."""
    for column in ("BedrijfExternId", "BedrijfDebiteurNr", "BedrijfIdentificatieNr"):
        assert bsn_columns(checked(*({**COMPANY, "BedrijfExternId": f"B{n}", column: n} for n in NUMBERS))) == []
    employers = [number for number in NUMBERS for _ in range(3)]
    assert bsn_columns(checked(*persons("PersoonDebiteurNr", employers))) == []
    assert bsn_columns(judged(with_column("RSIN werkgever", NUMBERS))) == []
    free = persons("PersoonVrijveldData1", NUMBERS, PersoonVrijveldDefinitie1="VrijveldRSIN")
    assert bsn_columns(checked(*free)) == []
    for text in ("Werkgever heeft RSIN: ", "Btw NL", "NL"):
        assert bsn_columns(checked(*persons("PersoonOpmerking", [f"{text}{number}" for number in NUMBERS]))) == []


def series(kind: str, random: Random) -> list[str]:
    start, size = random.randrange(10**8, 10**9 - 10**6), random.choice([5, 20, 300])
    numbers = range(start, start + size * 50, random.choice([1, 2, 5, 10, 50]))[:size]
    made = {
        "series": numbers,
        "random": [random.randrange(10**8, 10**9) for _ in range(size)],
        "eight": [random.randrange(10**7, 10**8) for _ in range(size)],
        "dates": [
            f"{random.randrange(1, 29):02}{random.randrange(1, 13):02}{random.randrange(1950, 2030)}"
            for _ in range(size)
        ],
        "short": [f"{random.randrange(10**5):09}" for _ in range(size)],
        "luhn": [f"{n}{luhn_digit(n)}" for n in (random.randrange(10**7, 10**8) for _ in range(size))],
        "phone": [f"6{random.randrange(10**7, 10**8)}" for _ in range(size)],
    }
    return [str(number) for number in made[kind]]


def luhn_digit(number: int) -> int:
    digits = [int(digit) for digit in str(number)][::-1]
    return -sum(digits[1::2] + [sum(divmod(2 * digit, 10)) for digit in digits[::2]]) % 10


@pytest.mark.parametrize("kind", ["series", "random", "eight", "dates", "short", "luhn", "phone"])
def test_other_numbers_pass_by_chance_alone(kind: str) -> None:
    random = Random(kind)
    for _ in range(30):
        numbers = series(kind, random)
        passing = sum(map(passes_eleven, (number.zfill(9) for number in numbers)))
        assert not beyond_chance(passing, len(numbers))
    assert bsn_columns(checked(*persons("PersoonPersoneelsnummer", numbers))) == []


def test_a_file_of_which_no_row_is_read_is_judged_by_its_headers() -> None:
    fault = finding("csv-delimiter", facts={"found": ","})
    for header in ("PersoonExternId,PersoonBSN,PersoonAchternaam", "BSN"):
        assert judged(Table([header], [], [], {}, [fault], 0)).findings[-1].code == "column-bsn"


@pytest.mark.parametrize(("name", "texts"), [("BSN", ["123456789"]), ("Extra", NUMBERS)])
def test_what_is_in_no_row_counts_too(name: str, texts: list[str]) -> None:
    fault = finding("xml-structure", facts={"regel": 1, "element": name})
    table = table_of(PERSON)._replace(findings=[fault], unread={name: texts})
    for read in (table, table._replace(rows=[], places=[])):
        found = check(FILE._replace(format="xml"), read, standard(), Policies(), today=TODAY)
        assert [(item.code, item.row) for item in found.findings] == [("xml-structure", None), ("column-bsn", None)]
