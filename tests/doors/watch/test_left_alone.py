"""What is not taken, why, and that it holds up nothing else (product.md F5)."""

import os
import socket
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.doors.ftp.ftp_server import add_account
from tests.doors.watch.watched_folder import SETTLE, WatchedFolder, delivered, switch_off

from instroom.core.errors import NotAllowed, NotFound
from instroom.flow import find
from instroom.flow.connections import connections
from instroom.flow.file_server import accounts
from instroom.flow.file_server.upload_names import RENAME_WITHIN
from instroom.flow.file_server.watched_folder import Watcher, WatchOptions
from instroom.store.models import Delivery

Watch = Callable[..., WatchedFolder]


def listen(path: Path) -> None:
    """A socket with a name."""
    with socket.socket(socket.AF_UNIX) as made:
        made.bind(str(path))


KINDS: dict[str, Callable[[Path], None]] = {
    "a folder": Path.mkdir,
    "a link to a file": lambda path: path.symlink_to("/etc/hostname"),
    "a link to a file beside it": lambda path: path.symlink_to("goed.csv"),
    "a link to nothing": lambda path: path.symlink_to("nergens"),
    "a pipe": os.mkfifo,
    "a socket": listen,
}


@pytest.mark.parametrize("kind", KINDS)
def test_only_plain_files_are_taken(watched: WatchedFolder, log: list[str], kind: str) -> None:
    KINDS[kind](watched.hr / "x.csv")
    watched.drop("goed.csv", b"goed")
    assert watched.settle() == 1
    assert delivered() == [("goed.csv", b"goed")]
    assert watched.remaining() == ["x.csv"]
    assert log[0] == "hr: 'x.csv': left alone: it is no plain file"


NAMES = {
    b"twee\nregels.csv": "its name has control characters",
    b"\x1b[31mrood.csv": "its name has control characters",
    b"x" * 241: "its name is longer than 240 bytes",
    b"x" * 255: "its name is longer than 240 bytes",
    "é".encode() * 121: "its name is longer than 240 bytes",
    b"\xe9" * 125: "its name is longer than 240 bytes",  # 250 bytes, once it is in UTF-8
}


@pytest.mark.parametrize("name", NAMES)
def test_a_name_that_cannot_be_used_is_told_and_left_alone(watched: WatchedFolder, log: list[str], name: bytes) -> None:
    path = watched.drop(name)
    watched.drop("goed.csv")
    assert watched.settle() == 1
    assert path.exists()
    assert log[0].endswith(f"left alone: {NAMES[name]}")
    assert "\n" not in log[0]
    assert "\x1b" not in log[0]


@pytest.mark.parametrize(
    ("raw", "name"),
    [
        (b"x" * 240, "x" * 240),
        ("leveríng ✓ & 'x'; rm -rf $HOME.csv".encode(), "leveríng ✓ & 'x'; rm -rf $HOME.csv"),
        (b"caf\xe9.csv", "café.csv"),
        (b"\x81\xff", "\ufffdÿ"),
        (b" ", " "),
        (b"zonder-extensie", "zonder-extensie"),
        (b"-rf", "-rf"),
    ],
)
def test_any_other_name_will_do(watched: WatchedFolder, raw: bytes, name: str) -> None:
    watched.drop(raw, b"goed")
    """What has no ending that people know might still be renamed, and is given the time for it."""
    assert watched.settle() == name.endswith(".csv")
    watched.look(RENAME_WITHIN.total_seconds())
    assert delivered() == [(name, b"goed")]
    assert watched.remaining() == []


@pytest.mark.parametrize("name", ["personen.csv.writing", "_personen.csv"])
def test_a_name_that_is_renamed_in_time_is_the_last_one(watched: WatchedFolder, name: str) -> None:
    one = watched.drop(name, b"goed")
    assert watched.settle() == 0
    one.rename(one.with_name("personen.csv"))
    assert watched.settle() == 1
    assert delivered() == [("personen.csv", b"goed")]


@pytest.mark.parametrize("name", ["Thumbs.db", "desktop.ini", ".DS_Store", "._personen.csv", "~$lijst.xlsx"])
def test_what_systems_put_there_is_left_alone(watched: WatchedFolder, log: list[str], name: str) -> None:
    watched.drop(name)
    watched.settle()
    watched.look(RENAME_WITHIN.total_seconds())
    assert (delivered(), watched.remaining(), log) == ([], [name], [])


