"""A value of a dossier as people read it: a code in words, a date as they write it."""

from functools import cache
from typing import Final

from instroom.core.fields import Kind
from instroom.core.language import Language
from instroom.core.layout.codes import names_of_codes
from instroom.core.layout.standard import standard
from instroom.core.wording.catalogue import find_label
from instroom.core.wording.phrases import day

_LABELS: Final = {"active": "yes-no", "gender": "gender"}


def value_word(kind: Kind, field: str, value: str, lang: Language) -> str:
    """`V` is vrouw, `nl` is Nederlands, `1991-11-06` is 06-11-1991; the value itself where it is no code."""
    if field == "date_of_birth":
        return day(value)
    if field in _LABELS:
        return find_label(_LABELS[field], value, lang) or value
    return names_of_codes(lang).get(value, value) if field in _coded_fields()[kind] else value


@cache
def _coded_fields() -> dict[Kind, frozenset[str]]:
    kinds: tuple[Kind, ...] = ("company", "person")
    return {
        kind: frozenset(one.field for one in standard().block(kind).columns if one.type in ("country", "language"))
        for kind in kinds
    }
