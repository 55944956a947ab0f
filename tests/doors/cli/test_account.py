"""`instroom account`, and where the file server says that it cannot listen."""

import json
import os
import re
import signal
import socket
import subprocess
from pathlib import Path

import pytest
from tests.commands import INSTROOM, Run
from tests.database import mark_uploads

from instroom.flow.file_server import accounts
from instroom.flow.file_server.account_sign_in import sign_in
from instroom.flow.file_server.failed_attempts import remember
from instroom.flow.file_server.upload_names import commit
from instroom.store.files.uploads import AccountFolders
from instroom.store.models import Delivery


@pytest.fixture(autouse=True)
def home(run: Run) -> None:
    """The customer demo."""
    assert run("init", "--demo").code == 0


def test_without_a_password_one_is_generated_and_printed_once(run: Run) -> None:
    made = run("account", "add", "hr", stdin=b"")
    assert made.code == 0
    assert sign_in("hr", made.out.strip(), "192.0.2.7", tls=True).name == "hr"
    another = run("account", "password", "hr", stdin=b"\n")
    assert sign_in("hr", another.out.strip(), "192.0.2.7", tls=True).name == "hr"


def test_an_account_is_made_listed_and_changed(run: Run) -> None:
    made = run("account", "add", "hr", "--lang", "en", stdin=b"een-lang-woord-7\n")
    assert (made.code, made.out) == (0, "")
    assert made.err == "Account hr created for customer demo.\n"
    changed = run("account", "change", "hr", "--plain-ftp", "--off", "--lang", "en")
    assert changed.out == "hr: with or without TLS, switched off\n"
    assert run("account", "password", "hr", stdin=b"een-ander-woord\n").code == 0
    listed = json.loads(run("account", "list", "--format", "json").out)
    assert listed == {
        "accounts": [
            {
                "name": "hr", "plain_ftp": True, "allow_missing_close_notify": False, "active": False,
                    "tls_resumption": "learned", "tls_resumption_required": False,
                    "tls_resumed": 0, "tls_not_resumed": 0,
                "contact": None, "sources": [], "counts_as": ["operator", "supplier"], "last_seen_at": None,
                "last_file_at": None, "last": None, "banned_until": None, "connections": [],
            }
        ]
    }  # fmt: skip
    assert run("account", "unban", "hr").code == 0
    assert run("account", "change", "hr", "--name", "personeel").out.startswith("personeel: ")
    assert run("account", "remove", "hr").code == 2
    assert run("account", "remove", "personeel", "--lang", "en").err == (
        "Account personeel removed. Its deliveries stay.\n"
    )


def test_what_failed_and_what_was_left_is_listed(run: Run, tmp_path: Path) -> None:
    here = str(tmp_path)
    mark_uploads(tmp_path)
    run("account", "add", "hr", stdin=b"een-lang-woord-7\n")
    assert run("account", "failed", "hr", "--lang", "en").err == "Nothing failed lately at account hr.\n"
    assert (
        run("account", "left", "hr", "--lang", "en", INSTROOM_FTP_FOLDER=here).err
        == "Account hr has left no uploads under a temporary name.\n"
    )

    account = accounts.account("hr")
    remember(account.pk, "wrong-password", address="192.0.2.7")
    told = run("account", "failed", "hr", "--lang", "en").out
    assert told.endswith("  1 x  The password was wrong. Usually a program still has an old one. (192.0.2.7)\n")
    (attempt,) = json.loads(run("account", "failed", "hr", "--format", "json").out)["attempts"]
    assert (attempt["cause"], attempt["setting"], attempt["times"]) == ("wrong-password", "password", 1)

    folders = AccountFolders(tmp_path, account.pk.hex)
    folders.make()
    for name in ("een.tmp", "twee.tmp"):
        (folders.parts / name).write_bytes(b"x")
        commit(folders, folders.parts / name, folders.folder / name)
    first, second = json.loads(run("account", "left", "hr", "--format", "json", INSTROOM_FTP_FOLDER=here).out)["files"]
    assert (first["name"], first["bytes"]) == ("een.tmp", 1)
    shown = run("account", "left", "hr", "--lang", "en", INSTROOM_FTP_FOLDER=here).out
    assert f"{first['id']}  een.tmp, 1 bytes; kept until " in shown
    assert run("account", "remove", "hr", INSTROOM_FTP_FOLDER=here).code == 1
    settle = ("--deliver", first["id"], "--delete", second["id"])
    assert run("account", "left", "hr", *settle, INSTROOM_FTP_FOLDER=here).code == 0
    assert [one.file_name for one in Delivery.objects.all()] == ["een.tmp"]
    assert run("account", "left", "hr", "--delete", second["id"], INSTROOM_FTP_FOLDER=here).code == 2


@pytest.mark.parametrize(
    ("arguments", "code"),
    [(("add", "hr"), 1), (("add", "nieuw", "--customer", "niemand"), 2), (("change", "niemand"), 2),
     (("add", "nieuw", "--by", "reader"), 1)],
)  # fmt: skip
def test_what_cannot_be_is_told(run: Run, arguments: tuple[str, ...], code: int) -> None:
    run("account", "add", "hr", stdin=b"een-lang-woord-7\n")
    told = run("account", *arguments, stdin=b"een-lang-woord-7\n")
    assert told.code == code
    assert len(told.err.splitlines()) == 1


@pytest.mark.parametrize("command", ["ftp", "serve"])
def test_a_port_that_is_taken_is_named(run: Run, command: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        told = run(command, "--lang", "en", INSTROOM_FTPES_PORT=port, INSTROOM_HTTP="127.0.0.1:0")
    assert told.code == 2
    assert told.err.startswith(f"FTPES cannot listen on 127.0.0.1:{port} (Address already in use).")
    assert "INSTROOM_FTPES_PORT" in told.err


@pytest.mark.parametrize(
    ("name", "value"),
    [("INSTROOM_FTP_PORT", "x"), ("INSTROOM_FTP_PASSIVE", "10-5"), ("INSTROOM_FTP_MASQUERADE", "::1"),
     ("INSTROOM_FTP_IDLE", "-1"), ("INSTROOM_FTP_CERTIFICATE", "/nergens/x.pem")],
)  # fmt: skip
def test_a_setting_that_cannot_be_is_named(run: Run, name: str, value: str) -> None:
    told = run("ftp", "--lang", "en", **{name: value})
    assert told.code == 2
    assert name in told.err


@pytest.mark.parametrize("command", ["ftp", "serve"])
def test_it_says_where_it_listens_and_stops_when_asked(command: str) -> None:
    environment = {**os.environ, "INSTROOM_HTTP": "127.0.0.1:0", "INSTROOM_FTP_PORT": "off", "INSTROOM_LANG": "en"}
    with subprocess.Popen([INSTROOM, command], env=environment, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        said = process.stderr.readline()
        if command == "serve":
            said = process.stderr.readline()
        process.send_signal(signal.SIGTERM)
        assert re.fullmatch(
            r"The file server listens: FTPES 127\.0\.0\.1:\d+, FTPS 127\.0\.0\.1:\d+\."
            r" SHA-256 of the certificate: ([0-9A-F]{2}:){31}[0-9A-F]{2}\n",
            said,
        )
        assert process.wait(30) == 0