def test_an_unfinished_name_that_stays_is_told(
    watched: WatchedFolder, log: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    watched.drop("personen.csv.tmp")
    watched.settle()
    assert log == []
    monkeypatch.setattr("instroom.flow.file_server.folder_scan._UNFINISHED_FOR", 0)
    watched.settle()
    assert log == ["hr: 'personen.csv.tmp': left alone: it has had the name of an unfinished file for over an hour"]


def test_a_file_that_is_too_large_is_left_alone(watched: WatchedFolder, log: list[str]) -> None:
    watched.settings = watched.settings._replace(file_bytes=100)
    watched.start()
    watched.drop("groot.csv", b"x" * 101)
    watched.drop("goed.csv", b"x" * 100)
    assert watched.settle() == 1
    assert watched.remaining() == ["groot.csv"]
    assert log[0] == "hr: 'groot.csv': left alone: it is larger than 100 bytes"


def test_with_too_little_room_a_file_waits(watched: WatchedFolder, log: list[str]) -> None:
    plenty = watched.settings
    watched.settings = plenty._replace(free=1 << 60)
    watched.start()
    watched.drop("personen.csv")
    assert watched.settle() + watched.look(1000) == 0
    assert log == ["hr: 'personen.csv': not taken yet: there is no room on our disk"]
    assert (watched.remaining(), watched.under_way()) == (["personen.csv"], [])
    watched.settings = plenty
    watched.start()
    assert watched.settle() == 1


def test_a_delivery_that_cannot_be_kept_is_made_later(
    watched: WatchedFolder, log: list[str], instroom_home: Path, tmp_path: Path
) -> None:
    """The place where deliveries are kept is gone for a while: the file has been taken, and is not lost."""
    kept, away = instroom_home / "files", tmp_path / "weg"
    kept.mkdir(exist_ok=True)
    kept.rename(away)
    kept.write_text("in the way")
    watched.drop("personen.csv", b"een")
    watched.drop("ander.csv", b"twee")
    assert watched.settle() + watched.look(1) == 0
    kept.unlink()
    away.rename(kept)
    watched.start()
    watched.look(1)
    assert sorted(delivered()) == [("ander.csv", b"twee"), ("personen.csv", b"een")]
    assert (watched.remaining(), watched.under_way()) == ([], [])
    assert len(log) == len(set(log))


def test_what_is_left_alone_is_told_once(watched: WatchedFolder, log: list[str]) -> None:
    (watched.hr / "map").mkdir()
    (watched.folder / "onbekend").mkdir()
    for _ in range(20):
        watched.look(SETTLE)
    watched.drop("personen.csv")
    watched.settle()
    made = Delivery.objects.get()
    assert sorted(log) == [
        "folder 'onbekend': left alone: there is no such account, or it is switched off",
        "hr: 'map': left alone: it is no plain file",
        f"hr: 'personen.csv' taken, 5 bytes, delivery {made.pk}",
    ]


# Accounts


def test_each_folder_is_of_the_account_of_its_name(watched: WatchedFolder) -> None:
    (watched.folder / "buur").mkdir()
    watched.drop("personen.csv", b"van ons")
    watched.drop("personen.csv", b"van de buren", account="buur")
    assert watched.settle() == 2
    found = Delivery.objects.values_list("account__name", "customer__name")
    assert set(found) == {("hr", "demo"), ("buur", "buren")}


@pytest.mark.parametrize("name", ["onbekend", "HR", "hr ", "één", "buur", "."])
def test_a_folder_of_nobody_is_left_alone_until_somebody_has_its_name(watch: Watch, log: list[str], name: str) -> None:
    watched = watch(customer="demo")
    switch_off("hr")
    folder = watched.folder / name
    folder.mkdir(exist_ok=True)
    (folder / "personen.csv").write_text("x")
    assert watched.settle() == 0
    assert (folder / "personen.csv").exists()
    assert len(log) == 2  # this one, and that of the account that is switched off
    if name == "onbekend":
        add_account(name)
        assert watched.settle() == 1


def test_a_folder_that_is_a_link_is_not_followed(watched: WatchedFolder, tmp_path: Path, log: list[str]) -> None:
    add_account("elders")
    (tmp_path / "elders").mkdir()
    (tmp_path / "elders" / "personen.csv").write_text("x")
    (watched.folder / "elders").symlink_to(tmp_path / "elders")
    assert watched.settle() == 0
    assert log == ["'elders': left alone: it is no folder of an account"]


def test_what_lies_beside_the_folders_is_left_alone(watched: WatchedFolder, log: list[str]) -> None:
    (watched.folder / "personen.csv").write_text("x")
    (watched.folder / ".verborgen").write_text("x")
    assert watched.settle() == 0
    assert log == ["'personen.csv': left alone: it is no folder of an account"]


def test_one_folder_can_be_of_one_account(watch: Watch) -> None:
    watched = watch()
    watched.start(folder=watched.hr, account="HR", customer="demo")
    (watched.hr / "hr").mkdir()
    watched.drop("personen.csv")
    assert watched.settle() == 1
    assert Delivery.objects.get().account.name == "hr"


def test_a_file_of_a_connection_waits_for_its_hour(watched: WatchedFolder) -> None:
    connections.add(
        "nacht",
        find.customer("demo"),
        by=find.user("operator"),
        account="hr",
        file_name="personen.csv",
        schedule="daily 01:00",
    )
    watched.drop("Personen.CSV")
    watched.drop("ander.csv")
    assert watched.settle() == 1
    assert watched.look(RENAME_WITHIN.total_seconds()) == 1
    found = Delivery.objects.values_list("file_name", "connection__name", "waits_for")
    assert set(found) == {("Personen.CSV", "nacht", "hour"), ("ander.csv", None, "name")}


@pytest.mark.parametrize(
    "asked",
    [
        {"folder": Path("/nergens")}, {"account": "niemand"}, {"customer": "niemand"},
        {"account": "buur", "customer": "demo"},
    ],
    ids=str,
)  # fmt: skip
def test_what_is_named_must_be_there(watched: WatchedFolder, asked: dict[str, str]) -> None:
    with pytest.raises(NotFound):
        Watcher(WatchOptions(**{"folder": watched.folder, **asked}), watched.settings)  # type: ignore[arg-type]


def test_a_folder_is_watched_by_one_process(watched: WatchedFolder, tmp_path: Path) -> None:
    (tmp_path / "ook").symlink_to(watched.folder)
    with pytest.raises(NotAllowed):
        Watcher(WatchOptions(tmp_path / "ook"), watched.settings)
    watched.start()


def test_a_folder_that_goes_is_told_and_looked_for_again(watched: WatchedFolder, log: list[str]) -> None:
    watched.folder.rename(watched.folder.with_name("weg"))
    for _ in range(3):
        assert watched.look(SETTLE) == 0
    assert len(log) == 1
    assert "No such file" in log[0]
    watched.folder.with_name("weg").rename(watched.folder)
    watched.drop("personen.csv")
    assert watched.settle() == 1


def test_a_stop_waits_for_one_file_and_not_for_the_next(watched: WatchedFolder) -> None:
    for number in range(3):
        watched.drop(f"{number}.csv")
    watched.look()
    asked = iter([False, True])
    assert watched.watcher.look(SETTLE, stop=lambda: next(asked)) == 1
    assert (len(delivered()), len(watched.remaining())) == (1, 2)


def test_a_folder_whose_name_comes_to_another_account_is_left_alone_until_it_is_empty(
    watched: WatchedFolder, log: list[str]
) -> None:
    by = find.user("operator")
    watched.drop("eerst.csv")
    assert watched.settle() == 1
    accounts.change(accounts.account("hr"), by=by, name="personeel")
    watched.drop("van-personeel.csv")
    assert watched.settle() == 0, "no account has that name"
    add_account("hr", "buren")
    watched.start()
    assert watched.settle() == 0, "the file is not the neighbours'"
    assert log[-1] == "folder 'hr': left alone: it holds files of the account that had this name before"

    watched.hr.rename(watched.folder / "personeel")
    watched.hr.mkdir()
    watched.drop("van-buren.csv")
    assert watched.settle() == 1
    assert watched.remaining() == ["van-buren.csv"]
    (watched.hr / "van-buren.csv").unlink()
    assert watched.settle() == 0
    watched.drop("van-buren.csv")
    assert watched.settle() == 1
    assert [(one.file_name, one.customer.name) for one in Delivery.objects.order_by("pk")] == [
        ("eerst.csv", "demo"),
        ("van-personeel.csv", "demo"),
        ("van-buren.csv", "buren"),
    ]
