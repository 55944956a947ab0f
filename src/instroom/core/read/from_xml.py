"""XML: a Regel for each record (product.md A6), read as a stream.

Nothing but elements, text, comments and processing instructions: a document type is refused, so there are no
entities of the file's own either.
"""

from pathlib import Path
from typing import Any, Final
from xml.parsers import expat

from instroom.core.findings import finding
from instroom.core.layout.loader import Layout
from instroom.core.model import Finding, Limits, Table
from instroom.core.read.xml_records import Enough, Records, TooDeep

_CHUNK_BYTES: Final = 64 * 1024
_TOKEN_BYTES: Final = 1024 * 1024
"""Of one tag or comment. expat scans an unfinished one again with each chunk: an endless one costs the square."""
_ENCODINGS: Final = frozenset("utf-8 utf-16 utf-16le utf-16be iso-8859-1 iso-8859-15 windows-1252 us-ascii".split())
_CUT_OFF: Final = frozenset({3, 5, 6, 20})  # expat: no element found, unclosed token, partial character, open CDATA
_INVALID_TOKEN: Final = 4


class _Refused(Exception):
    """The finding that ends the reading. Never leaves this module."""

    def __init__(self, code: str, problem: str) -> None:
        super().__init__(code)
        self.found = finding(code, facts={"problem": problem})


def read_xml(path: Path, layout: Layout, limits: Limits) -> Table:
    """The records of an XML file; its faults are findings of the table. Raises OSError where it cannot be opened."""
    records = Records(layout, limits, path.stat().st_size)
    parser = _parser(records)
    reject = records.builder.reject
    try:
        _feed(path, parser, records)
    except Enough:
        records.builder.discard_rows()  # the records say why
    except TooDeep:
        records.builder.drop_last_finding()  # the outermost of the elements, as one that does not fit
        reject(finding("file-unsafe", facts={"problem": "depth"}))
    except _Refused as refused:
        reject(refused.found)
    except expat.ExpatError as error:
        reject(_damage(path, error, parser.ErrorByteIndex))
    except ValueError:  # an encoding that expat asks Python for, in vain
        reject(finding("file-damaged", facts={"problem": "encoding"}))
    return records.builder.table()


def _parser(records: Records) -> expat.XMLParserType:
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler = records.start
    parser.EndElementHandler = records.end
    parser.CharacterDataHandler = records.pieces.append
    parser.XmlDeclHandler = _check_encoding
    parser.StartDoctypeDeclHandler = _refuse_entities
    parser.EntityDeclHandler = _refuse_entities
    parser.ExternalEntityRefHandler = _refuse_entities
    return parser


def _feed(path: Path, parser: expat.XMLParserType, records: Records) -> None:
    fed = 0
    with path.open("rb") as stream:
        while chunk := stream.read(_CHUNK_BYTES):
            parser.Parse(chunk, False)
            fed += len(chunk)
            if fed - parser.CurrentByteIndex > _TOKEN_BYTES:
                raise _Refused("file-unsafe", "length")
            records.shorten_text()
    parser.Parse(b"", True)


def _check_encoding(_version: str, encoding: str | None, _standalone: int) -> None:
    if encoding is not None and encoding.lower() not in _ENCODINGS:
        raise _Refused("file-damaged", "encoding")


def _refuse_entities(*_: Any) -> int:
    raise _Refused("file-unsafe", "entities")


def _damage(path: Path, error: expat.ExpatError, position: int) -> Finding:
    """Cut off, bytes of another encoding than the file says, or not well-formed; with the line."""
    problem = "cut-off" if error.code in _CUT_OFF else "not-well-formed"
    if error.code == _INVALID_TOKEN and _is_beyond_ascii(path, position):
        problem = "encoding"
    return finding("file-damaged", facts={"problem": problem, "line": error.lineno})


def _is_beyond_ascii(path: Path, position: int) -> bool:
    with path.open("rb") as stream:
        stream.seek(max(position, 0))
        return stream.read(1) >= b"\x80"
