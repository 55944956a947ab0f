"""A workbook that is made to do harm is refused by the reader itself, before it costs memory or time."""

import random
import tracemalloc
import zipfile
from pathlib import Path

import pytest
from tests.core.xlsx.corpus.parts import OFFICE, RELATIONS, TYPES, parts, sheet, strings, write
from tests.core.xlsx.corpus.reading import small_layout

from instroom.core.findings import CATALOGUE
from instroom.core.model import Limits
from instroom.core.read.from_xlsx import read_xlsx

ENTITY = '<!DOCTYPE a [<!ENTITY b "c">]>'
NOISE = "".join(random.Random(1).choices("abcdefghij0123456789", k=20_000))
MANY = 70_000


def part(name: str, data: str) -> dict[str, str]:
    """A workbook with this instead of one of its parts."""
    return parts("<row><c><v>1</v></c></row>") | {name: data}


def rows(data: str) -> dict[str, str]:
    """A workbook with these rows, which need not be whole."""
    return part("xl/worksheets/sheet1.xml", sheet(data))


def shared(data: str) -> dict[str, str]:
    """A workbook with these shared strings."""
    return part("xl/sharedStrings.xml", strings(data))


def types(name: str, content_type: str) -> dict[str, str]:
    """A workbook with a part that says to be something else."""
    override = f'<Override PartName="{name}" ContentType="application/{content_type}"/>'
    listed = part("[Content_Types].xml", f'<Types xmlns="{TYPES}">{override}</Types>')
    return listed | {name.lstrip("/"): "<a/>"}


def related(kind: str) -> dict[str, str]:
    """A workbook with a relation of this kind more."""
    content = parts("<row><c><v>1</v></c></row>")
    name = "xl/_rels/workbook.xml.rels"
    relation = f'<Relationship Id="rId9" Type="{kind}" Target="plaatje.bin"/></Relationships>'
    return content | {name: content[name].replace("</Relationships>", relation), "xl/plaatje.bin": "a"}


def external(target: str, mode: str) -> dict[str, str]:
    """A workbook whose sheet is elsewhere."""
    relation = f'<Relationship Id="rId1" Type="{OFFICE}/worksheet" Target="{target}" TargetMode="{mode}"/>'
    return part("xl/_rels/workbook.xml.rels", f'<Relationships xmlns="{RELATIONS}">{relation}</Relationships>')


def nested(opening: str) -> str:
    """Elements in each other that do not close, each a little different so that they do not pack small."""
    return "".join(map(opening.format, range(MANY)))


MERGES = "".join(f'<mergeCell ref="B{number}:C1048576"/>' for number in range(1, 600))
RECORDS = "".join(f'<row r="{number}"><c r="A{number}"><v>1</v></c></row>' for number in range(1, 700))

