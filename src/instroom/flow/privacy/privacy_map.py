"""The privacy map: which personal data is where, and the record of processing (GDPR, article 30; product.md G3).

It is made from the models, from what `store/models/personal_data.toml` says of each of their columns, and from the
layout, so that it says what this version does.
"""

import tomllib
from collections.abc import Iterator
from functools import cache
from html import escape
from pathlib import Path
from typing import Any, Final

from django.apps import apps
from django.db.models import Field, Model

from instroom.core.fields import FIELDS, Kind
from instroom.core.language import Language
from instroom.core.layout.standard import standard
from instroom.core.wording.catalogue import Catalogue, role_word
from instroom.core.wording.phrases import listed
from instroom.flow.permissions import MAY
from instroom.store import models

NONE: Final = "none"
_WORDS: Final = Catalogue(Path(__file__).parent, "map")
_STYLE: Final = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:75rem;margin:2rem auto;padding:0 1rem}"
    "table{border-collapse:collapse}th,td{border:1px solid #bbb;padding:.3rem .6rem;text-align:left;vertical-align:top}"
)
Row = tuple[str, ...]


@cache
def declared() -> dict[str, Any]:
    """Kinds of data, places in the home, and the columns of each model."""
    path = Path(models.__file__).with_name("personal_data.toml")
    return tomllib.loads(path.read_text(encoding="utf-8"))


def columns_to_declare(model: type[Model]) -> dict[str, str]:
    """The columns of a model, with the kind that needs no declaration; "" where it must be declared."""
    return {field.name: _own_kind(model, field) for field in model._meta.concrete_fields}


def _own_kind(model: type[Model], field: "Field[Any, Any]") -> str:
    if field.is_relation:
        return "acts" if field.related_model is models.User else NONE
    kinds: tuple[tuple[type[Model], Kind, str], ...] = (
        (models.Person, "person", "dossiers"),
        (models.Company, "company", "companies"),
    )
    for dossier, kind, name in kinds:
        if model is dossier and field.name in map(models.column_name, FIELDS[kind]):
            return name
    return NONE if field.primary_key else ""


def privacy_map(lang: Language) -> dict[str, Any]:
    """The map for programs: `processing`, `columns`, `database` and `home`."""
    words = _WORDS.texts(lang)
    kinds = declared()["kinds"]
    return {
        "processing": [
            {
                "kind": name,
                **words["kinds"][name],
                "kept": words["kept"][facts["kept"]],
                "encrypted": words["encrypted"][facts["encrypted"]],
                "seen_by": sorted(MAY[facts["right"]]) if facts["right"] else [],
            }
            for name, facts in kinds.items()
        ],
        "columns": [
            {"header": one.label, "kind": "dossiers" if one.block == "person" else "companies",
             "personal": one.personal, "meaning": (one.nl if lang == "nl" else one.en) or one.label}
            for one in standard().columns
        ],
        "database": list(_database()),
        "home": [{"place": place, "kind": kind} for place, kind in declared()["home"].items()],
        "recipients": [words["page"][f"recipient_{number}"] for number in range(1, 5)],
    }  # fmt: skip


def _database() -> Iterator[dict[str, str]]:
    for model in apps.get_app_config("store").get_models():
        own = declared().get(model.__name__, {})
        kind_of = {column: kind for kind, columns in own.items() for column in columns}
        for column, kind in columns_to_declare(model).items():
            if (found := kind or kind_of.get(column, NONE)) != NONE:
                yield {"table": model._meta.db_table, "column": column, "kind": found}


def as_markdown(lang: Language) -> str:
    """The map as a page of the reference."""
    parts = []
    for level, (title, texts, headers, rows) in enumerate(_sections(lang)):
        parts += [f"{'##' if level else '#'} {title}", *texts]
        if headers:
            lines = [" | ".join(row) for row in (headers, ("---",) * len(headers), *rows)]
            parts.append("\n".join(f"| {line} |" for line in lines))
    return "\n\n".join(parts) + "\n"


def as_html(lang: Language) -> str:
    """The map as one HTML file."""
    body = []
    for level, (title, texts, headers, rows) in enumerate(_sections(lang)):
        tag = "h2" if level else "h1"
        body += [f"<{tag}>{escape(title)}</{tag}>", *(f"<p>{escape(text)}</p>" for text in texts)]
        if headers:
            head = "".join(f"<th>{escape(cell)}</th>" for cell in headers)
            lines = "".join(f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in row)}</tr>\n" for row in rows)
            body.append(f"<table><tr>{head}</tr>\n{lines}</table>")
    title = escape(_WORDS.texts(lang)["page"]["title"])
    head = f'<head><meta charset="utf-8"><title>{title}</title><style>{_STYLE}</style></head>'
    return "\n".join((f'<!doctype html>\n<html lang="{lang}">{head}<body>', *body, "</body></html>\n"))


def _sections(lang: Language) -> Iterator[tuple[str, list[str], Row, list[Row]]]:
    """Title, texts, and a table with its headers."""
    found, texts = privacy_map(lang), _WORDS.texts(lang)["page"]
    what = {one["kind"]: one["what"].partition(":")[0] for one in found["processing"]}
    yield texts["title"], [texts["intro"]], (), []
    facts = ("what", "of_whom", "why", "kept", "encrypted")
    rows = []
    for one in found["processing"]:
        roles = listed([role_word(role, lang) for role in one["seen_by"]], lang)
        rows.append((*(one[name] for name in facts), roles or texts["nobody"]))
    yield texts["processing"], [], tuple(texts[name] for name in (*facts, "seen_by")), rows
    yield texts["recipients"], found["recipients"], (), []
    yield texts["columns"], [texts["columns_intro"]], (texts["header"], texts["meaning"], texts["kind"]), [
        (one["header"], one["meaning"], what[one["kind"]]) for one in found["columns"]
    ]  # fmt: skip
    yield texts["database"], [], (texts["table"], texts["column"], texts["kind"]), [
        (one["table"], one["column"], what[one["kind"]]) for one in found["database"]
    ]  # fmt: skip
    yield texts["home"], [], (texts["place"], texts["kind"]), [
        (one["place"], what[one["kind"]]) for one in found["home"]
    ]  # fmt: skip
