"""Proposes a layout from an existing template workbook (product.md A8). A person reads it and decides what is open."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from instroom.core.layout.loader import Column
from instroom.core.layout.recognise import Match, recognise
from instroom.core.layout.soundness import model_field
from instroom.core.layout.standard import standard
from instroom.core.layout.template_workbook import TemplateColumn, read_template

_LENGTH: Final = re.compile(r"(?:ten hoogste|at most|max(?:imaal|imum|imale|imal)?)\D{0,20}?(\d{1,5})", re.IGNORECASE)
_AUTHOR: Final = re.compile(r"\A[^\n:]{1,60}:\n")


def derive(workbook: Path) -> str:
    """The text of a proposed layout file, named after the workbook.

    Row 1 of the first sheet gives the headers; comments the descriptions and lengths; data validations the choices.
    What is not recognised stands in it as a comment that says what to decide. Raises LayoutError where the workbook
    cannot be read or its first row holds no headers.
    """
    columns = read_template(workbook)
    matches = recognise([column.header for column in columns])
    lines = [*_head(workbook, columns, matches), "columns = ["]
    for number, (column, match) in enumerate(zip(columns, matches, strict=True), start=1):
        lines += _known_column(column, match) if match else _unknown_column(number, column)
    return "\n".join([*lines, "]", ""])


def _head(workbook: Path, columns: list[TemplateColumn], matches: list[Match | None]) -> Iterator[str]:
    known = sum(match is not None for match in matches)
    yield f"# Proposed from {_quoted(workbook.name)}: {known} of {len(columns)} columns recognised."
    if known < len(columns):
        yield "# The other ones stand below as a comment. The layout fits the template once each is decided upon."
    for block in ("company", "person"):
        for half in ("extern_id", "extern_source"):
            if Match(block, half) not in matches:
                yield f"# Nothing was recognised as {half} of the {block}: a layout needs that column."
    name, version = _name_and_version(workbook)
    yield from ("", f"name = {_quoted(name)}", f"version = {version}", "")


def _name_and_version(workbook: Path) -> tuple[str, int]:
    """`Mijn sjabloon.v2.xlsx` → ("mijn-sjabloon", 2)."""
    stem, version = workbook.stem, 1
    if match := re.fullmatch(r"(.+)[ ._-]v(\d{1,4})", stem):
        stem, version = match[1], int(match[2])
    return re.sub(r"[^\w]+", "-", stem.lower()).strip("-_") or "layout", version


def _known_column(column: TemplateColumn, match: Match) -> Iterator[str]:
    if match.block == "marker":
        yield f'    {{ header = {_quoted(column.header)}, block = "marker" }},'
        return
    model = _model_column(match)
    column_type, choices = _type_and_choices(column, model)
    length = _length(column) or model.max_length
    if length > model.max_length:
        yield f"    # The template gives the next column {length} characters; a dossier holds {model.max_length}."
    if strange := [choice for choice in column.choices if choices and choice not in choices]:
        yield f"    # The template offers for the next column also {_quoted(', '.join(strange))}; a dossier does not."
    parts = [f"header = {_quoted(column.header)}", f'block = "{match.block}"', f'field = "{match.field}"']
    parts.append(f'type = "{column_type}"')
    if choices:
        parts.append(f"choices = [{', '.join(map(_quoted, choices))}]")
    parts.append(f"max_length = {min(length, model.max_length)}")
    if model.required:
        parts.append(f'required = "{model.required}"')
    own = _description(column)
    nl = model.nl if own in ("", model.nl, model.en) else own  # the template's own words are Dutch
    parts += [f"personal = {str(model.personal).lower()}", f"nl = {_quoted(nl)}", f"en = {_quoted(model.en)}"]
    yield f"    {{ {', '.join(parts)} }},"


def _unknown_column(number: int, column: TemplateColumn) -> Iterator[str]:
    header, nl = _quoted(column.header), _quoted(_description(column) or column.header)
    kind = f'type = "text", max_length = {_length(column) or 100}, personal = true'
    yield f"    # Column {number}, {header}: not a name for any field of a dossier, or for one that is already filled."
    yield "    # Decide: fill in its block and field and uncomment it, or take the column out of the template."
    yield f'    # {{ header = {header}, block = "", field = "", {kind}, nl = {nl}, en = {header} }},'


def _model_column(match: Match) -> Column:
    """The standard layout's column for this field; of a pair beyond the standard ones, that of the first pair."""
    columns = standard().block("company" if match.block == "company" else "person").columns
    by_field = {column.field: column for column in columns}
    return by_field.get(match.field) or by_field[model_field(match.field)]


def _type_and_choices(column: TemplateColumn, model: Column) -> tuple[str, tuple[str, ...]]:
    """A list of choices makes a choice of a text; of a field with choices of its own it can only leave some out."""
    if column.choices and model.type == "text":
        return "choice", column.choices
    return model.type, tuple(choice for choice in model.choices if choice in column.choices) or model.choices


def _length(column: TemplateColumn) -> int | None:
    match = _LENGTH.search(column.comment)
    return column.max_length or (int(match[1]) if match else None)


def _description(column: TemplateColumn) -> str:
    """The comment's first paragraph, on one line."""
    paragraph = _AUTHOR.sub("", column.comment.replace("\r", "")).strip().partition("\n\n")[0]
    return " ".join(paragraph.split())


def _quoted(text: str) -> str:
    """A TOML basic string; JSON escapes what TOML does, but for U+007F."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
