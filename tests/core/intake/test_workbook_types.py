"""A workbook is known by the type of its main part and by the parts that are there, never by a mention of a type."""

from pathlib import Path

import pytest
from tests.core.xlsx.corpus.parts import SHEET_TYPE, TYPES, parts, relations, write

from instroom.core.intake.examine import examine

BINARY = "application/vnd.ms-excel.sheet.binary.macroEnabled.main"
WITH_MACROS = "application/vnd.ms-excel.sheet.macroEnabled.main+xml"
ADD_IN = "application/vnd.ms-excel.addin.macroEnabled.main+xml"
PROJECT = "application/vnd.ms-office.vbaProject"
PROJECT_RELATION = "http://schemas.microsoft.com/office/2006/relationships/vbaProject"
DOCUMENT = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
SLIDES = "application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml"

MACROS = ("xlsx", [("file-unsafe", {"problem": "macros"})])
READ = ("xlsx", [])


def types(main: str, more: str = "", part: str = "/xl/workbook.xml") -> dict[str, str]:
    """A list of types with this one for the main part."""
    override = f'<Override PartName="{part}" ContentType="{main}"/>'
    return {"[Content_Types].xml": f'<Types xmlns="{TYPES}">{more}{override}</Types>'}


def default(ending: str, content_type: str) -> str:
    return f'<Default Extension="{ending}" ContentType="{content_type}"/>'


def override(part: str, content_type: str) -> str:
    return f'<Override PartName="{part}" ContentType="{content_type}"/>'


def main_at(target: str) -> dict[str, str]:
    """A package whose main part stands elsewhere."""
    return {"_rels/.rels": relations(("rId1", "officeDocument", target))}


def related(relation: str) -> dict[str, str]:
    """A workbook part with this relation besides."""
    name = "xl/_rels/workbook.xml.rels"
    return {name: parts()[name].replace("</Relationships>", f"{relation}</Relationships>")}


SHEET = f"{SHEET_TYPE}.sheet.main+xml"
PROJECT_NAMED_OTHERWISE = f'<Relationship Id="rId9" Type="{PROJECT_RELATION}" Target="plaatje.bin"/>'

CASES: dict[str, tuple[dict[str, str], tuple[str | None, list[tuple[str, dict[str, str]]]]]] = {
    "a default for binary parts that are not there": (types(SHEET, default("bin", BINARY)), READ),
    "a default for macros that are not there": (types(SHEET, default("bin", PROJECT)), READ),
    "an override for macros that are not there": (types(SHEET, override("/xl/vbaProject.bin", PROJECT)), READ),
    "a document that is not there": (types(SHEET, override("/word/document.xml", DOCUMENT)), READ),
    "single quotes": (
        {
            "[Content_Types].xml": types(SHEET)["[Content_Types].xml"].replace('"', "'"),
        },
        READ,
    ),
    "prefixed": (
        {
            "[Content_Types].xml": (
                f'<t:Types xmlns:t="{TYPES}"><t:Override PartName="/xl/workbook.xml" ContentType="{SHEET}"/></t:Types>'
            )
        },
        READ,
    ),
    "a template": (types(f"{SHEET_TYPE}.template.main+xml"), READ),
    "no type of its own": (types("application/xml"), READ),
    "a type that allows macros": (types(WITH_MACROS), READ),
    "an add-in without macros": (types(ADD_IN), READ),
    "printer settings": (
        types(SHEET, default("bin", BINARY)) | {"xl/printerSettings/printerSettings1.bin": "a"},
        READ,
    ),
    "main part elsewhere": (
        main_at("/boek/main.xml") | types(SHEET, part="/boek/main.xml") | {"boek/main.xml": "<workbook/>"},
        READ,
    ),
    "macros": (types(WITH_MACROS, default("bin", PROJECT)) | {"xl/vbaProject.bin": "a"}, MACROS),
    "macros in a template": (
        types(WITH_MACROS.replace("sheet", "template")) | {"xl/vbaProject.bin": "a"},
        MACROS,
    ),
    "macros under a type that has none": (types(SHEET) | {"xl/VBAPROJECT.BIN": "a"}, MACROS),
    "macros by their type": (types(SHEET, override("/xl/plaatje.bin", PROJECT)) | {"xl/plaatje.bin": "a"}, MACROS),
    "macros by the type of an ending": (types(SHEET, default("png", PROJECT)) | {"xl/plaatje.png": "a"}, MACROS),
    "macros by a relation": (types(SHEET) | related(PROJECT_NAMED_OTHERWISE) | {"xl/plaatje.bin": "a"}, MACROS),
    "macros by a relation in capitals": (
        types(SHEET) | related(PROJECT_NAMED_OTHERWISE.replace("vbaProject", "VBAPROJECT")),
        MACROS,
    ),
    "macros outside of the file": (
        types(SHEET) | related(PROJECT_NAMED_OTHERWISE.replace("/>", ' TargetMode="External"/>')),
        MACROS,
    ),
    "macros of old": (types(SHEET) | {"xl/macrosheets/sheet1.xml": "<a/>"}, MACROS),
    "macros of old under another name": (
        types(SHEET, override("/xl/worksheets/sheet2.xml", "application/vnd.ms-excel.macrosheet+xml"))
        | {"xl/worksheets/sheet2.xml": "<a/>"},
        MACROS,
    ),
    "a binary workbook": (
        types(BINARY, part="/xl/workbook.bin") | main_at("xl/workbook.bin") | {"xl/workbook.bin": "a"},
        (None, [("file-format-unknown", {"looks_like": "xlsb"})]),
    ),
    "a binary workbook by a default": (
        {"[Content_Types].xml": f'<Types xmlns="{TYPES}">{default("bin", BINARY)}</Types>', "xl/workbook.bin": "a"}
        | main_at("xl/workbook.bin"),
        (None, [("file-format-unknown", {"looks_like": "xlsb"})]),
    ),
    "a document with a workbook in it": (
        types(DOCUMENT, override("/xl/workbook.xml", SHEET), part="/word/document.xml")
        | main_at("word/document.xml")
        | {"word/document.xml": "<a/>"},
        (None, [("file-format-unknown", {"looks_like": "docx"})]),
    ),
    "slides": (
        types(SLIDES, part="/ppt/presentation.xml")
        | main_at("ppt/presentation.xml")
        | {"ppt/presentation.xml": "<a/>"},
        (None, [("file-format-unknown", {"looks_like": "pptx"})]),
    ),
    "a DTD in the list of types": (
        {"[Content_Types].xml": '<!DOCTYPE a [<!ENTITY b "c">]><Types/>'},
        ("xlsx", [("file-unsafe", {"problem": "entities"})]),
    ),
}


@pytest.mark.parametrize(("content", "outcome"), CASES.values(), ids=CASES.keys())
def test_what_a_package_is(
    tmp_path: Path, content: dict[str, str], outcome: tuple[str | None, list[tuple[str, dict[str, str]]]]
) -> None:
    path = write(tmp_path / "a.xlsx", parts("<row><c><v>1</v></c></row>") | content)
    facts, findings = examine(path, "a.xlsx")
    assert (facts.format, [(finding.code, dict(finding.facts)) for finding in findings]) == outcome
