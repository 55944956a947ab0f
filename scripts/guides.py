"""Makes the pages under Help: each guide of docs/handleiding as a template, and the examples of the findings.

They are made when the guides are written and not when they are read: a site needs no Markdown and no tests for it.
What stands in a guide is text alone: markup of HTML and of Django is shown as it is.
"""

import json
import re
import struct
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from markdown_it import MarkdownIt
from markdown_it.token import Token

ROOT: Final = Path(__file__).parent.parent
GUIDES: Final = {
    "supplier": "handleiding/aanleveraar.md",
    "approver": "handleiding/goedkeurder.md",
    "operator": "handleiding/beheerder.md",
    "reader": "handleiding/lezer.md",
    "account": "handleiding/uw-account.md",
    "ftp": "how-to/aanleveren-per-ftp.nl.md",
}
"""The name of a guide, as its address under /help has it, and its file in docs."""
_HELP: Final = "src/instroom/doors/web/help"
_STATIC: Final = ROOT / "src" / "instroom" / "doors" / "web" / "static"
_MARKDOWN: Final = MarkdownIt("commonmark", {"html": False}).enable("table")
_DOCS: Final = ROOT / "docs"
_FINDING: Final = re.compile(r"reference/findings/([a-z-]+)\.md")
_MOST_ROWS, _MOST_EXAMPLES = 6, 2


def pages() -> dict[str, str]:
    """Every generated file of the help pages: its path in the repository and its text."""
    guides = {f"{_HELP}/templates/guide_{name}.html": template(_DOCS / path) for name, path in GUIDES.items()}
    return {**guides, f"{_HELP}/finding_examples.json": finding_examples(ROOT / "tests" / "spec" / "cases")}


def template(guide: Path) -> str:
    """A guide as a template that fills the blocks of `guide.html`."""
    tokens = _MARKDOWN.parse(guide.read_text(encoding="utf-8"))
    title, body = tokens[1].content, tokens[3:]
    for place, token in enumerate(body):
        _adapt(token, guide, body[place + 1] if place + 1 < len(body) else None)
    html = _as_template(_MARKDOWN.renderer.render(body, _MARKDOWN.options, {}))
    lines = [
        f"{{# Generated from docs/{guide.relative_to(_DOCS).as_posix()} by scripts/guides.py; not written by hand. #}}",
        '{% extends "guide.html" %}',
        f"{{% block title %}}{title}{{% endblock %}}",
        f"{{% block name %}}{title}{{% endblock %}}",
        "{% block guide %}",
        f"{html.strip()}",
        "{% endblock %}",
    ]
    return "\n".join(lines) + "\n"


def anchor(heading: str) -> str:
    """The name under which GitHub links to a heading, and the help page too."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def _adapt(token: Token, guide: Path, following: Token | None) -> None:
    """Name the headings and the columns, and lead links and pictures to where the site has them."""
    if token.type == "heading_open" and following:
        token.attrSet("id", anchor(following.content))
    if token.type == "th_open":
        token.attrSet("scope", "col")
    for child in token.children or ():
        if child.type == "link_open":
            child.attrSet("href", _address(str(child.attrGet("href")), guide))
        if child.type == "image":
            child.attrs = _picture(guide.parent / str(child.attrGet("src")))


def _address(link: str, guide: Path) -> str:
    """Where a link of a guide leads in the product: to a guide, or to the page of a finding."""
    name, _, part = link.partition("#")
    path = (guide.parent / name).resolve().relative_to(_DOCS).as_posix() if name else ""
    if finding := _FINDING.fullmatch(path):
        return _tag("url", "finding-help", finding[1])
    known = {file: name for name, file in GUIDES.items()}
    if path and path not in known:
        raise SystemExit(f"{guide.name}: there is no page under Help for {link}")
    page = _tag("url", "guide", known[path]) if path else ""
    return f"{page}#{part}" if part else page


def _picture(path: Path) -> dict[str, str | int | float]:
    width, height = struct.unpack(">II", path.read_bytes()[16:24])  # of the first chunk of a PNG
    source = _tag("asset", path.resolve().relative_to(_STATIC).as_posix())
    return {"src": source, "alt": "", "width": width, "height": height, "loading": "lazy"}


def _tag(*words: str) -> str:
    """A tag for the template, in signs that no guide has: `_as_template` makes braces of them."""
    return f"\x01{' '.join(words)}\x02"


def _as_template(html: str) -> str:
    """Nothing that stands in a guide acts in its template, but for the tags made above."""
    shown = html.replace("{", "&#123;").replace("}", "&#125;")
    return re.sub(
        "\x01(\\w+) (.*?)\x02",
        lambda tag: f"{{% {tag[1]} {' '.join(json.dumps(word) for word in tag[2].split())} %}}",
        shown,
    )


def finding_examples(cases: Path) -> str:
    """Of each finding why it matters, and the first examples that are a plain table, in both languages."""
    found = {
        path.stem: _of_case(tomllib.loads(path.read_text(encoding="utf-8"))) for path in sorted(cases.glob("*.toml"))
    }
    return json.dumps(found, ensure_ascii=False, indent=1) + "\n"


def _of_case(case: dict[str, Any]) -> dict[str, Any]:
    shown = {name: list(_examples(case.get(name, ())))[:_MOST_EXAMPLES] for name in ("fails", "passes")}
    return {"why": case.get("why", {}), **shown}


def _examples(examples: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Those that the reader can see whole: no file that a program makes, and nothing that is stored before."""
    for example in examples:
        table = example.get("table", "")
        if table and "{" not in table and not example.keys() & {"builder", "repeat", "stored", "sources", "policies"}:
            headers, *rows = [[cell.strip() for cell in line.split("|")] for line in table.strip("\n").splitlines()]
            if len(rows) <= _MOST_ROWS:
                marked = [[one.get("row"), one.get("column")] for one in example.get("expect", ())]
                yield {"nl": example["nl"], "en": example["en"], "headers": headers, "rows": rows, "marked": marked}
