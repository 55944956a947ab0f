"""A layout is proposed from an existing template workbook; what is not sure is left to a person, in words."""

import tomllib
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.comments import Comment
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation

from instroom.core.errors import LayoutError
from instroom.core.language import Language
from instroom.core.layout.derive import derive
from instroom.core.layout.loader import Layout
from instroom.core.layout.own_layouts import build, load
from instroom.core.layout.recognise import recognise
from instroom.core.layout.standard import standard
from instroom.core.write.templates import write_template

MARKER_FILE = Path(__file__).parents[2] / "deliveries" / "marker-layout" / "marker.v1.toml"
MARKER = load(MARKER_FILE)


def proposed(workbook: Path) -> Layout:
    return build(tomllib.loads(derive(workbook)))


@pytest.mark.parametrize("layout", [standard(), MARKER], ids=lambda layout: layout.name)
@pytest.mark.parametrize("lang", ["nl", "en"])
@pytest.mark.parametrize("example", [False, True], ids=["empty", "example"])
def test_our_own_template_gives_its_layout_back(tmp_path: Path, layout: Layout, lang: Language, example: bool) -> None:
    workbook = tmp_path / f"{layout.name}.xlsx"
    write_template(workbook, layout, "xlsx", example, lang)
    assert proposed(workbook) == layout


@pytest.mark.parametrize(
    "choices", [[f"Keuze {number}" for number in range(200)], ["Jansen, Pieters"], ['zeg "ja"', "b"]]
)
def test_choices_that_do_not_fit_within_a_validation_come_back_too(tmp_path: Path, choices: list[str]) -> None:
    data = tomllib.loads(MARKER_FILE.read_text(encoding="utf-8"))
    for position in (3, 22):
        data["columns"][position] |= {"type": "choice", "choices": choices}
    layout = build(data)
    write_template(tmp_path / "marker.xlsx", layout, "xlsx", example=True, lang="en")
    assert proposed(tmp_path / "marker.xlsx") == layout


@pytest.fixture
def foreign(tmp_path: Path) -> Path:
    """A template that somebody else made: other names, a list on another sheet, comments by their author."""
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    sheet.title = "Deelnemers"
    headers = (
        "Bedrijfsnummer|Bron bedrijf|Naam organisatie|KvK-nummer|Postcode bezoekadres|Medewerker ID|Bron medewerker"
    )
    sheet.append(f"{headers}|Roepnaam|Achternaam|M/V|Geb.datum|E-mailadres|Functie|Kostenplaats".split("|"))
    sheet["C1"].comment = Comment("Planning:\nVolledige naam.\nMax. 60 tekens", "Planning")
    sheet["N1"].comment = Comment("Waarop geboekt wordt", "Planning")
    lists = workbook.create_sheet("Lijsten")
    for row, function in enumerate(["Monteur", "Kok", "Chauffeur"], start=2):
        lists.cell(row, 2, function)
    workbook.defined_names["functies"] = DefinedName("functies", attr_text="Lijsten!$B$2:$B$4")
    functions = DataValidation(type="list", formula1="functies")
    functions.add("M2:M500")
    sheet.add_data_validation(functions)
    length = DataValidation(type="textLength", operator="lessThanOrEqual", formula1="40")
    length.add("H2:I500")
    sheet.add_data_validation(length)
    workbook.save(tmp_path / "Planning 2027.v3.xlsx")
    return tmp_path / "Planning 2027.v3.xlsx"


def test_a_template_of_somebody_else_is_recognised_for_the_greater_part(foreign: Path) -> None:
    layout = proposed(foreign)
    assert layout.id == "planning-2027/3"
    assert {column.header: (column.block, column.field) for column in layout.columns} == {
        "Bedrijfsnummer": ("company", "extern_id"),
        "Bron bedrijf": ("company", "extern_source"),
        "Naam organisatie": ("company", "name"),
        "KvK-nummer": ("company", "registration_number"),
        "Postcode bezoekadres": ("company", "visiting_address.postal_code"),
        "Medewerker ID": ("person", "extern_id"),
        "Bron medewerker": ("person", "extern_source"),
        "Roepnaam": ("person", "first_name"),
        "Achternaam": ("person", "surname"),
        "Geb.datum": ("person", "date_of_birth"),
        "E-mailadres": ("person", "work_email"),
        "Functie": ("person", "job_title"),
    }


