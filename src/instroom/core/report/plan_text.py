"""Words for what a delivery does, or has done, to the dossiers: totals, and each change field by field."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from instroom.core.fields import Kind
from instroom.core.language import Language
from instroom.core.layout.loader import Column, Layout
from instroom.core.layout.standard import standard
from instroom.core.report.text_differences import difference_text
from instroom.core.report.visible import visible
from instroom.core.report.words import counted, words
from instroom.core.wording.catalogue import find_label
from instroom.core.wording.phrases import day, number

_DOSSIERS: Final = ("new", "changed", "unchanged", "removed")
_LINKS: Final = ("linked", "relinked", "unlinked")
_VALUE_LENGTH: Final = 80


def outcome_text(outcome: Mapping[str, Any], lang: Language = "nl") -> str:
    """The totals of the contracts' OUTCOME on a few lines, without a line break at the end."""
    texts = words(lang)["outcome"]
    undo = "kept" in outcome  # an undo has no file: its records are dossiers
    heading = texts["heading_undo" if undo else "heading"].format(
        state=texts["done" if undo and outcome["state"] == "imported" else outcome["state"]],
        records=counted(outcome["records"], "dossier" if undo else "record", lang),
        left_out=number(outcome["left_out"], lang),
    )
    companies, persons = outcome.get("companies", {}), outcome.get("persons", {})
    lines = [
        heading,
        _totals_line("companies", companies, _DOSSIERS, lang),
        _totals_line("persons", persons, _DOSSIERS, lang),
        _totals_line("links", persons, _LINKS, lang),
    ]
    if cleared := outcome.get("cleared"):
        lines.append(counted(cleared, "cleared", lang))
    return "\n".join(filter(None, lines))


def result_text(totals: Mapping[str, Any], lang: Language = "nl") -> str:
    """What a plan does, companies and persons together, in a few words: `6 nieuw, 301 gewijzigd`."""
    texts, kinds = words(lang)["outcome"], (totals.get("companies", {}), totals.get("persons", {}))
    counts = {name: sum(kind.get(name, 0) for kind in kinds) for name in ("new", "changed", "removed", "unlinked")}
    parts = [f"{number(count, lang)} {texts[name]}" for name, count in counts.items() if count]
    return ", ".join(parts) or str(texts["nothing"])


def _totals_line(name: str, totals: Mapping[str, int], keys: tuple[str, ...], lang: Language) -> str:
    texts = words(lang)["outcome"]
    parts = [f"{number(totals[key], lang)} {texts[key]}" for key in keys if key in totals]
    return f"{texts[name]}: {', '.join(parts)}" if parts else ""


def change_text(change: Mapping[str, Any], layout: Layout, lang: Language = "nl") -> str:
    """One dossier's change: a heading and a line for each value, category, free field or link that changes.

    `change` holds kind, action, source, extern_id, and where they apply fields (name → [old, new]), categories (pairs
    that are added), categories_removed (pairs that go, which only an undo does), free_fields (definition → [old, new])
    and link ([word, old company, new company]; ExternIds).
    """
    texts = words(lang)["change"]
    source = f" ({visible(change['source'])})" if change.get("source") else ""
    action = words(lang)["outcome"][change["action"]]
    if change["action"] == "unchanged" and change.get("link"):
        action = texts["link_only"]
    name = visible(change["extern_id"]) or texts["unknown"]  # of who has been erased, or whose values have gone
    lines = [f"{texts[change['kind']]} {name}{source}: {action}"]
    lines += [f"  {line}" for line in _details(change, layout, lang)]
    return "\n".join(lines)


def field_label(kind: Kind, field: str, layout: Layout, lang: Language = "nl") -> str:
    """What people call a field: the description of its column, up to the first explanation."""
    column = _column(kind, field, layout)
    if column is None:
        return field
    text = (column.nl or column.en) if lang == "nl" else (column.en or column.nl)
    for mark in ";,:":
        text = text.partition(mark)[0]
    return text or column.label


def kept_label(kind: Kind, name: str, layout: Layout, lang: Language) -> str:
    """What people call a part of a dossier that an undo keeps: a field, or its link, categories or free fields."""
    return find_label("kept", name, lang) or field_label(kind, name, layout, lang)


def _column(kind: Kind, field: str, layout: Layout) -> Column | None:
    """The field's column; a layout of one's own may have none, then the standard one describes it."""
    columns = (*layout.block(kind).columns, *standard().block(kind).columns)
    return next((column for column in columns if column.field == field), None)


def _details(change: Mapping[str, Any], layout: Layout, lang: Language) -> Iterator[str]:
    texts = words(lang)["change"]
    for field, (old, new) in change.get("fields", {}).items():
        column = _column(change["kind"], field, layout)
        if column and column.type == "date":
            old, new = day(old or "", lang), day(new or "", lang)
        yield _from_to(field_label(change["kind"], field, layout, lang), old or "", new or "", lang)
    for name, word, place in (("categories", "added", "new"), ("categories_removed", "removed", "old")):
        for group, category in change.get(name, ()):
            pair = f"{visible(group)}: {visible(category)}"
            yield texts[word].format(label=texts["category"], **{place: pair})
    for definition, (old, new) in change.get("free_fields", {}).items():
        yield _from_to(texts["free_field"].format(name=visible(definition)), old or "", new or "", lang)
    if link := change.get("link"):
        word, old, new = link
        yield texts[word].format(old=visible(old) if old else "–", new=visible(new) if new else "–")


def _from_to(label: str, old: str, new: str, lang: Language) -> str:
    """A value that comes in place of nothing is only named; one that goes leaves `leeg`."""
    texts = words(lang)["change"]
    if not old:
        return str(texts["added"].format(label=label, new=visible(new, _VALUE_LENGTH)))
    shown = visible(new, _VALUE_LENGTH) if new else texts["blank"]
    line = texts["from_to"].format(label=label, old=visible(old, _VALUE_LENGTH), new=shown)
    only = difference_text(old, new, lang)
    return f"{line} ({only})" if only else str(line)
