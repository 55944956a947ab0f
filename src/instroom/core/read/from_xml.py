"""XML: a Regel for each record (product.md A6), read as a stream.

Nothing but elements, text, comments and processing instructions: a document type is refused, so there are no
entities of the file's own either.
"""

from pathlib import Path
from typing import Any, Final
from xml.parsers import expat

from instroom.core.findings import finding
from instroom.core.layout.loader import Layout
from instroom.core.model import Limits, Table
from instroom.core.read.text_end import TextBytes, end_of_text
from instroom.core.read.xml_damage import damage
from instroom.core.read.xml_encoding import XmlEncoding, look_at_encoding
from instroom.core.read.xml_records import Enough, Records, TooDeep

_CHUNK_BYTES: Final = 64 * 1024
_TOKEN_BYTES: Final = 1024 * 1024
"""Of one tag or comment. expat scans an unfinished one again with each chunk: an endless one costs the square."""


class _Refused(Exception):
    """The finding that ends the reading. Never leaves this module."""

    def __init__(self, code: str, problem: str) -> None:
        super().__init__(code)
        self.found = finding(code, facts={"problem": problem})


def read_xml(path: Path, layout: Layout, limits: Limits) -> Table:
    """The records of an XML file; its faults are findings of the table. Raises OSError where it cannot be opened."""
    records = Records(layout, limits, path.stat().st_size)
    reject = records.builder.reject
    encoding = look_at_encoding(path)
    if encoding.fault:
        reject(finding("file-damaged", facts=encoding.fault))
        return records.builder.table()
    parser = _parser(records, encoding)
    try:
        _feed(path, parser, records, encoding)
    except Enough:
        records.builder.discard_rows()  # the records say why
    except TooDeep:
        records.builder.drop_last_finding()  # the outermost of the elements, as one that does not fit
        reject(finding("file-unsafe", facts={"problem": "depth"}))
    except _Refused as refused:
        reject(refused.found)
    except expat.ExpatError as error:
        facts = damage(path, error, parser.ErrorByteIndex, encoding)
        reject(finding("file-damaged", facts={**facts, **records.place(facts)}))
    return records.builder.table()


def _parser(records: Records, encoding: XmlEncoding) -> expat.XMLParserType:
    parser = expat.ParserCreate(encoding.expat_name, namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler = records.start
    parser.EndElementHandler = records.end
    parser.CharacterDataHandler = records.pieces.append
    parser.StartDoctypeDeclHandler = _refuse_entities
    parser.EntityDeclHandler = _refuse_entities
    parser.ExternalEntityRefHandler = _refuse_entities
    return parser


def _feed(path: Path, parser: expat.XMLParserType, records: Records, encoding: XmlEncoding) -> None:
    wide = encoding.codec.startswith("utf-16")  # there a zero byte is half of a character
    fed, end = 0, path.stat().st_size if wide else end_of_text(path).position
    with TextBytes(path, end) as stream:
        stream.read(encoding.start)
        while chunk := stream.read(_CHUNK_BYTES):
            parser.Parse(chunk, False)
            fed += len(chunk)
            if fed - parser.CurrentByteIndex > _TOKEN_BYTES:
                raise _Refused("file-unsafe", "length")
            records.shorten_text()
    parser.Parse(b"", True)


def _refuse_entities(*_: Any) -> int:
    raise _Refused("file-unsafe", "entities")
