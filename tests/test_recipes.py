"""The recipe "Add a column" of CONTRIBUTING.md, followed in a copy of the source."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from instroom.core.layout.standard import standard_layouts

ROOT = Path(__file__).parent.parent
COLUMN = (
    '    { header = "PersoonLinkedIn", block = "person", field = "linkedin", type = "url", max_length = 200,'
    ' personal = true, nl = "LinkedIn-pagina", en = "LinkedIn page" },\n'
)
PAGE = "https://www.linkedin.example/in/voorbeeld"

IN_ONE_PROCESS = """
import sys
from instroom.doors.cli.main import main
for line in sys.stdin.read().splitlines():
    sys.argv = ["instroom", *line.split()]
    print("$", line)
    code = main()
    if code:
        sys.exit(code)
"""


@pytest.fixture(scope="module")
def changed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A copy of the source with one column more, in a version of its own."""
    folder = tmp_path_factory.mktemp("copy")
    shutil.copytree(ROOT / "src", folder / "src", ignore=shutil.ignore_patterns("__pycache__"))
    (folder / ".venv").symlink_to(sys.prefix)
    core = folder / "src/instroom/core"
    number = len(standard_layouts())
    newest = core / f"layout/standard.v{number + 1}.toml"
    shutil.copy(core / f"layout/standard.v{number}.toml", newest)
    replace(newest, f"version = {number}\n", f"version = {number + 1}\n")
    before(newest, '    { header = "PersoonFunctie"', COLUMN)
    before(core / "fields.py", '    "job_title",\n', '    "linkedin",\n')
    before(core / "layout/synonyms.toml", "job_title = [", 'linkedin = ["LinkedIn-profiel"]\n')
    before(core / "write/example.toml", 'PersoonFunctie = "Monteur"', f'PersoonLinkedIn = "{PAGE}"\n')
    yield folder
    shutil.rmtree(folder)


def replace(path: Path, old: str, new: str) -> None:
    """Change the one place of a file that says so."""
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), encoding="utf-8")


def before(path: Path, line: str, new: str) -> None:
    """Add something before the one line that begins so."""
    replace(path, line, new + line)


def environment(source: Path, home: Path) -> dict[str, str]:
    """As a person has it who works in that copy, with no settings but a folder for what is stored."""
    kept = {name: text for name, text in os.environ.items() if not name.startswith(("INSTROOM_", "DJANGO_"))}
    return {**kept, "PYTHONPATH": str(source / "src"), "INSTROOM_HOME": str(home), "PYTHONWARNINGS": "error"}


def run(source: Path, home: Path, *lines: str) -> str:
    """What `instroom` of that source answers to these command lines, in the folder `home`."""
    ran = subprocess.run(
        [sys.executable, "-c", IN_ONE_PROCESS],
        input="\n".join(lines),
        capture_output=True,
        text=True,
        cwd=home,
        env=environment(source, home),
        check=False,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return ran.stdout


def test_a_file_with_the_new_column_is_checked_and_so_is_one_without(changed: Path, tmp_path: Path) -> None:
    run(changed, tmp_path, "template --example -o new.csv", "template --example --layout standard/1 -o old.csv")
    assert "PersoonLinkedIn" in read(tmp_path / "new.csv") and PAGE in read(tmp_path / "new.csv")
    assert "PersoonLinkedIn" not in read(tmp_path / "old.csv")
    run(changed, tmp_path, "check new.csv", "check old.csv --layout standard/1")


@pytest.mark.slow
def test_what_was_stored_before_the_column_goes_on_after_it(changed: Path, tmp_path: Path) -> None:
    said = run(
        ROOT,
        tmp_path,
        "init --demo",
        "connection add nightly --layout standard/1",
        "template --example --layout standard/1 -o old.csv",
        "deliver old.csv --layout standard/1",
    )
    waiting = delivery_in(said)
    make_the_migration(changed, tmp_path)

    run(changed, tmp_path, "upgrade", f"approve {waiting}", "deliver old.csv --connection nightly")
    said = run(changed, tmp_path, "template --example -o new.csv", "deliver new.csv")
    run(changed, tmp_path, f"approve {delivery_in(said)}", "export --environment live -o live.csv")
    assert read(tmp_path / "live.csv").count(PAGE) == 1

    run(changed, tmp_path, "deliver old.csv --layout standard/1")  # says nothing of the new column


def read(file: Path) -> str:
    """The text of a file."""
    return file.read_text(encoding="utf-8-sig")


def delivery_in(said: str) -> str:
    """The delivery that the last answer asks approval for."""
    found: list[str] = re.findall(r"instroom approve ([0-9a-f-]{36})", said)
    return found[-1]


def make_the_migration(changed: Path, home: Path) -> None:
    """By the command of the recipe, as it stands there."""
    recipe = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8").partition("### Add a column\n")[2]
    commands = re.findall(r"^ *\$ (.*makemigrations.*)$", recipe.partition("\n### ")[0], re.MULTILINE)
    assert len(commands) == 1
    subprocess.run(["bash", "-c", commands[0]], cwd=changed, env=environment(changed, home), check=True)
    assert [path.name for path in (changed / "src/instroom/store/migrations").glob("*_linkedin.py")]
