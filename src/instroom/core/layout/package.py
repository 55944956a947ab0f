"""The parts of a workbook as small trees, read with bounds: a template is small, whatever the file says."""

import posixpath
import re
import zipfile
import zlib
from collections.abc import Iterator
from typing import Any, Final
from xml.parsers import expat

_PART_BYTES: Final = 64 * 1024 * 1024
_CHUNK: Final = 256 * 1024
_NODES: Final = 200_000
_CHARACTERS: Final = 8 * 1024 * 1024  # text that is kept of one part
_REFERENCE: Final = re.compile(r"\$?([A-Z]{1,3})\$?([0-9]{1,7})")


class Node:
    """An element: its name and attribute names without namespace."""

    __slots__ = ("attributes", "children", "name", "text")

    def __init__(self, name: str, attributes: dict[str, str]) -> None:
        self.name = name
        self.attributes = attributes
        self.children: list[Node] = []
        self.text = ""

    def all(self, name: str) -> Iterator["Node"]:
        """Every element of that name below this one, in document order."""
        for child in self.children:
            if child.name == name:
                yield child
            yield from child.all(name)


class _Builder:
    """Builds a tree from expat's events, without the rows that nobody asked for."""

    def __init__(self, rows: range | None) -> None:
        self.root = Node("", {})
        self._open = [self.root]
        self._rows = rows
        self._row = 0
        self._skipping = 0
        self._nodes = 0
        self._characters = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        local = _local(name)
        if self._skipping or self._unwanted(local, attributes):
            self._skipping += 1
            return
        self._nodes += 1
        if self._nodes > _NODES or len(self._open) > 32:
            raise ValueError("too much in one part")
        node = Node(local, {_local(key): value for key, value in attributes.items()})
        self._open[-1].children.append(node)
        self._open.append(node)

    def end(self, _name: str) -> None:
        if self._skipping:
            self._skipping -= 1
        else:
            self._open.pop()

    def text(self, data: str) -> None:
        if self._skipping:
            return
        self._characters += len(data)
        if self._characters > _CHARACTERS:
            raise ValueError("too much text in one part")
        self._open[-1].text += data

    def refuse(self, *_: Any) -> None:
        raise ValueError("a document type declaration")

    def _unwanted(self, name: str, attributes: dict[str, str]) -> bool:
        if name != "row" or self._rows is None:
            return False
        self._row = int(attributes.get("r") or self._row + 1)
        return self._row not in self._rows


class Package:
    """An open workbook. Its methods raise ValueError or LookupError where it is not what it should be."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self._main = next(self.related("", "/officeDocument"), "")
        self._workbook = self.tree(self._main)
        self._strings: list[str] | None = None

    def sheets(self) -> dict[str, str]:
        """The name of each sheet and its part, in the order of the tabs."""
        targets = {node.attributes["Id"]: target for node, target in self._relations(self._main)}
        return {sheet.attributes["name"]: targets[sheet.attributes["id"]] for sheet in self._workbook.all("sheet")}

    def names(self) -> dict[str, str]:
        """The defined names and what they stand for."""
        return {name.attributes["name"]: name.text for name in self._workbook.all("definedName")}

    def related(self, part: str, kind: str) -> Iterator[str]:
        """The parts that this part points at with a relation whose type ends in `kind`."""
        return (target for node, target in self._relations(part) if node.attributes.get("Type", "").endswith(kind))

    def tree(self, part: str, rows: range | None = None) -> Node:
        """A part as a tree; of a sheet only the given rows."""
        if self._archive.getinfo(part).compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise ValueError(f"{part} is packed in a way that workbooks are not")
        builder = _Builder(rows)
        parser = expat.ParserCreate(namespace_separator="}")
        parser.buffer_text = True
        parser.StartElementHandler, parser.EndElementHandler = builder.start, builder.end
        parser.CharacterDataHandler, parser.StartDoctypeDeclHandler = builder.text, builder.refuse
        size = 0
        try:
            with self._archive.open(part) as stream:
                while chunk := stream.read(_CHUNK):
                    size += len(chunk)
                    if size > _PART_BYTES:
                        raise ValueError(f"{part} is too large")
                    parser.Parse(chunk, False)
            parser.Parse(b"", True)
        except (expat.ExpatError, EOFError, zlib.error) as error:
            raise ValueError(f"{part}: {error}") from error
        return builder.root

    def cells(self, sheet: Node) -> dict[tuple[int, int], str]:
        """The text of the cells in a tree: (row from 1, column from 0) → text."""
        found, row_number = {}, 0
        for row in sheet.all("row"):
            row_number = int(row.attributes.get("r") or row_number + 1)
            column = -1
            for cell in row.all("c"):
                reference = cell.attributes.get("r")
                column = cell_position(reference)[1] if reference else column + 1
                found[row_number, column] = self._cell_text(cell)
        return found

    def _cell_text(self, cell: Node) -> str:
        if cell.attributes.get("t") == "inlineStr":
            return _string(cell)
        value = "".join(node.text for node in cell.all("v"))
        return self._shared(int(value)) if cell.attributes.get("t") == "s" and value else value

    def _shared(self, index: int) -> str:
        if self._strings is None:
            parts = list(self.related(self._main, "/sharedStrings"))
            self._strings = [_string(item) for part in parts for item in self.tree(part).all("si")]
        return self._strings[index] if index < len(self._strings) else ""

    def _relations(self, part: str) -> Iterator[tuple[Node, str]]:
        folder, name = posixpath.split(part)
        path = posixpath.join(folder, "_rels", f"{name}.rels")
        if path not in self._archive.namelist():
            return
        for node in self.tree(path).all("Relationship"):
            if node.attributes.get("TargetMode") != "External":
                yield node, posixpath.normpath(posixpath.join("/", folder, node.attributes["Target"])).lstrip("/")


def cell_position(reference: str) -> tuple[int, int]:
    """`$B$3` → (3, 1): the row from 1, the column from 0. Raises ValueError for anything else."""
    match = _REFERENCE.fullmatch(reference)
    if not match:
        raise ValueError(f"no cell: {reference}")
    column = 0
    for letter in match[1]:
        column = column * 26 + ord(letter) - 64
    return int(match[2]), column - 1


def _local(name: str) -> str:
    return name.rpartition("}")[2]


def _string(item: Node) -> str:
    """The text of a string, plain or rich, without its phonetic reading."""
    runs = [child for child in item.children if child.name in ("r", "is")]
    own = "".join(child.text for child in item.children if child.name == "t")
    return own + "".join(_string(run) for run in runs)
