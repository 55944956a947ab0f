"""The reference pages of the findings, made from the catalogue, the sentences and the case files (product.md C1)."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from instroom.core.findings import CATALOGUE, CatalogueEntry
from instroom.core.language import Language
from instroom.core.report.sentences import sentences, title
from instroom.core.report.visible import visible
from instroom.core.report.words import severity_word

INDEX: Final = "docs/reference/findings.md"
_GENERATED: Final = "<!-- Generated from the catalogue and the case files by `instroom.core.report.reference`. -->"
_LANGUAGES: Final[tuple[Language, ...]] = ("en", "nl")
_HEADINGS: Final[dict[Language, tuple[str, str]]] = {
    "nl": ("In het Nederlands", "Waarom"),
    "en": ("In English", "Why"),
}
_SCOPES: Final = {
    "file": "about the file as a whole",
    "header": "about the header",
    "row": "about a record",
    "cell": "about a cell",
}
_LINE: Final = 160
_LINES: Final = 12


def pages(cases: Path) -> dict[str, str]:
    """Every generated page about findings: its path in the repository and its text.

    `cases` is the folder of the case files, `<code>.toml`; a code without one gets a page without examples.
    """
    found = {
        f"docs/reference/findings/{code}.md": _page(entry, cases / f"{code}.toml") for code, entry in CATALOGUE.items()
    }
    return {INDEX: _index(), **found}


def _index() -> str:
    lines = [_GENERATED, "", "# Findings", ""]
    lines += ["What a check can find in a file. The codes are stable: programs may rely on them.", ""]
    lines += [
        "An *error* about the file or the header rejects the delivery. An *error* about a record or a cell rejects it",
        "too, or has the record left out, as the policy says. A *warning* is imported, and shown at approval. A",
        "*notice* is in the report only.",
        "",
    ]
    for scope, words in _SCOPES.items():
        lines += [f"## {words.capitalize()}", "", "| code | severity | what | in Dutch |", "| --- | --- | --- | --- |"]
        for code, entry in CATALOGUE.items():
            if entry.scope == scope:
                titles = f"{title(code, 'en')} | {title(code, 'nl')}"
                lines.append(f"| [`{code}`](findings/{code}.md) | {entry.severity} | {titles} |")
        lines.append("")
    return "\n".join(lines)


def _page(entry: CatalogueEntry, path: Path) -> str:
    case = tomllib.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    severity = f"*{severity_word(entry.severity, 'en')}*, in Dutch *{severity_word(entry.severity, 'nl')}*"
    lines = [_GENERATED, "", f"# `{entry.code}`", "", f"{severity}: {_SCOPES[entry.scope]}.", ""]
    for lang in _LANGUAGES:
        lines += _wording(entry.code, case.get("why", {}).get(lang, ""), lang)
    for name, heading in (("fails", "Found"), ("passes", "Not found")):
        for number, example in enumerate(case.get(name, ()), 1):
            lines += [f"## {heading}, example {number}", "", *_example(example)]
    lines += [f"[All findings](../{Path(INDEX).name})", ""]
    return "\n".join(lines)


def _wording(code: str, reason: str, lang: Language) -> Iterator[str]:
    """What the report says, each remedy below the messages that it goes with, and why it matters."""
    language, why = _HEADINGS[lang]
    yield from (f"## {language}: {title(code, lang)}", "")
    messages: dict[str, list[str]] = {}
    for wrong, remedy in sentences(code, lang):
        messages.setdefault(remedy, []).append(wrong)
    for remedy, wrongs in messages.items():
        yield from (f"- {_plain(wrong)}" for wrong in dict.fromkeys(wrongs))
        yield f"- → {_plain(remedy)}"
    yield ""
    if reason:
        yield from (f"**{why}.** {reason}", "")


def _example(example: dict[str, Any]) -> Iterator[str]:
    for lang in _LANGUAGES:
        if text := example.get(lang):
            yield from (_plain(text), "")
    if policies := example.get("policies"):
        yield from (f"Policy: {', '.join(f'`{name}` {value}' for name, value in policies.items())}.", "")
    if table := example.get("table"):
        yield from (*_table(table), "")
        if repeat := example.get("repeat"):
            yield from (f"The last row {repeat:,} times.", "")
    elif text := example.get("text"):
        yield from ("````text", *_quoted(text), "````", "")
    if sources := example.get("sources"):
        yield from (f"Who delivers is limited to {', '.join(f'`{one}`' for one in sources)}.", "")
    if stored := example.get("stored"):
        yield from ("Stored already:", "", *_table(stored), "")
    if expected := example.get("expect"):
        yield from (*(f"- {_expected(item)}" for item in expected), "")


def _expected(item: dict[str, Any]) -> str:
    place = f"row {item['row']}" if "row" in item else "the file"
    column = f", {_code(str(item['column']))}" if "column" in item else ""
    others = f", with row {', '.join(map(str, item['other_rows']))}" if item.get("other_rows") else ""
    return f"`{item['code']}`: {place}{column}{others}"


def _table(text: str) -> Iterator[str]:
    headers, *rows = [[cell.strip() for cell in line.split("|")] for line in text.strip("\n").splitlines()]
    yield f"| row | {' | '.join(map(_code, headers))} |"
    yield "| --- " * (len(headers) + 1) + "|"
    for number, row in enumerate(rows, 2):
        yield f"| {number} | {' | '.join(map(_code, row))} |"


def _quoted(text: str) -> Iterator[str]:
    """The first lines of a file, each on one line and no wider than a page takes."""
    lines = re.split(r"\r\n|\n|\r", text)
    yield from (visible(line, _LINE) for line in lines[:_LINES])
    if len(lines) > _LINES:
        yield "…"


def _code(text: str) -> str:
    """A cell as code, so that nothing in it acts as markup; a blank one stays blank."""
    if not text:
        return ""
    shown = visible(text, _LINE).replace("|", "\\|")
    fence = "``" if "`" in shown else "`"
    return f"{fence} {shown} {fence}" if fence == "``" else f"`{shown}`"


def _plain(text: str) -> str:
    """A sentence in which nothing acts as markup."""
    return re.sub(r"([\\*_<\[`])", r"\\\1", text.strip())
