"""What each layer loads. That imports go down only is held by import-linter (`pyproject.toml`)."""

from tests.loading import modules_loaded_by
from tests.syntax import SOURCE

FRAMEWORKS = {"django", "psycopg", "click", "sqlite3"}


def core_modules() -> list[str]:
    """The dotted name of every module of the core."""
    paths = [path.relative_to(SOURCE.parent).with_suffix("") for path in sorted((SOURCE / "core").rglob("*.py"))]
    return [".".join(path.parts).removesuffix(".__init__") for path in paths]


def test_the_core_loads_no_framework() -> None:
    loaded = modules_loaded_by("; ".join(f"import {name}" for name in core_modules()))
    assert loaded & FRAMEWORKS == set()


def test_a_check_loads_only_what_it_uses() -> None:
    """Start-up counts (architecture: a small file within 150 ms): what is slow to load is loaded when it is used."""
    slow = {"django", "psycopg", "xlsxwriter", "stdnum", "dataclasses", "inspect"}
    assert modules_loaded_by("import instroom.core.pipeline") & slow == set()