def test_comments_validations_and_lists_tell_meaning_length_and_choices(foreign: Path) -> None:
    columns = {column.header: column for column in proposed(foreign).columns}
    assert (columns["Naam organisatie"].nl, columns["Naam organisatie"].max_length) == (
        "Volledige naam. Max. 60 tekens",
        60,
    )
    assert [columns[header].max_length for header in ("Roepnaam", "Achternaam")] == [40, 40]
    assert (columns["Functie"].type, columns["Functie"].choices) == ("choice", ("Monteur", "Kok", "Chauffeur"))


def test_what_a_dossier_cannot_hold_is_left_out_and_said(tmp_path: Path) -> None:
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    sheet.append(["Bedrijf Extern ID", "Bedrijf bron", "Persoon ID", "Persoon bron", "Geslacht", "Voorletters"])
    genders = DataValidation(type="list", formula1='"M,V,Man"')
    genders.add("E2:E10")
    sheet.add_data_validation(genders)
    sheet["F1"].comment = Comment("Maximaal 200 tekens", "Planning")
    endless = DataValidation(type="textLength", operator="lessThan", formula1="9" * 5000)
    endless.add("F2:F10")
    sheet.add_data_validation(endless)
    workbook.save(tmp_path / "ruim.xlsx")
    columns = {column.header: column for column in proposed(tmp_path / "ruim.xlsx").columns}
    assert (columns["Geslacht"].choices, columns["Voorletters"].max_length) == (("M", "V"), 20)
    text = derive(tmp_path / "ruim.xlsx")
    assert '# The template offers for the next column also "Man"; a dossier does not.' in text
    assert "# The template gives the next column 200 characters; a dossier holds 20." in text


def test_what_nobody_can_tell_is_named_with_what_to_decide(foreign: Path) -> None:
    text = derive(foreign)
    assert '# Proposed from "Planning 2027.v3.xlsx": 12 of 14 columns recognised.' in text
    assert '    # Column 10, "M/V": not a name for any field' in text
    assert '    # Column 14, "Kostenplaats": not a name for any field' in text
    assert "# Decide: fill in its block and field and uncomment it, or take the column out of the template." in text
    (line,) = [line for line in text.splitlines() if line.startswith('    # { header = "Kostenplaats"')]
    (decided,) = tomllib.loads(f"columns = [{line.strip(' #')}]")["columns"]
    assert decided["nl"] == "Waarop geboekt wordt"


def test_a_proposal_without_keys_says_so(tmp_path: Path) -> None:
    workbook = openpyxl.Workbook()
    workbook.active.append(["Voornaam", "Achternaam"])
    workbook.save(tmp_path / "namen.xlsx")
    text = derive(tmp_path / "namen.xlsx")
    assert "# Nothing was recognised as extern_id of the person: a layout needs that column." in text
    with pytest.raises(LayoutError):
        build(tomllib.loads(text))


def test_a_header_with_anything_in_it_makes_no_other_toml(tmp_path: Path) -> None:
    workbook = openpyxl.Workbook()
    headers = ['Naam"', "regel 1\nname = 'x'", "Tele\nfoon", "Kleur\x7f", "{ }"]
    workbook.active.append(["Bedrijf Extern ID", "Bedrijf bron", "Persoon ID", "Persoon bron", "", *headers])
    workbook.save(tmp_path / "vreemd.xlsx")
    layout = build(tomllib.loads(derive(tmp_path / "vreemd.xlsx")))
    assert layout.id == "vreemd/1"
    assert layout.headers[:4] == ("Bedrijf Extern ID", "Bedrijf bron", "Persoon ID", "Persoon bron")
    assert "Tele\nfoon" in layout.headers


