"""What `make` leans on: the throwaway server leaves nothing behind, and what is missing is said in a sentence."""

import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
WITH_POSTGRES = [sys.executable, str(ROOT / "scripts" / "with_postgres.py")]
TELL = ["sh", "-c", 'echo "$INSTROOM_TEST_POSTGRES_URL"; exec "$@"', "sh"]


def folder_in(url: str) -> Path:
    """The folder of the server's socket and data."""
    return Path(url.strip().rpartition("host=")[2])


@pytest.mark.parametrize(("command", "code"), [("true", 0), ("false", 1)])
def test_the_throwaway_server_passes_the_exit_code_on_and_goes(command: str, code: int) -> None:
    done = subprocess.run([*WITH_POSTGRES, *TELL, command], capture_output=True, text=True, check=False)
    assert done.returncode == code
    assert done.stdout.startswith("postgresql://postgres@/postgres?host=/")
    assert not folder_in(done.stdout).exists()


def test_the_throwaway_server_goes_when_it_is_stopped_halfway() -> None:
    with subprocess.Popen([*WITH_POSTGRES, *TELL, "sleep", "60"], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        folder = folder_in(process.stdout.readline())
        server = int((folder / "data" / "postmaster.pid").read_text(encoding="utf-8").split()[0])
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 143
    assert not folder.exists()
    assert not Path(f"/proc/{server}").exists()


@pytest.fixture
def bare_machine(tmp_path: Path) -> dict[str, str]:
    """An environment with a few programs, and neither packages nor a Python that will do."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for name in ("bash", "dirname", "id"):
        program = shutil.which(name)
        assert program is not None
        (folder / name).symlink_to(program)
    return {"PATH": str(folder)}


def test_a_missing_package_is_named_with_the_command_that_installs_it(bare_machine: dict[str, str]) -> None:
    done = subprocess.run(
        [ROOT / "scripts" / "need", "python3"], env=bare_machine, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert "sudo apt-get install python3" in done.stderr


def put_python(folder: Path, script: str) -> str:
    """The path of a program called python3 that does this."""
    folder.mkdir(exist_ok=True)
    program = folder / "python3"
    program.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    program.chmod(0o755)
    return str(program)


def find_python(path: str) -> "subprocess.CompletedProcess[str]":
    script = ROOT / "scripts" / "find-python"
    return subprocess.run([script], env={"PATH": path}, capture_output=True, text=True, check=False)


TOO_OLD = "exit 1"
SLOW_AT_COOKIES = f"""exec {sys.executable} -c '
import http.cookies, sys, time
def read_slowly(cookie):
    while time.process_time() < 0.3: pass
http.cookies.SimpleCookie = read_slowly
exec(sys.argv[1])' "$2" """
GOOD = 'case "$2" in *executable*) echo "$0" ;; esac'


@pytest.mark.parametrize("script", [TOO_OLD, SLOW_AT_COOKIES])
def test_some_pythons_will_not_do(bare_machine: dict[str, str], script: str) -> None:
    put_python(Path(bare_machine["PATH"]), script)
    done = find_python(bare_machine["PATH"])
    assert done.returncode == 1
    assert "python3" in done.stderr


def test_the_first_on_the_path_that_will_do_is_taken(bare_machine: dict[str, str], tmp_path: Path) -> None:
    put_python(Path(bare_machine["PATH"]), SLOW_AT_COOKIES)
    good = put_python(tmp_path / "behind", GOOD)
    done = find_python(f"{bare_machine['PATH']}:{tmp_path / 'behind'}")
    assert (done.returncode, done.stdout.strip()) == (0, good)


def test_the_installer_is_pinned_with_hashes() -> None:
    text = (ROOT / "scripts" / "uv.txt").read_text(encoding="utf-8")
    assert re.search(r"^uv==\d+\.\d+\.\d+ \\$", text, re.MULTILINE)
    assert text.count("--hash=sha256:") > 10


def test_no_package_host_is_named_outside_the_lock_file() -> None:
    """Where packages come from is the machine's own setting."""
    hosts = re.compile(r"\b(pypi\.org|pythonhosted\.org|debian\.org)\b")
    folders = [ROOT / name for name in ("src", "docs", "scripts", "bench", ".ci")]
    files = [*ROOT.glob("*.*"), ROOT / "Makefile", *(path for folder in folders for path in folder.rglob("*"))]
    ours = [path for path in files if path.is_file() and path.suffix != ".pyc" and path.name != "uv.lock"]
    assert [path.name for path in ours if hosts.search(path.read_text(encoding="utf-8", errors="replace"))] == []
