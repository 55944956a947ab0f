"""Recognises which field of a dossier a header means: exactly, by a synonym, by the block it stands in."""

import tomllib
import unicodedata
from collections.abc import Sequence
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Final, Literal, NamedTuple

from instroom.core.fields import Kind
from instroom.core.layout.elements import BLOCKS
from instroom.core.layout.standard import standard
from instroom.core.whole_number import whole_number

_KINDS: Final[tuple[Kind, ...]] = ("company", "person")


class Match(NamedTuple):
    """What a header means; field "" for a marker."""

    block: Literal["company", "person", "marker"]
    field: str


def recognise(headers: Sequence[str]) -> list[Match | None]:
    """What each header means, None where nobody can tell: a person decides.

    A header that could be of either block belongs to the one whose marker, or else whose column, stands before it.
    Of two headers that mean the same field the second is not recognised.
    """
    markers = _markers(headers)
    found: list[Match | None] = []
    block: Kind | None = None
    for header in headers:
        if header in markers:
            found.append(Match("marker", ""))
            block = markers[header]
            continue
        match = _meaning(normal(header), block, bool(markers))
        found.append(match if match not in found else None)
        block = match.block if match and match.block != "marker" else block
    return found


@lru_cache(maxsize=1024)
def is_bsn_name(text: str) -> bool:
    """Whether a header, or the definition of a free field, means a citizen service number."""
    name, known = normal(text).rstrip("0123456789"), _synonyms()["bsn"]
    if name.startswith("bsn") or name.endswith("bsn") or any(part in name for part in known["parts"]):
        return True
    names = set(map(normal, known["names"]))
    block = (word for kind in _KINDS for word in _block_names()[kind])
    return name in names or any({name.removeprefix(word), name.removesuffix(word)} & names for word in block)


@lru_cache(maxsize=1024)
def is_company_number_name(text: str) -> bool:
    """Whether a header or a definition means a number of companies, such as the RSIN."""
    return any(part in normal(text) for part in _synonyms()["company_numbers"]["parts"])


def normal(text: str) -> str:
    """The text without case, accents, spaces and punctuation."""
    letters = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in letters if letter.isalnum())


def _markers(headers: Sequence[str]) -> dict[str, Kind]:
    """The headers that are a block's bare name; markers only where both blocks have one."""
    found: dict[Kind, str] = {}
    for header in headers:
        for kind in _KINDS:
            if normal(header) in _block_names()[kind]:
                found.setdefault(kind, header)
    return {header: kind for kind, header in found.items()} if len(found) == len(_KINDS) else {}


def _meaning(name: str, block: Kind | None, marked: bool) -> Match | None:
    if marked and block and (field := _field(block, name)):
        return Match(block, field)
    for kind in _KINDS:
        for word in _block_names()[kind]:
            rest = name.removeprefix(word) if name.startswith(word) else name.removesuffix(word)
            if rest != name and (field := _field(kind, rest or "name")):
                return Match(kind, field)
    fields = {kind: field for kind in _KINDS if (field := _field(kind, name))}
    chosen = block if block in fields else next(iter(fields)) if len(fields) == 1 else None
    return Match(chosen, fields[chosen]) if chosen else None


def _field(kind: Kind, name: str) -> str | None:
    if field := _field_names()[kind].get(name):
        return field
    base = name.rstrip("0123456789")
    pair, number = _pair_names().get(base), whole_number(name[len(base) :] or "1")
    if not pair or number is None:
        return None
    first, _, second = pair.partition(".")
    return f"{first}.{number}.{second}"


@cache
def _synonyms() -> dict[str, Any]:
    return tomllib.loads((Path(__file__).parent / "synonyms.toml").read_text(encoding="utf-8"))


@cache
def _block_names() -> dict[Kind, tuple[str, ...]]:
    """Each block's names, the longest first."""
    return {kind: tuple(sorted(map(normal, _synonyms()["blocks"][kind]), key=len, reverse=True)) for kind in _KINDS}


@cache
def _pair_names() -> dict[str, str]:
    return {normal(name): pair for pair, names in _synonyms()["pairs"].items() for name in names}


@cache
def _field_names() -> dict[Kind, dict[str, str]]:
    """Each block's names of fields: synonyms, and those of the standard layout, without their block."""
    names = {}
    for kind in _KINDS:
        columns = standard().block(kind).columns
        names[kind] = _addresses(kind)
        names[kind] |= {normal(name): field for field, known in _synonyms()[kind]["fields"].items() for name in known}
        names[kind] |= {normal(column.header.removeprefix(BLOCKS[kind])): column.field for column in columns}
        names[kind] |= {normal(column.field): column.field for column in columns}
    return names


def _addresses(kind: Kind) -> dict[str, str]:
    names = {}
    for address, prefixes in _synonyms()[kind]["addresses"].items():
        for part, words in _synonyms()["address"].items():
            for prefix in prefixes:
                for word in words:
                    names[normal(prefix + word)] = names[normal(word + prefix)] = f"{address}.{part}"
    return names
