"""`instroom account`, and where the file server says that it cannot listen."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from tests.conftest import Run

INSTROOM = str(Path(sys.executable).with_name("instroom"))


@pytest.fixture(autouse=True)
def home(run_instroom: Run) -> None:
    """The customer demo."""
    assert run_instroom("init").returncode == 0


def test_an_account_is_made_listed_and_changed(run_instroom: Run) -> None:
    made = run_instroom("account", "add", "hr", "--lang", "en", input="een-lang-woord-7\n")
    assert (made.returncode, made.stdout) == (0, "")
    assert made.stderr == "The account hr has been made, for the customer demo.\n"
    changed = run_instroom("account", "change", "hr", "--plain-ftp", "--off", "--lang", "en")
    assert changed.stdout == "hr: with or without TLS, switched off\n"
    assert run_instroom("account", "password", "hr", input="een-ander-woord\n").returncode == 0
    listed = json.loads(run_instroom("account", "list", "--format", "json").stdout)
    assert listed == {
        "accounts": [
            {
                "name": "hr", "plain_ftp": True, "allow_missing_close_notify": False, "active": False,
                "last_seen_at": None,
                "last_file_at": None, "last": None, "banned_until": None, "connections": [],
            }
        ]
    }  # fmt: skip
    assert run_instroom("account", "unban", "hr").returncode == 0


@pytest.mark.parametrize(
    ("arguments", "code"),
    [(("add", "hr"), 1), (("add", "nieuw", "--customer", "niemand"), 2), (("change", "niemand"), 2),
     (("add", "nieuw", "--by", "reader"), 1)],
)  # fmt: skip
def test_what_cannot_be_is_told(run_instroom: Run, arguments: tuple[str, ...], code: int) -> None:
    run_instroom("account", "add", "hr", input="een-lang-woord-7\n")
    told = run_instroom("account", *arguments, input="een-lang-woord-7\n")
    assert told.returncode == code
    assert len(told.stderr.splitlines()) == 1


@pytest.mark.parametrize("command", ["ftp", "serve"])
def test_a_port_that_is_taken_is_named(run_instroom: Run, command: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        environment = {**os.environ, "INSTROOM_FTPES_PORT": port, "INSTROOM_HTTP": "127.0.0.1:0"}
        told = run_instroom(command, "--lang", "en", env=environment)
    assert told.returncode == 2
    assert told.stderr.startswith(f"FTPES cannot listen on 127.0.0.1:{port} (Address already in use).")
    assert "INSTROOM_FTPES_PORT" in told.stderr


@pytest.mark.parametrize(
    ("name", "value"),
    [("INSTROOM_FTP_PORT", "x"), ("INSTROOM_FTP_PASSIVE", "10-5"), ("INSTROOM_FTP_MASQUERADE", "::1"),
     ("INSTROOM_FTP_IDLE", "-1"), ("INSTROOM_FTP_CERTIFICATE", "/nergens/x.pem")],
)  # fmt: skip
def test_a_setting_that_cannot_be_is_named(run_instroom: Run, name: str, value: str) -> None:
    told = run_instroom("ftp", "--lang", "en", env={**os.environ, name: value})
    assert told.returncode == 2
    assert name in told.stderr


@pytest.mark.parametrize("command", ["ftp", "serve"])
def test_it_says_where_it_listens_and_stops_when_asked(command: str) -> None:
    environment = {**os.environ, "INSTROOM_HTTP": "127.0.0.1:0", "INSTROOM_FTP_PORT": "off", "INSTROOM_LANG": "en"}
    with subprocess.Popen([INSTROOM, command], env=environment, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        said = process.stderr.readline()
        if command == "serve":
            said = process.stderr.readline()
        assert re.fullmatch(
            r"The file server listens: FTPES 127\.0\.0\.1:\d+, FTPS 127\.0\.0\.1:\d+\."
            r" SHA-256 of the certificate: ([0-9A-F]{2}:){31}[0-9A-F]{2}\n",
            said,
        )
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0
