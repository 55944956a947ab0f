"""`instroom doctor`: what it prints and how it ends, also where nothing else can begin."""

import json
import socket
import sqlite3
import time
from contextlib import closing
from pathlib import Path

import pytest
from tests.commands import Run
from tests.serving import serving
from tests.signs_of_life import give_sign_of_life
from tests.waiting import until

from instroom.core.language import LANGUAGES
from instroom.flow.operations.doctor.diagnosis import CODES

PRIVATE = "geheim-wachtwoord"


def codes(document: dict) -> list[str]:
    return [one["code"] for one in document["diagnoses"]]


@pytest.mark.on_postgresql
def test_it_looks_at_all_subjects_and_tells_them_in_order(run: Run) -> None:
    give_sign_of_life()
    ran = run("doctor", "--format", "json")
    assert list(dict.fromkeys(one["subject"] for one in ran.document["diagnoses"])) == list(CODES)
    assert ran.document["level"] in ("ok", "warning", "error") and ran.err == ""
    assert ran.code == (0 if ran.document["level"] == "ok" else 1)
    assert "unexamined" not in ran.out


def test_it_ends_well_where_all_is_well(run: Run) -> None:
    give_sign_of_life()
    for lang, said in (("nl", "Er is niets mis.\n"), ("en", "Nothing is wrong.\n")):
        ran = run("doctor", "work", "kept", "clock", "--lang", lang)
        assert (ran.code, ran.err) == (0, "") and ran.out.endswith(said)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_it_says_what_is_wrong_and_ends_with_1(run: Run, lang: str) -> None:
    ran = run("doctor", "work", "--lang", lang)
    assert ran.code == 1 and "worker-missing: " in ran.out and "instroom worker" in ran.out


@pytest.mark.parametrize("address", ["niemand", "@voorbeeld.example", "a@b.example, c@d.example", "a@b\nBcc: c@d"])
def test_a_test_mail_goes_to_one_address(run: Run, address: str) -> None:
    ran = run("doctor", "mail", "--mail", address)
    assert (ran.code, ran.out) == (2, "") and "--mail" in ran.err


def test_it_works_with_wrong_settings_and_prints_no_secret(run: Run, tmp_path: Path) -> None:
    """In a process of its own, as they are read when it begins."""
    ran = run("doctor", "--format", "json", INSTROOM_SMTP=f"smtp://x:{PRIVATE}@voorbeeld.example", INSTROOM_HTTP="x")
    assert ran.code == 1 and PRIVATE not in ran.out + ran.err
    assert codes(ran.document).count("setting-wrong") == 2 and "unexamined-settings" in codes(ran.document)


@pytest.mark.slow
def test_it_works_without_a_database_and_without_a_key(run: Run, tmp_path: Path) -> None:
    ran = run("doctor", "--format", "json", INSTROOM_DATABASE_URL=f"postgresql://x:{PRIVATE}@127.0.0.1:1/x")
    assert ran.code == 1 and PRIVATE not in ran.out + ran.err and "database-unreachable" in codes(ran.document)

    home = tmp_path / "home"
    ran = run("doctor", "--format", "json", INSTROOM_HOME=str(home))
    assert {"home-missing", "database-missing"} <= set(codes(ran.document)) and not home.exists()

    home.mkdir(mode=0o700)
    ran = run("doctor", "--format", "json", INSTROOM_HOME=str(home))
    assert "database-missing" in codes(ran.document) and list(home.iterdir()) == []
    with closing(sqlite3.connect(home / "instroom.sqlite3")) as database:
        database.execute("PRAGMA user_version = 1")
    (home / "secret-key").write_bytes(b"\xff")
    ran = run("doctor", "--format", "json", INSTROOM_HOME=str(home))
    assert {"key-open", "key-unreadable", "settings-broken", "database-sound"} & set(codes(ran.document)) == {
        "key-open", "key-unreadable", "settings-broken"
    }  # fmt: skip
    (home / "secret-key").write_text("Ab3" * 20)
    ran = run("doctor", "database", "--format", "json", INSTROOM_HOME=str(home))
    assert codes(ran.document) == ["database-sound", "tables-missing"]


@pytest.mark.slow
def test_what_hangs_is_told_in_time(run: Run, tmp_path: Path) -> None:
    """A server that takes connections and never answers, and a mail server like it."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port, began = silent.getsockname()[1], time.monotonic()
        database, mail = f"postgresql://x:x@127.0.0.1:{port}/x", f"smtp://127.0.0.1:{port}"
        ran = run("doctor", "--format", "json", INSTROOM_DATABASE_URL=database, INSTROOM_SMTP=mail)
    assert {"database-unreachable", "mail-unreachable", "room"} <= set(codes(ran.document))
    assert "unexamined-slow" not in codes(ran.document) and time.monotonic() - began < 25


@pytest.mark.slow
def test_beside_a_site_that_serves_nothing_is_wrong(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, run: Run) -> None:
    """And it leaves the site as it was."""
    ports = {name: str(port) for port, name in enumerate(("HTTP", "FTP_PORT", "FTPES_PORT", "FTPS_PORT"), start=17_480)}
    settings = {f"INSTROOM_{name}": port for name, port in ports.items()} | {"INSTROOM_HOME": str(tmp_path / "home")}
    settings["INSTROOM_HTTP"] = f"127.0.0.1:{ports['HTTP']}"
    settings["INSTROOM_FREE_MB"] = "1"
    assert run("init", **settings).code == 0
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    with serving("serve", http=settings["INSTROOM_HTTP"]):
        until(lambda: run("doctor", "work", **settings).code == 0)  # its worker has begun
        ran = run("doctor", "--format", "json", **settings)
    found = codes(json.loads(ran.out))
    assert (ran.code, found.count("port-ours")) == (0, 4), ran.out
    assert {"work", "certificate-own", "files", "database-sound"} <= set(found)
