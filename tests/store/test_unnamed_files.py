"""Uploads that wait for their name: of all who decide at the same moment what becomes of one, the first one does."""

import json
import os
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from threading import Thread
from typing import Any
from uuid import UUID

import pytest

from instroom.store.files import uploads
from instroom.store.files.unnamed_files import UnnamedFile, get_unnamed, unnamed_files
from instroom.store.files.uploads import AccountFolders
from instroom.store.ids import new_id

pytestmark = pytest.mark.unstored

ACCOUNT = "hr"
STEPS: dict[str, Callable[[UnnamedFile], None]] = {
    "release": lambda one: one.release("personen.csv", ""),
    "delete": lambda one: one.delete(),
    "rename": lambda one: one.rename("personen.csv", ""),
    "leave": lambda one: one.leave(),
}


@pytest.fixture
def folders(tmp_path: Path) -> AccountFolders:
    made = AccountFolders(tmp_path, ACCOUNT)
    made.make()
    return made


def upload(folders: AccountFolders) -> UUID:
    part = folders.parts / "deel"
    part.write_bytes(b"x")
    return uploads.commit(folders, part, folders.folder / "x.tmp", {"name": "x.tmp"}, is_unnamed=True)


@pytest.mark.parametrize("second", STEPS)
@pytest.mark.parametrize("first", ["release", "delete"])
def test_what_is_released_or_deleted_is_decided(folders: AccountFolders, first: str, second: str) -> None:
    waiting_id = upload(folders)
    one, other = (get_unnamed(folders.base, ACCOUNT, waiting_id) for _ in range(2))
    STEPS[first](one)
    left = {path.name: path.read_bytes() for path in (folders.base / "handover").iterdir()}
    with pytest.raises(FileNotFoundError):
        STEPS[second](other)
    assert {path.name: path.read_bytes() for path in (folders.base / "handover").iterdir()} == left
    names = {f"{waiting_id}.file", f"{waiting_id}.json"} if first == "release" else set()
    assert left.keys() == names


def test_what_was_left_may_change_its_name_again(folders: AccountFolders, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also if the process is killed while it does: then there are two notes, of which the newer one counts."""
    waiting_id = upload(folders)
    get_unnamed(folders.base, ACCOUNT, waiting_id).leave()
    left = get_unnamed(folders.base, ACCOUNT, waiting_id)
    with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
        patched.setattr(Path, "unlink", raise_interrupt)
        left.rename("export", "")
    [found] = unnamed_files(folders.base)
    assert (found.name, found.is_left) == ("export", False)
    with pytest.raises(FileNotFoundError):
        left.delete()
    found.release("export", "")
    assert {one.suffix for one in (folders.base / "handover").iterdir()} == {".file", ".json"}


def raise_interrupt(*_: object, **__: object) -> None:
    raise KeyboardInterrupt


def test_tidying_spares_an_upload_that_is_being_committed(
    folders: AccountFolders, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever the clock says of its age."""
    monkeypatch.setattr(uploads, "_ORPHAN", -1.0)
    tidying = Thread(target=uploads.tidy, args=(folders.base, 3600, lambda *_: False))
    write_note = uploads.write_note

    def tidy_and_write(note: Path, facts: Mapping[str, Any]) -> None:
        tidying.start()
        tidying.join(0.05)
        write_note(note, facts)

    monkeypatch.setattr(uploads, "write_note", tidy_and_write)
    waiting_id = upload(folders)
    tidying.join()
    assert get_unnamed(folders.base, ACCOUNT, waiting_id).file.read_bytes() == b"x"


@pytest.mark.parametrize("seconds", [-86_400, 86_400])
def test_a_clock_that_jumps_lets_nothing_wait(folders: AccountFolders, seconds: int) -> None:
    one = get_unnamed(folders.base, ACCOUNT, upload(folders))
    os.utime(one.note, (time.time() + seconds,) * 2)
    assert one.age() > 80_000
    one.release("personen.csv", "")
    [waiting] = uploads.waiting(folders.base)
    os.utime(waiting.note, (time.time() + seconds,) * 2)
    assert uploads.waiting(folders.base, 5) == [waiting]


def test_tidying_takes_what_has_no_note_however_much_waits(
    folders: AccountFolders, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads, "_ORPHAN", -1.0)
    handover = folders.base / "handover"
    (handover / f"{new_id()}.draft").touch()
    noted = {uploads.file_of(folders.base, new_id()) for _ in range(2_000)}
    for file in noted:
        file.touch()
        file.with_suffix(".json").write_text(json.dumps({}), encoding="utf-8")
    for _ in range(2_000):
        uploads.file_of(folders.base, new_id()).touch()
    started = time.process_time()
    uploads.tidy(folders.base, 3600, lambda _: False)
    assert time.process_time() - started < 1
    assert set(handover.glob("*.file")) == noted
    assert not list(handover.glob("*.draft"))
