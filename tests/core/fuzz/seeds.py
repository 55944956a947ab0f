"""Small whole files of the three formats, to be mutilated."""

import io
import zipfile

from tests.core.hostile.small_layout import HEADER_LINE
from tests.core.hostile.workbooks import END, HEADER_ROW, MAIN, OFFICE, PARTS, RECORD_ROW, SHEET_TYPE, START

CSV = f'{HEADER_LINE}\r\n1;HR;Café BV;10;HR;Jansen\r\n\r\n;;;11;HR;"de ""Vries""\nJr"\r\n;;;;;\r\n2;HR;"";;;\r\n'
XML = (
    '<?xml version="1.0" encoding="{encoding}"?>\n<Instroom layout="standard/1"><Regel><Bedrijf><ExternId>1</ExternId>'
    "<ExternSource>HR</ExternSource><Naam>Caf\u00e9 &amp; &#66;ar</Naam></Bedrijf><Persoon><ExternId>2</ExternId>"
    "<Achternaam><![CDATA[x]]></Achternaam></Persoon></Regel><Regel/><!-- c --><?d e?><Regel><Persoon>"
    '<ExternId xml:space="preserve"> 3 </ExternId></Persoon></Regel></Instroom>'
)

SHARED = f'<sst xmlns="{MAIN}"><si><t>gedeeld</t></si><si><r><t>rijke </t></r><r><t>tekst</t></r></si></sst>'
STYLES = (
    f'<styleSheet xmlns="{MAIN}"><numFmts count="1"><numFmt numFmtId="164" formatCode="00000000"/></numFmts>'
    '<cellXfs count="3"><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="164"/></cellXfs></styleSheet>'
)
CELLS = (
    '<row r="3" hidden="1"><c r="A3" t="s"><v>0</v></c><c r="B3" t="s"><v>1</v></c><c r="C3" s="1"><v>45000</v></c>'
    '<c r="D3" s="2"><v>123</v></c><c r="E3" t="b"><v>1</v></c><c r="F3" t="e"><v>#N/A</v></c></row>'
    '<row r="5"><c r="A5"><f>1+1</f><v>2</v></c><c r="B5" t="str"><f>B3</f><v>HR</v></c>'
    '<c r="D5"><v>1.5E+20</v></c></row>'
)
SHEET = START + HEADER_ROW + RECORD_ROW + CELLS + END


def workbook_parts() -> dict[str, str]:
    """A workbook with a cell of each kind."""
    types = (
        f'<Override PartName="/xl/styles.xml" ContentType="{SHEET_TYPE}.styles+xml"/>'
        f'<Override PartName="/xl/sharedStrings.xml" ContentType="{SHEET_TYPE}.sharedStrings+xml"/></Types>'
    )
    relations = (
        f'<Relationship Id="rId2" Type="{OFFICE}/styles" Target="styles.xml"/>'
        f'<Relationship Id="rId3" Type="{OFFICE}/sharedStrings" Target="sharedStrings.xml"/></Relationships>'
    )
    return {
        "[Content_Types].xml": PARTS["[Content_Types].xml"].replace("</Types>", types),
        "_rels/.rels": PARTS["_rels/.rels"],
        "xl/workbook.xml": PARTS["xl/workbook.xml"],
        "xl/_rels/workbook.xml.rels": PARTS["xl/_rels/workbook.xml.rels"].replace("</Relationships>", relations),
        "xl/styles.xml": STYLES,
        "xl/sharedStrings.xml": SHARED,
        "xl/worksheets/sheet1.xml": SHEET,
    }


def zipped(parts: dict[str, bytes]) -> bytes:
    """The parts as a zip, always with the same bytes."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return target.getvalue()


def whole_workbook() -> bytes:
    """The workbook, whole."""
    return zipped({name: part.encode() for name, part in workbook_parts().items()})


CSV_FILES = [CSV.encode(), CSV.encode("utf-8-sig"), CSV.replace("\r\n", "\r").encode(), ("sep=;\n" + CSV).encode()]
XML_FILES = [XML.format(encoding=name).encode(name) for name in ("utf-8", "utf-16", "windows-1252")]
