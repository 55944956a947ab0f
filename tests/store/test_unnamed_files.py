"""Uploads that wait for their name: of all who decide at the same moment what becomes of one, the first one does."""

import json
import time
from collections.abc import Callable
from pathlib import Path
from uuid import UUID

import pytest

from instroom.store.files import uploads
from instroom.store.files.unnamed_files import UnnamedFile, get_unnamed
from instroom.store.files.uploads import AccountFolders
from instroom.store.ids import new_id

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


def test_tidying_takes_what_has_no_note_however_much_waits(
    folders: AccountFolders, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads, "_ORPHAN", -1.0)
    handover = folders.base / "handover"
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
