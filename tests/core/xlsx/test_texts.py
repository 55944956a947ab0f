"""Texts come as the supplier sees them (product.md A5)."""

from pathlib import Path

import pytest
from tests.core.xlsx.corpus.parts import strings
from tests.core.xlsx.corpus.reading import texts

LONG = "v" * 20_000

STRINGS = {
    "plain": ("<si><t>Dorp</t></si>", "Dorp"),
    "spaces stay": ('<si><t xml:space="preserve">  a b </t></si>', "  a b "),
    "entities of XML itself": ("<si><t>a &lt;b&gt; &amp; &#233;&#x20AC;</t></si>", "a <b> & é€"),
    "line break": ("<si><t>a\nb</t></si>", "a\nb"),
    "carriage return as an escape": ("<si><t>a_x000D_\nb</t></si>", "a\r\nb"),
    "escape in lower case": ("<si><t>a_x000d_b</t></si>", "a\rb"),
    "escaped escape": ("<si><t>_x005F_x000D_</t></si>", "_x000D_"),
    "no escape": ("<si><t>_x00_ _xZZZZ_ _x</t></si>", "_x00_ _xZZZZ_ _x"),
    "NUL as an escape": ("<si><t>a_x0000_b</t></si>", "a\x00b"),
    "surrogates as escapes": ("<si><t>_xD83D__xDE00_</t></si>", "\U0001f600"),
    "half a surrogate": ("<si><t>a_xD83D_b</t></si>", "a\ufffdb"),
    "runs": ("<si><r><t>van </t></r><r><rPr><b/><sz val='9'/></rPr><t>der</t></r></si>", "van der"),
    "phonetic run": ("<si><t>東京</t><rPh sb='0' eb='2'><t>トウキョウ</t></rPh><phoneticPr fontId='1'/></si>", "東京"),
    "phonetic between runs": ("<si><r><t>a</t></r><rPh><t>x</t></rPh><r><t>b</t></r></si>", "ab"),
    "texts that are names": (
        "<si>" + "".join(f"<r><t>{name}</t></r>" for name in ("c", "t", "row", "r", "si", "is", "rPh")) + "</si>",
        "ctrowrsiisrPh",
    ),
    "text is the name of its element": ("<si><t>t</t></si>", "t"),
    "over several lines": ("<si>\n  <r>\n    <t>a</t>\n  </r>\n  <r>\n <t>t</t>\n</r>\n</si>", "at"),
    "CDATA": ('<si><t><![CDATA[<c r="A1"/><c r="B1"/>]]></t></si>', '<c r="A1"/><c r="B1"/>'),
    "comment inside": ("<si><t>a<!-- t -->b</t></si>", "ab"),
    "long, in pieces": (f"<si><t>{LONG}</t></si>", LONG),
    "empty": ("<si><t></t></si>", None),
    "none": ("<si/>", None),
}


@pytest.mark.parametrize(("item", "text"), STRINGS.values(), ids=STRINGS.keys())
def test_a_shared_string(tmp_path: Path, item: str, text: str | None) -> None:
    shared = strings(f"<si><t>eerste</t></si>{item}<si><t>laatste</t></si>")
    rows = '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c><c r="C1" t="s"><v>2</v></c></row>'
    found = texts(tmp_path, rows, sharedStrings=shared)
    assert found == {"A1": "eerste", "C1": "laatste"} | ({} if text is None else {"B1": text})


@pytest.mark.parametrize(("item", "text"), STRINGS.values(), ids=STRINGS.keys())
def test_the_same_string_in_its_cell(tmp_path: Path, item: str, text: str | None) -> None:
    inline = item.replace("<si", "<is").replace("</si>", "</is>")
    rows = f'<row r="1"><c r="A1"><v>1</v></c><c r="B1" t="inlineStr">{inline}</c><c r="C1"><v>3</v></c></row>'
    found = texts(tmp_path, rows)
    assert found == {"A1": "1", "C1": "3"} | ({} if text is None else {"B1": text})


@pytest.mark.parametrize("text", ["v", "c", "row", "f", "a  ", LONG, "12"])
@pytest.mark.parametrize("space", ["", "\n    "])
def test_a_string_in_its_value(tmp_path: Path, text: str, space: str) -> None:
    rows = (
        f'<row r="1">{space}<c r="A1" t="str">{space}<v>{text}</v>{space}</c>{space}'
        f'<c r="B1" t="str"><f>{text}</f><v>{text}</v></c>{space}</row>{space}'
    )
    assert texts(tmp_path, rows) == {"A1": text, "B1": text}


def test_a_text_that_is_too_long_keeps_its_first_part(tmp_path: Path) -> None:
    rows = f'<row r="1"><c r="A1" t="str"><v>{"a" * 40_000}</v></c></row>'
    assert texts(tmp_path, rows) == {"A1": "a" * 32_768}


def test_utf_16(tmp_path: Path) -> None:
    shared = '<?xml version="1.0" encoding="UTF-16"?>' + strings("<si><t>é€</t></si>")
    rows = '<row r="1"><c r="A1" t="s"><v>0</v></c></row>'
    found = texts(tmp_path, rows, sharedStrings=shared.encode("utf-16"))  # type: ignore[arg-type]
    assert found == {"A1": "é€"}