CASES: list[tuple[list[str], list[Any]]] = [
    (["Bedrijf", "Persoon", "Achternaam"], ["marker", "marker", "surname"]),
    (["Bedrijf", "Achternaam"], ["name", "surname"]),
    (
        ["BEDRIJF", "Naam", "Postcode", "PERSOON", "Naam", "Postcode"],
        ["marker", "name", "visiting_address.postal_code", "marker", "surname", "home_address.postal_code"],
    ),
    (["Voornaam", "Postcode"], ["first_name", "home_address.postal_code"]),
    (["KvK nr.", "Postcode"], ["registration_number", "visiting_address.postal_code"]),
    (["Postcode"], [None]),
    (["Achternaam", "Surname"], ["surname", None]),
    (["Persoon categorie groep 2", "Persoon Categorie 2"], ["categories.2.group", "categories.2.category"]),
    (["Bedrijf vrijveld code"], ["free_fields.1.definition"]),
    (["PersoonPersoneelsnummer", "Privé e-mail"], ["employee_number", None]),
    (
        ["E-mail privé", "Privé postcode", "Thuisadres plaats"],
        ["home_email", "home_address.postal_code", "home_address.city"],
    ),
    (["First name", "Last name", "Date of birth"], ["first_name", "surname", "date_of_birth"]),
    (["", "???", "Kleur"], [None, None, None]),
]


@pytest.mark.parametrize(("headers", "fields"), CASES, ids=lambda value: " ".join(map(str, value))[:40])
def test_a_header_is_recognised_by_name_synonym_block_and_neighbour(headers: list[str], fields: list[Any]) -> None:
    found = recognise(headers)
    assert [match and (match.field or match.block) for match in found] == fields


def broken_workbooks() -> dict[str, dict[str, str] | bytes]:
    relations = '<Relationships xmlns="r"><Relationship Id="1" Type="x/officeDocument" Target="{}"/></Relationships>'
    bomb = '<!DOCTYPE a [<!ENTITY b "bbbb">]><workbook>&b;</workbook>'
    declaration = '<?xml version="1.0" encoding="UTF-98"?>'
    deep = "<a>" * 5_000
    return {
        "no zip": b"Voornaam;Achternaam\r\n",
        "nothing": b"",
        "no parts": {},
        "no workbook": {"_rels/.rels": relations.format("weg.xml")},
        "no relations": {"_rels/.rels": "<Relationships/>"},
        "an entity": {"_rels/.rels": relations.format("w.xml"), "w.xml": bomb},
        "too deep": {"_rels/.rels": relations.format("w.xml"), "w.xml": deep},
        "no encoding": {
            "_rels/.rels": relations.format("w.xml"),
            "w.xml": f"{declaration}<a/>",
        },
        "no xml": {"_rels/.rels": relations.format("w.xml"), "w.xml": "PK"},
        "no sheet": {"_rels/.rels": relations.format("w.xml"), "w.xml": "<workbook/>"},
        "upwards": {"_rels/.rels": relations.format("../../etc/passwd")},
    }


@pytest.mark.parametrize("parts", broken_workbooks().values(), ids=broken_workbooks().keys())
def test_what_is_no_workbook_is_a_layout_error(tmp_path: Path, parts: dict[str, str] | bytes) -> None:
    path = tmp_path / "kapot.xlsx"
    if isinstance(parts, bytes):
        path.write_bytes(parts)
    else:
        with zipfile.ZipFile(path, "w") as archive:
            for name, text in parts.items():
                archive.writestr(name, text)
    with pytest.raises(LayoutError):
        derive(path)


def test_lzma_is_not_what_workbooks_are_packed_with(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "kapot.xlsx", "w", zipfile.ZIP_LZMA) as archive:
        archive.writestr("_rels/.rels", "<Relationships/>")
    with pytest.raises(LayoutError, match="not a readable Excel workbook"):
        derive(tmp_path / "kapot.xlsx")


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sjabloon") / "heel.xlsx"
    write_template(path, MARKER, "xlsx", example=False)
    return path


@given(spoilt=st.lists(st.tuples(st.integers(0), st.integers(0, 255)), min_size=1, max_size=8), cut=st.integers(0))
def test_a_spoilt_workbook_gives_a_proposal_or_a_layout_error(
    template: Path, spoilt: list[tuple[int, int]], cut: int
) -> None:
    content, path = bytearray(template.read_bytes()), template.with_name("kapot.xlsx")
    for position, value in spoilt:
        content[position % len(content)] = value
    path.write_bytes(content[: cut % len(content)] if cut % 3 == 0 else content)
    try:
        assert derive(path).startswith("# Proposed from")
    except LayoutError as error:
        assert "kapot.xlsx" in str(error)
