"""`instroom demo` and the reference page: both prove that the commands work together."""

import re
import signal
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, build_opener

import pytest
from tests.commands import INSTROOM, Run, environment

from instroom.doors.cli.demo.server import running_server
from instroom.doors.cli.wrong_use import Broken


def signed_in(address: str, name: str, password: str) -> bool:
    """Sign in as a browser does."""
    browser = build_opener(HTTPCookieProcessor())
    form = browser.open(f"{address}sign-in").read().decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', form)
    assert token
    fields = {"name": name, "password": password, "csrfmiddlewaretoken": token[1]}
    page: str = browser.open(f"{address}sign-in", urlencode(fields).encode()).read().decode()
    return f">{name}</a>" in page


@pytest.mark.parametrize(
    ("lang", "word", "folder"),
    [
        ("nl", "Klaar, en alles klopte.", ["--folder", "demo"]),
        pytest.param("en", "Done, and all", [], marks=pytest.mark.slow),
    ],
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


@pytest.mark.slow
def test_the_demo_can_be_looked_at_on_this_machine_until_it_is_stopped(tmp_path: Path) -> None:
    command = [INSTROOM, "demo", "--serve", "--lang", "nl"]
    used = environment(INSTROOM_HOME=str(tmp_path / "in-gebruik"), INSTROOM_HTTP="0.0.0.0:1", TMPDIR=str(tmp_path))
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=used, text=True) as demo:
        assert demo.stdout and demo.stderr
        last = "Alleen op deze computer te zien, zolang dit draait. Stoppen: Ctrl+C.\n"
        told = "".join(iter(demo.stdout.readline, last))
        address = re.search(r"Aanmelden: (http://127\.0\.0\.1:\d+/)", told)
        people = re.findall(r"^  (operator|supplier|approver|reader) +(\S+) ", told, re.MULTILINE)
        assert address and len(people) == 4
        assert any("staat klaar op" in line for line in demo.stderr)
        for name, password in people:
            assert signed_in(address[1], name, password), name
        demo.send_signal(signal.SIGINT)
        assert demo.wait(60) == 0
    assert list(tmp_path.iterdir()) == []


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