CASES: dict[str, tuple[dict[str, str], str, str]] = {
    **{
        f"a DTD in {name}": (part(name, ENTITY + data), "file-unsafe", "entities")
        for name, data in parts("<row/>", **{"xl/sharedStrings.xml": strings(""), "xl/styles.xml": "<a/>"}).items()
    },
    "macros in a part": (part("xl/VBAProject.bin", "x"), "file-unsafe", "macros"),
    "macros in the type of a part": (types("/xl/styles.xml", "vnd.ms-office.vbaProject"), "file-unsafe", "macros"),
    "macros by a relation": (related(f"{OFFICE}/xlMacrosheet"), "file-unsafe", "macros"),
    "macros by a relation under another name": (
        related("http://schemas.microsoft.com/office/2006/relationships/vbaProject"),
        "file-unsafe",
        "macros",
    ),
    "no workbook": ({"a.txt": "x"}, "file-damaged", "no-workbook"),
    "a sheet elsewhere": (external("http://example.org/a.xml", "External"), "file-damaged", "part-missing"),
    "a sheet above": (external("../../../etc/passwd", "Internal"), "file-damaged", "part-missing"),
    "the same part twice": (part("XL/worksheets/sheet1.xml", sheet("")), "file-damaged", "part-twice"),
    "deep": (rows("<a>" * 40), "file-unsafe", "depth"),
    "deep styles": (part("xl/styles.xml", nested("<a b='{}'>")), "file-unsafe", "depth"),
    "deep cells": (rows('<row r="1">' + nested('<c r="A1" s="{}">') * 2), "file-unsafe", "bomb"),
    "deep rows": (rows(nested("<row b='{}'>")), "file-damaged", "xml"),
    "deep values": (rows("<row><c>" + nested("<v b='{}'>")), "file-damaged", "xml"),
    "deep formulas": (rows("<row><c>" + nested("<f b='{}'>") * 2), "file-unsafe", "bomb"),
    "deep strings": (shared(nested("<si b='{}'>")), "file-damaged", "xml"),
    "deep runs": (shared("<si>" + nested("<r b='{}'>")), "file-unsafe", "bomb"),
    "many relations": (part("_rels/.rels", "<a>" + nested('<Relationship Id="{}"/>')), "file-unsafe", "bomb"),
    "an attribute without end": (rows('<row a="' + NOISE * 80 + '">'), "file-unsafe", "bomb"),
    "a comment without end": (rows("<!--" + NOISE * 80 + "-->"), "file-unsafe", "bomb"),
    "a text without end": (rows('<row><c t="str"><v>' + NOISE * 500), "file-unsafe", "bomb"),
    "a string without end": (shared("<si><t>" + NOISE * 500), "file-unsafe", "bomb"),
    "merges over each other": (
        part("xl/worksheets/sheet1.xml", sheet(RECORDS, after=f"<mergeCells>{MERGES}</mergeCells>")),
        "file-unsafe",
        "bomb",
    ),
    "one sort of letter": (rows("<row><c t='str'><v>" + "a" * 2_000_000), "file-unsafe", "bomb"),
    "cut off inside": (part("xl/worksheets/sheet1.xml", "<worksheet><sheetData><row>"), "file-damaged", "xml"),
    "no XML": (part("xl/workbook.xml", "PK"), "file-damaged", "xml"),
    "no such encoding": (part("xl/workbook.xml", '<?xml version="1.0" encoding="nee"?><a/>'), "file-damaged", "xml"),
}


@pytest.mark.parametrize(("content", "code", "problem"), CASES.values(), ids=CASES.keys())
def test_a_hostile_workbook(tmp_path: Path, content: dict[str, str], code: str, problem: str) -> None:
    path = write(tmp_path / "a.xlsx", content)
    tracemalloc.start()
    result = read_xlsx(path, small_layout())
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert [(found.code, found.facts["problem"]) for found in result.findings] == [(code, problem)]
    assert (result.rows, result.records) == ([], 0)
    assert peak < 40 * 1024 * 1024


def test_one_far_cell_costs_nothing(tmp_path: Path) -> None:
    far = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    result = read_xlsx(write(tmp_path / "a.xlsx", rows(far)), small_layout())
    assert result.records == 1


def test_limits_on_all_parts_together(tmp_path: Path) -> None:
    path = write(tmp_path / "a.xlsx", rows(RECORDS))
    assert read_xlsx(path, small_layout(), Limits(unpacked_bytes=20_000)).findings[0].facts == {"problem": "bomb"}


def test_a_directory_that_is_no_workbook(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with zipfile.ZipFile(path, "w") as target:
        for number in range(20_000):
            target.writestr(f"{number:040d}", "")
    assert read_xlsx(path, small_layout()).findings[0].facts == {"problem": "bomb"}


def test_an_encrypted_part(tmp_path: Path) -> None:
    path = write(tmp_path / "a.xlsx", parts())
    data = bytearray(path.read_bytes())
    for at in range(len(data) - 4):
        if data[at : at + 4] == b"PK\x01\x02":
            data[at + 8] |= 1
    path.write_bytes(data)
    assert [found.code for found in read_xlsx(path, small_layout()).findings] == ["file-encrypted"]


def test_cut_off_at_any_byte(tmp_path: Path) -> None:
    path = write(tmp_path / "a.xlsx", parts("<row><c><v>1</v></c></row>"))
    data = path.read_bytes()
    for length in range(len(data)):
        path.write_bytes(data[:length])
        assert [found.code for found in read_xlsx(path, small_layout()).findings] == ["file-damaged"], length


def test_a_byte_changed(tmp_path: Path) -> None:
    path = write(tmp_path / "a.xlsx", parts("<row><c><v>1</v></c></row>"))
    data = path.read_bytes()
    chance = random.Random(2)
    for at in range(0, len(data), 5):
        path.write_bytes(data[:at] + bytes([data[at] ^ chance.randrange(1, 256)]) + data[at + 1 :])
        assert {found.code for found in read_xlsx(path, small_layout()).findings} <= CATALOGUE.keys(), at
