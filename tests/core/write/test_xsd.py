"""The XSD takes our XML templates and refuses what the XML reader refuses in structure (product.md A6)."""

from pathlib import Path

import pytest
from lxml import etree

from instroom.core.layout.loader import Layout
from instroom.core.layout.own_layouts import load
from instroom.core.layout.standard import standard
from instroom.core.model import Limits
from instroom.core.read.from_xml import read_xml
from instroom.core.write.templates import write_template
from instroom.core.write.xsd import xsd

MARKER = load(Path(__file__).parents[2] / "deliveries" / "marker-layout" / "marker.v1.toml")
KEY = "<ExternId>1</ExternId><ExternSource>hr</ExternSource>"


def schema(layout: Layout) -> "etree.XMLSchema":
    return etree.XMLSchema(etree.fromstring(xsd(layout).encode()))


@pytest.mark.parametrize("layout", [standard(), MARKER], ids=lambda layout: layout.name)
@pytest.mark.parametrize("example", [False, True], ids=["empty", "example"])
def test_the_xml_template_is_valid(tmp_path: Path, layout: Layout, example: bool) -> None:
    write_template(tmp_path / "sjabloon.xml", layout, "xml", example)
    write_template(tmp_path / "sjabloon.xsd", layout, "xsd", example)
    rules = etree.XMLSchema(etree.parse(tmp_path / "sjabloon.xsd"))
    rules.assertValid(etree.parse(tmp_path / "sjabloon.xml"))


def document(inside: str, layout: str = "standard/1") -> str:
    return f'<Instroom layout="{layout}">{inside}</Instroom>'


def company(inside: str) -> str:
    return document(f"<Regel><Bedrijf>{inside}</Bedrijf></Regel>")


def person(inside: str) -> str:
    return document(f"<Regel><Persoon>{KEY}{inside}</Persoon></Regel>")


GOOD = {
    "no record at all": document(""),
    "a record without anything": document("<Regel/>"),
    "a company alone": company(KEY),
    "blank elements": company(f"{KEY}<Naam/><IdentificatieNr></IdentificatieNr><IdentificatieNrType/><Actief/>"),
    "every kind of blank": person("<Geslacht/><Geboortedatum/><Taal/><PriveLand/><Categorie1/><VrijveldDefinitie1/>"),
    "spaces around a value": person("<Geslacht> V </Geslacht><Geboortedatum>\n07-03-1988 </Geboortedatum>"),
    "dates in all three ways": person("<Geboortedatum>7-3-1988</Geboortedatum>"),
    "an ISO date": person("<Geboortedatum>1988-03-07</Geboortedatum>"),
    "line breaks in remarks": person("<Opmerking>een\ntwee</Opmerking>"),
    "as long as it may be": company(f"{KEY}<Naam>{'é' * 100}</Naam>"),
}
MISBUILT = {
    "another root": "<Uitstroom layout='standard/1'/>",
    "another layout": document("", "standard/2"),
    "an unknown element in the root": document("<Record/>"),
    "an unknown element in a record": document("<Regel><Klant/></Regel>"),
    "an unknown element in a block": company(f"{KEY}<Kleur>rood</Kleur>"),
    "the header with its prefix": company("<BedrijfExternId>1</BedrijfExternId>"),
    "a person's element in the company": company(f"{KEY}<Achternaam>Testkamp</Achternaam>"),
    "elements in another order": company("<ExternSource>hr</ExternSource><ExternId>1</ExternId>"),
    "an element twice": company(f"{KEY}<Naam>a</Naam><Naam>b</Naam>"),
    "a block twice": document("<Regel><Persoon/><Persoon/></Regel>"),
    "the person before the company": document("<Regel><Persoon/><Bedrijf/></Regel>"),
    "an element in an element": company(f"{KEY}<Naam><b>a</b></Naam>"),
    "text between elements": company(f"{KEY}los"),
    "text between blocks": document("<Regel>los</Regel>"),
    "another letter case": company("<externid>1</externid>"),
    "another namespace": '<Instroom xmlns="urn:x" layout="standard/1"/>',
    "an attribute of its own": document('<Regel nummer="1"/>'),
}
BAD_VALUES = {
    "too long": company(f"{KEY}<Naam>{'a' * 101}</Naam>"),
    "not in the list": person("<Geslacht>Z</Geslacht>"),
    "no date": person("<Geboortedatum>07/03/1988</Geboortedatum>"),
    "no country code": person("<PriveLand>Nederland</PriveLand>"),
    "a category with a colon": person("<Categorie1>a:b</Categorie1>"),
    "a free field by another name": person("<VrijveldDefinitie1>Veld1</VrijveldDefinitie1>"),
}


def refused_by_the_reader(folder: Path, text: str) -> bool:
    (folder / "levering.xml").write_text(text, encoding="utf-8")
    table = read_xml(folder / "levering.xml", standard(), Limits())
    return any(item.code == "xml-structure" for item in table.findings)


@pytest.mark.parametrize("text", GOOD.values(), ids=GOOD.keys())
def test_it_takes_and_so_does_the_reader(tmp_path: Path, text: str) -> None:
    schema(standard()).assertValid(etree.fromstring(text))
    assert not refused_by_the_reader(tmp_path, text)


@pytest.mark.parametrize("text", MISBUILT.values(), ids=MISBUILT.keys())
def test_it_refuses_and_so_does_the_reader(tmp_path: Path, text: str) -> None:
    assert not schema(standard()).validate(etree.fromstring(text))
    assert refused_by_the_reader(tmp_path, text)


@pytest.mark.parametrize("text", BAD_VALUES.values(), ids=BAD_VALUES.keys())
def test_it_refuses_a_value_that_its_column_does_not_take(text: str) -> None:
    assert not schema(standard()).validate(etree.fromstring(text))
