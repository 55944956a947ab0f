"""Writes records as XML in the delivery layout (product.md A6)."""

import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final, NamedTuple

from instroom.core.fields import Kind
from instroom.core.layout.elements import BLOCKS, RECORD, ROOT, block_elements
from instroom.core.layout.loader import Layout

_KINDS: Final[tuple[Kind, ...]] = ("company", "person")
_NOT_IN_XML: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_SPECIAL: Final = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\r": "&#13;"})


class _Block(NamedTuple):
    name: str
    elements: list[tuple[str, int]]  # each with the position of its column


def write_xml(target: Path, layout: Layout, rows: Iterable[Sequence[str]], blanks: bool = False) -> None:
    """One Regel a record. Blank elements are left out, or written where `blanks`: a template to fill in.

    A character that XML 1.0 cannot hold is left out; `fits_xml` tells beforehand.
    """
    blocks = []
    for kind in _KINDS:
        elements = block_elements(layout.block(kind))
        blocks.append(_Block(BLOCKS[kind], [(name, column.index) for name, column in elements.items()]))
    with target.open("w", encoding="utf-8", newline="") as file:
        file.write(f'<?xml version="1.0" encoding="UTF-8"?>\n<{ROOT} layout="{xml_text(layout.id)}">\n')
        for row in rows:
            file.writelines(_record(blocks, row, blanks))
        file.write(f"</{ROOT}>\n")


def fits_xml(row: Iterable[str]) -> bool:
    """Whether XML 1.0 can hold every character of these values."""
    return not any(_NOT_IN_XML.search(value) for value in row)


def xml_text(value: str) -> str:
    """The value as it stands in an element or attribute, so that a parser gives it back, U+000D included."""
    return _NOT_IN_XML.sub("", value).translate(_SPECIAL)


def _record(blocks: list[_Block], row: Sequence[str], blanks: bool) -> Iterator[str]:
    yield f"  <{RECORD}>\n"
    for block in blocks:
        lines = [_element(name, row[index]) for name, index in block.elements if blanks or row[index]]
        if lines:
            yield f"    <{block.name}>\n"
            yield from lines
            yield f"    </{block.name}>\n"
    yield f"  </{RECORD}>\n"


def _element(name: str, value: str) -> str:
    return f"      <{name}>{xml_text(value)}</{name}>\n" if value else f"      <{name}/>\n"
