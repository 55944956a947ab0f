"""Wrong use, languages and what is told when something breaks (product.md, Contracts)."""

import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from tests.commands import INSTROOM, Run, environment
from tests.waiting import until

from instroom.doors.cli.command_loader import COMMANDS, load_command

pytestmark = pytest.mark.unstored

USAGE = [
    (("chek",), "commando chek", "command chek"),
    (("check",), "Het argument FILE ontbreekt", "Missing argument: FILE"),
    (("check", "x", "y"), "Onverwacht argument: y", "Unexpected argument: y"),
    (("check", "--nee"), "optie --nee", "option --nee"),
    (("check", "--formaat", "json"), "Bedoelt u --format?", "Did you mean --format?"),
    (("check", "x", "--format"), "heeft een waarde nodig", "needs a value"),
    (("check", "x", "--format", "pdf"), "kies uit text of json", "choose from text or json"),
    (("check", "x", "--blank", "maybe"), "kies uit leave of clear", "choose from leave or clear"),
    (("connection", "add", "x", "--late-after", "x"), "van 0 tot en met 44640", "from 0 to 44640"),
    (("token", "end", "x"), "schrijf een id", "write an id"),
    (("account", "left", "hr", "--deliver", "x"), "schrijf een id", "write an id"),
    (("layout", "x"), "commando x", "command x"),
]


@pytest.mark.parametrize(("arguments", "nl", "en"), USAGE)
def test_wrong_use_is_said_in_the_language(run: Run, arguments: tuple[str, ...], nl: str, en: str) -> None:
    for variables, words in (({}, nl), ({"INSTROOM_LANG": "en"}, en)):
        ran = run(*arguments, **variables)
        assert (ran.code, ran.out) == (2, "")
        assert words in ran.err
        assert "--help" in ran.err


def test_wrong_use_with_json_is_a_document_too(run: Run) -> None:
    ran = run("check", "--format", "json")
    assert ran.code == 2
    assert ran.document["error"]["code"] == "usage"


def test_no_command_shows_the_help(run: Run) -> None:
    ran = run()
    assert ran.code == 2 and "Commands:" in ran.err and ran.out == ""


def test_help_names_every_command_and_loads_none(run: Run) -> None:
    ran = run("--help")
    assert ran.code == 0
    for command in ("check", "template", "layout"):
        assert re.search(rf"^  {command} ", ran.out, re.MULTILINE)


def test_the_version_is_that_of_the_package(run: Run) -> None:
    assert re.fullmatch(r"instroom \d+\.\d+\.\d+\n", run("--version").out)


def test_a_language_that_we_do_not_speak_is_a_wrong_setting(run: Run) -> None:
    ran = run("layout", "list", INSTROOM_LANG="fr")
    assert ran.code == 2 and "INSTROOM_LANG" in ran.err


BREAK = """
import sys
from instroom.doors.cli import main
import instroom.doors.cli.commands.check as check
def broken(*_, **__):
    raise RuntimeError("Geheim, P. de, geboren 01-01-1980 \x1b[2J")
check.check_file = broken
sys.argv[1:] = sys.argv[1:]
sys.exit(main.main())
"""


@pytest.mark.parametrize(
    ("arguments", "variables", "traced"),
    [((), {}, False), (("--debug",), {}, True), ((), {"INSTROOM_DEBUG": "1"}, True)],
)
def test_something_broken_is_one_calm_sentence(tmp_path: Path, arguments, variables, traced: bool) -> None:
    (tmp_path / "x.csv").write_text("x", encoding="utf-8")
    command = [sys.executable, "-c", BREAK, "check", str(tmp_path / "x.csv"), "--format", "json", *arguments]
    ran = subprocess.run(command, capture_output=True, text=True, env=environment(**variables), check=False)
    assert ran.returncode == 3
    assert '"code": "broken"' in ran.stdout and "Geheim" not in ran.stdout
    assert ("Traceback" in ran.stderr) is traced
    assert ("RuntimeError\n" in ran.stderr) is traced
    assert "Geheim" not in ran.stderr
    assert "\x1b" not in ran.stderr
    assert "RuntimeError" in ran.stderr


PIPE_BYTES = 65536  # that Linux keeps of what nobody has read yet


def test_control_c_leaves_quietly(tmp_path: Path) -> None:
    command = [INSTROOM, "check", "-"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stderr=subprocess.PIPE, env=environment()) as process:
        process.stdin.write(bytes(PIPE_BYTES + 1))
        process.stdin.flush()  # returns when it has begun to read; soon it has read all, and waits
        until(lambda: Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split()[0] == "S")
        process.send_signal(signal.SIGINT)
        assert process.wait(60) == 130
        assert b"Traceback" not in process.stderr.read()


def test_a_closed_standard_output_is_no_failure(tmp_path: Path) -> None:
    ran = subprocess.run(["bash", "-c", f'"{INSTROOM}" layout list >&- 2>&-'], env=environment(), check=False)
    assert ran.returncode == 0


@pytest.mark.parametrize("name", ["check", "show", "deliver"])
def test_a_command_that_is_loaded_again_is_the_same(name: str) -> None:
    """Its common options come once, and so does the wrapping of its work."""
    first = load_command(COMMANDS[name])
    assert load_command(COMMANDS[name]) is first
    options = [option for parameter in first.params for option in parameter.opts]
    assert len(set(options)) == len(options) and "--lang" in options
