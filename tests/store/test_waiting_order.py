"""Uploads become deliveries in the order in which they came, whatever the clock says (product.md F3)."""

import time
from pathlib import Path

import pytest

from instroom.store.files import uploads
from instroom.store.files.unnamed_files import unnamed_files
from instroom.store.files.uploads import AccountFolders

pytestmark = pytest.mark.unstored


def test_files_wait_in_the_order_in_which_they_came(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folders, names, now = AccountFolders(tmp_path, "hr"), [], time.time_ns()
    folders.make()
    for place, seconds in enumerate((0, -3600, 10, 10, -7200)):
        monkeypatch.setattr(time, "time_ns", lambda seconds=seconds: now + int(seconds * 1e9))
        names.append(f"{place}.csv")
        part = folders.parts / names[-1]
        part.touch()
        uploads.commit(folders, part, folders.folder / part.name, {"name": part.name}, is_unnamed=place == 4)
    [unnamed] = unnamed_files(tmp_path)
    unnamed.release("4.csv", "")
    assert [one.facts["name"] for one in uploads.waiting(tmp_path)] == names
