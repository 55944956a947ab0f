#!/usr/bin/env python3
"""Writes the generated pages of docs/reference, the example in the README and the pages under Help, or compares them.

scripts/reference.py            write them
scripts/reference.py --check    exit 1 where one differs, naming it
"""

import re
import sys
from pathlib import Path

import guides

from instroom.config import setup
from instroom.core.layout.standard import standard
from instroom.core.pipeline import check_file
from instroom.core.report import reference as findings
from instroom.core.write import reference as layouts
from instroom.doors.cli import reference as commands
from instroom.doors.cli.commands.check import text_answer
from instroom.flow.delivery.states import FINAL, TRANSITIONS
from instroom.flow.operations.doctor import reference as doctor

ROOT = Path(__file__).parent.parent
FOLDER = ROOT / "docs" / "reference"
EXAMPLE = "docs/examples/personen.csv"
COMMAND = f"instroom check {EXAMPLE} --lang en"


def main(arguments: list[str]) -> int:
    """Write or compare the pages; returns the exit code."""
    wanted = pages()
    if arguments == ["--check"]:
        return compare(wanted)
    for name, text in wanted.items():
        path = ROOT / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    for name in superfluous(wanted):
        (ROOT / name).unlink()
    return 0


def states() -> str:
    """The states of a delivery as a diagram, from `flow.delivery.states`."""
    moves = [f"    {name_of(state)} --> {name_of(after)}" for state in TRANSITIONS for after in in_order(state)]
    ends = [f"    {name_of(state)} --> [*]" for state in TRANSITIONS if state in FINAL]
    names = [f'    state "{state}" as {name_of(state)}' for state in TRANSITIONS if name_of(state) != state]
    rows = [f"| `{state}` | {', '.join(f'`{after}`' for after in in_order(state)) or '–'} |" for state in TRANSITIONS]
    return "\n".join(
        [
            "<!-- Generated from `instroom.flow.delivery.states`; not written by hand. -->\n",
            "# The states of a delivery\n",
            "What each means is in the [glossary](../../GLOSSARY.md#states-of-a-delivery).\n",
            "```mermaid\nstateDiagram-v2\n    [*] --> received",
            *(*names, *moves, *ends),
            "```\n",
            "| state | may be followed by |\n| --- | --- |",
            *(*rows, ""),
        ]
    )


def in_order(state: str) -> list[str]:
    """The states that may follow a state, in the order in which a delivery passes them."""
    return [after for after in TRANSITIONS if after in TRANSITIONS[state]]


def name_of(state: str) -> str:
    """A state's name for the diagram, in which a hyphen would end it."""
    return state.replace("-", "_")


def openapi() -> str:
    setup()
    from instroom.doors.api.openapi import document_text  # noqa: PLC0415 - needs Django

    return document_text()


def privacy() -> dict[str, str]:
    """The privacy map in both languages."""
    setup()
    from instroom.flow.privacy.privacy_map import as_markdown  # noqa: PLC0415 - needs Django

    source = "<!-- Generated from `instroom.flow.privacy.privacy_map`; not written by hand. -->\n\n"
    folder = "docs/reference/privacy"
    return {f"{folder}.md": source + as_markdown("en"), f"{folder}.nl.md": source + as_markdown("nl")}


def readme() -> str:
    """The README, with the output of a real check below its command."""
    checked, _ = check_file(ROOT / EXAMPLE, standard())
    block = f"$ {COMMAND}\n{text_answer(checked, standard(), 'en')}"
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    return re.sub(rf"(?<=```console\n)\$ {re.escape(COMMAND)}\n.*?(?=```)", lambda _: block, text, flags=re.DOTALL)


def pages() -> dict[str, str]:
    """Every generated page: its path in the repository and its text."""
    own = {"docs/reference/states.md": states(), "docs/reference/openapi.json": openapi(), "README.md": readme()}
    own |= privacy()
    return {
        **layouts.pages(),
        **findings.pages(ROOT / "tests" / "spec" / "cases"),
        **commands.pages(),
        **doctor.pages(),
        **guides.pages(),
        **own,
    }


def compare(wanted: dict[str, str]) -> int:
    """Print the names of stale and superfluous pages; returns 1 if there are any."""
    stale = [name for name, text in wanted.items() if not is_written(ROOT / name, text)]
    for name in (*stale, *superfluous(wanted)):
        sys.stderr.write(f"{name} is out of date; run `make docs`.\n")
    return 1 if stale or superfluous(wanted) else 0


def is_written(path: Path, text: str) -> bool:
    """Whether the page exists with this text."""
    return path.exists() and path.read_text(encoding="utf-8") == text


def superfluous(wanted: dict[str, str]) -> list[str]:
    """The generated pages that nothing generates any more."""
    pages = [path for path in sorted(FOLDER.rglob("*.md")) if path.read_text("utf-8").startswith("<!-- Generated")]
    return [name for path in pages if (name := path.relative_to(ROOT).as_posix()) not in wanted]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
