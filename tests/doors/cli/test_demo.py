"""`instroom demo` and the reference page: both prove that the commands work together."""

import subprocess
import sys
from pathlib import Path

import pytest
from tests.commands import Run, environment

from instroom.doors.cli.demo.server import running_server
from instroom.doors.cli.wrong_use import Broken


@pytest.mark.parametrize(
    ("lang", "word", "folder"),
    [("nl", "Klaar.", ["--folder", "demo"]), pytest.param("en", "Done.", [], marks=pytest.mark.slow)],
)
def test_the_demo_goes_the_whole_way_and_leaves_the_database_in_use_alone(
    run: Run, tmp_path: Path, lang: str, word: str, folder: list[str]
) -> None:
    home = tmp_path / "in-gebruik"
    ran = run.process("demo", "--lang", lang, *folder, INSTROOM_HOME=str(home))
    assert ran.code == 0, ran.err
    assert word in ran.out
    for command in ("init", "template", "check", "deliver", "approve", "show", "dossier", "undo", "export"):
        assert f"\n$ instroom {command} " in ran.out or f"\n$ instroom {command}\n" in ran.out
    assert not home.exists()
    kept = {path.name for path in tmp_path.glob("demo/*")}
    assert kept == ({"instroom-data", "sjabloon.xlsx", "personen.csv", "fout.csv", "personen-2.csv", "export.csv",
                     "personen.csv.rapport.xlsx"} if folder else set())  # fmt: skip


def test_the_demo_leaves_a_folder_with_something_in_it_alone(run: Run, tmp_path: Path) -> None:
    (tmp_path / "iets.txt").touch()
    ran = run.process("demo", "--folder", ".")
    assert ran.code == 2 and "niet leeg" in ran.err
    assert [path.name for path in tmp_path.iterdir()] == ["iets.txt"]


BROKEN = """
import sys
from instroom.doors.cli import main
from instroom.doors.cli.demo.steps import Steps
Steps._run = lambda steps, arguments: 0
sys.argv[1:] = ["demo"]
sys.exit(main.main())
"""


def test_a_step_that_does_not_give_what_it_must_is_loud() -> None:
    ran = subprocess.run([sys.executable, "-c", BROKEN], capture_output=True, text=True, env=environment(), check=False)
    assert ran.returncode == 3
    assert "De demo is gestopt: stap 3 (mistake)" in ran.stderr


def test_where_its_server_does_not_start_the_demo_says_why(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("INSTROOM_HOME", str(tmp_path))  # where nothing is yet
    with pytest.raises(Broken) as stopped, running_server():
        pass
    assert stopped.value.code == "demo-server"
    assert "instroom init" in str(stopped.value.facts["said"])


def test_the_reference_page_has_every_command() -> None:
    from instroom.doors.cli.command_loader import COMMANDS
    from instroom.doors.cli.reference import pages

    page = pages()["docs/reference/cli.md"]
    for name in COMMANDS:
        assert f"## instroom {name}" in page
    assert pages() == {"docs/reference/cli.md": page}
    assert page.count("--lang [nl|en]") == page.count("\n## ")
