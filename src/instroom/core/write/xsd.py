"""The XSD of a layout (product.md A6): what the XML reader refuses in structure, the XSD refuses too.

On values it is a guide: length, choices and form. The check knows more (check digits, pairs, keys) and forgives more
(letter case of a choice).
"""

from collections.abc import Iterator
from typing import Final

from instroom.core.fields import Kind
from instroom.core.language import LANGUAGES, Language
from instroom.core.layout.descriptions import WORDS, choices_of, description, is_required, required_words
from instroom.core.layout.elements import BLOCKS, RECORD, ROOT, block_elements
from instroom.core.layout.loader import Column, Layout
from instroom.core.write.to_xml import xml_text

_KINDS: Final[tuple[Kind, ...]] = ("company", "person")
_PATTERNS: Final = {
    "date": "([0-9]{1,2}-[0-9]{1,2}-[0-9]{4}|[0-9]{4}-[0-9]{2}-[0-9]{2})?",
    "country": "([A-Za-z]{2})?",
    "language": "([A-Za-z]{2})?",
    "category": "[^:;]*",
    "free_field_definition": "(Vrijveld[A-Za-z0-9]*)?",
}


def xsd(layout: Layout) -> str:
    """The schema's text. Blank elements are allowed and may be left out; the order is that of the layout."""
    return "\n".join(_schema(layout)) + "\n"


def _schema(layout: Layout) -> Iterator[str]:
    yield '<?xml version="1.0" encoding="UTF-8"?>'
    yield f'<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" version="{xml_text(layout.id)}">'
    yield f'  <xs:element name="{ROOT}">'
    yield "    <xs:complexType>"
    yield "      <xs:sequence>"
    yield f'        <xs:element name="{RECORD}" type="{RECORD}" minOccurs="0" maxOccurs="unbounded"/>'
    yield "      </xs:sequence>"
    yield f'      <xs:attribute name="layout" type="xs:string" use="required" fixed="{xml_text(layout.id)}"/>'
    yield "    </xs:complexType>"
    yield "  </xs:element>"
    yield from _complex_type(
        RECORD, [f'<xs:element name="{name}" type="{name}" minOccurs="0"/>' for name in BLOCKS.values()]
    )
    for kind in _KINDS:
        elements = block_elements(layout.block(kind)).items()
        yield from _complex_type(BLOCKS[kind], [line for name, column in elements for line in _element(name, column)])
    yield "</xs:schema>"


def _complex_type(name: str, lines: list[str]) -> Iterator[str]:
    yield f'  <xs:complexType name="{name}">'
    yield "    <xs:sequence>"
    yield from (f"      {line}" for line in lines)
    yield "    </xs:sequence>"
    yield "  </xs:complexType>"


def _element(name: str, column: Column) -> Iterator[str]:
    yield f'<xs:element name="{name}" minOccurs="0">'
    yield "  <xs:annotation>"
    for lang in LANGUAGES:
        yield f'    <xs:documentation xml:lang="{lang}">{xml_text(_documentation(column, lang))}</xs:documentation>'
    yield "  </xs:annotation>"
    yield "  <xs:simpleType>"
    yield f'    <xs:restriction base="{"xs:string" if column.type == "multiline" else "xs:token"}">'
    yield from (f"      {facet}" for facet in _facets(column))
    yield "    </xs:restriction>"
    yield "  </xs:simpleType>"
    yield "</xs:element>"


def _documentation(column: Column, lang: Language) -> str:
    said = description(column, lang)
    if is_required(column):
        said += f". {WORDS.text('required-is', lang, required=required_words(column, lang))}"
    return said


def _facets(column: Column) -> Iterator[str]:
    if choices := choices_of(column):
        yield from (f'<xs:enumeration value="{xml_text(choice)}"/>' for choice in ("", *choices))
        return
    if pattern := _PATTERNS.get(column.type):
        yield f'<xs:pattern value="{pattern}"/>'
    if column.max_length:
        yield f'<xs:maxLength value="{column.max_length}"/>'
