"""What must hold for the code as a whole, whatever it does (CONTRIBUTING.md, "The house")."""

import ast
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.syntax import SOURCE, nodes, parsed

ROOT = Path(__file__).parent.parent
MODULES = [path for path in sorted(SOURCE.rglob("*.py")) if "migrations" not in path.parts]  # those Django writes
TEXTS = [
    path
    for folder in (SOURCE, ROOT / "tests", ROOT / "bench", ROOT / "scripts")
    for path in sorted(folder.rglob("*.py"))
    if path != Path(__file__)
]

TEMPLATES = sorted(SOURCE.rglob("*.html"))
MODULE_LINES = 450
TEMPLATE_COLUMNS = 120
FUNCTION_LINES = 45
VAGUE_NAMES = {"utils", "util", "helpers", "helper", "common", "misc", "services", "managers"}
NEVER_WRITTEN = {
    "what is left to do stands in the list of issues": r"\b(TODO|FIXME|HACK|XXX)\b",
    "an ignored type error names its code": r"#\s*type:\s*ignore(?!\[)",
    "an ignored rule names its code": r"#\s*noqa(?!:)",
    "a test runs the real thing": r"\bunittest\.mock\b|\bMagicMock\b",
    "a test runs, or says what the machine lacks": r"\bmark\.(skip|skipif|xfail)\b|\bpytest\.(xfail|importorskip)\b"
    r"|\bpytest\.skip\((?!f\"[^\"]* is not here)",
    "an error is handled or passed on": r"except( (Base)?Exception)?:\s*pass\b",
    "a plan is made and later executed, there is no rehearsal": r"\bdry_run\b",
    "nothing depends on somebody's machine": r"/(root|home)/\w",
}

SAYS = re.compile(r"[`\d]|Raises")


def relative(path: Path) -> str:
    """How a file is named in the test report."""
    return str(path.relative_to(ROOT))


def faults(fault: Callable[[Path], object], paths: list[Path] = MODULES) -> dict[str, object]:
    """What is at fault, by file."""
    return {relative(path): found for path in paths if (found := fault(path))}


def test_a_module_says_what_it_is_for() -> None:
    assert faults(lambda path: parsed(path).body and not ast.get_docstring(parsed(path))) == {}


def test_a_module_stays_readable() -> None:
    assert faults(lambda path: max(0, len(path.read_text(encoding="utf-8").splitlines()) - MODULE_LINES)) == {}


def test_a_function_stays_readable() -> None:
    assert faults(lambda path: [node.name for node in functions(path) if lines(node) > FUNCTION_LINES]) == {}


def test_a_template_stays_readable() -> None:
    def long_lines(path: Path) -> list[int]:
        lines = path.read_text(encoding="utf-8").splitlines()
        if lines[0].startswith("{# Generated"):  # of a guide, a paragraph a line
            return []
        return [number for number, line in enumerate(lines, start=1) if len(line) > TEMPLATE_COLUMNS]

    assert faults(long_lines, TEMPLATES) == {}


def test_a_docstring_says_something() -> None:
    """Not the name once more: at least five words, or an example, a number or an error that is raised.

    Those of the API's operations are the document that programs read.
    """

    def silent(path: Path) -> list[str]:
        definitions = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
        defined = [node for node in nodes(path) if isinstance(node, definitions)]
        texts = {node.name: ast.get_docstring(node) for node in defined if path.name != "operations.py"}
        return [name for name, text in texts.items() if text and len(text.split()) < 5 and not SAYS.search(text)]

    assert faults(silent) == {}


def test_a_module_has_a_telling_name() -> None:
    assert faults(lambda path: VAGUE_NAMES & {path.stem, *path.relative_to(SOURCE).parts}) == {}


@pytest.mark.parametrize("reason", NEVER_WRITTEN)
def test_what_is_never_written(reason: str) -> None:
    found = re.compile(NEVER_WRITTEN[reason])
    guilty = [relative(path) for path in TEXTS if found.search(path.read_text(encoding="utf-8"))]
    assert guilty == []


def test_every_python_file_is_in_a_package() -> None:
    """A folder without `__init__.py` would be left out of the wheel in silence."""
    folders = {path.parent for path in MODULES}
    assert [relative(folder) for folder in sorted(folders) if not (folder / "__init__.py").exists()] == []


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Every function of a module, inner ones too."""
    for node in nodes(path):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def lines(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """From `def` to the last line; the docstring does not count."""
    docstring = node.body[0] if ast.get_docstring(node) else None
    spoken = (docstring.end_lineno or 0) - docstring.lineno + 1 if docstring else 0
    return (node.end_lineno or node.lineno) - node.lineno + 1 - spoken


WRITES = {"save", "create", "update", "delete", "get_or_create", "update_or_create", "bulk_create", "bulk_update"} | {
    "apply", "archive_approved_plan", "copy_dossiers", "delete_outdated_plan", "insert", "store_differences",
}  # fmt: skip


def test_a_query_writes_nothing_but_who_has_seen_what() -> None:
    """A sight goes into the audit log, by `audit.record` or `audit.note`, and nothing else is written."""

    def writes(path: Path) -> set[str]:
        called = [node.func for node in nodes(path) if isinstance(node, ast.Call)]
        names = {one.attr for one in called if isinstance(one, ast.Attribute)}
        return WRITES & (names | {one.id for one in called if isinstance(one, ast.Name)})

    assert faults(writes, sorted((SOURCE / "flow" / "queries").glob("*.py"))) == {}
