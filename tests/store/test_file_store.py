"""The contract of a store of files: a folder keeps it, and so does a bucket."""

import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from instroom.store.files.file_store import FileStore, StoreAway
from instroom.store.files.folder_store import FolderStore


@pytest.fixture
def store(tmp_path: Path) -> FileStore:
    return FolderStore(tmp_path / "files")


def write(store: FileStore, key: str, content: bytes) -> None:
    with store.writing(key) as stream:
        stream.write(content)


def read(store: FileStore, key: str) -> bytes:
    with store.open(key) as stream:
        return stream.read()


def keys(store: FileStore, prefix: str = "") -> list[str]:
    return [one.key for one in store.list(prefix)]


def test_a_file_is_there_once_it_is_whole(store: FileStore) -> None:
    with store.writing("ons/01") as stream:
        stream.write(b"een twee")
        assert (store.find("ons/01"), keys(store)) == (None, [])
    with pytest.raises(ZeroDivisionError), store.writing("ons/01") as stream:
        stream.write(b"half")
        raise ZeroDivisionError
    with store.open("ons/01") as file:
        assert (file.seek(4), file.read(), file.seek(-4, os.SEEK_END), file.read(2)) == (4, b"twee", 4, b"tw")
        write(store, "ons/01", b"another")  # whoever reads goes on, or is told
    assert (read(store, "ons/01"), keys(store)) == (b"another", ["ons/01"])


def test_what_is_missing_is_told_from_a_store_that_is_away(store: FileStore) -> None:
    write(store, "ons/01", b"x")
    assert store.find("ons/02") is None
    with pytest.raises(FileNotFoundError):
        store.open("ons/02")
    store.delete("ons/02")


def test_files_are_listed_by_the_begin_of_their_key(store: FileStore) -> None:
    names = ["ons/01", "ons/01.note.json", "ons/aside/01", "ons/02", "zij/01"]
    for name in names:
        write(store, name, b"x" * len(name))
    assert sorted(keys(store)) == sorted(names)
    assert (keys(store, "ons/01"), keys(store, "ons/01.")) == (["ons/01", "ons/01.note.json"], ["ons/01.note.json"])
    assert sorted(keys(store, "ons/")) == sorted(names[:4])
    assert keys(store, "niemand/") == []
    [found] = store.list("zij/")
    assert (found.bytes, found == store.find("zij/01")) == (6, True)
    assert abs(found.written_at - time.time()) < 60 and abs(found.named_at - time.time()) < 60
    for name in names:
        store.delete(name)
    assert keys(store) == []


def test_what_was_replaced_meanwhile_stays(store: FileStore) -> None:
    write(store, "ons/01", b"een")
    seen = store.find("ons/01")
    assert seen
    with store.writing("ons/01", replaces=seen) as stream:
        stream.write(b"een anew")
    with pytest.raises(FileNotFoundError), store.writing("ons/01", replaces=seen) as stream:
        stream.write(b"late")
    assert (store.move(seen, "ons/aside/01"), read(store, "ons/01"), len(keys(store))) == (False, b"een anew", 1)
    seen = store.find("ons/01")
    assert seen and store.move(seen, "ons/aside/01")
    assert keys(store) == ["ons/aside/01"]
    with pytest.raises(FileNotFoundError):
        store.move(seen, "ons/02")
    with pytest.raises(FileNotFoundError), store.writing("ons/01", replaces=seen) as stream:
        stream.write(b"back again")
    assert keys(store) == ["ons/aside/01"]


def test_drafts_are_not_listed_and_go(tmp_path: Path) -> None:
    store = FolderStore(tmp_path)
    for name in ("ons/01.0f0f.part", "ons/01.nl.csv.json.draft", "ons/02.0f0f.part"):
        write(store, name, b"half")
    assert keys(store) == []
    assert store.delete_drafts("", age=60) == 0
    assert (store.delete_drafts("ons/01."), store.delete_drafts("")) == (2, 1)


@pytest.mark.parametrize("make", [Path.mkdir, Path.touch, lambda folder: None], ids=["empty", "a file", "nothing"])
def test_a_folder_without_its_mark_is_away(tmp_path: Path, make: Callable[[Path], object]) -> None:
    """It is not mounted: what is written now would be hidden later, and of what is missing nothing can be said."""
    store = FolderStore(tmp_path / "files", mark="site-id")
    make(tmp_path / "files")
    works = (lambda: write(store, "ons/01", b"x"), lambda: store.open("ons/01"), lambda: store.find("ons/01"))
    for work in works:
        with pytest.raises(StoreAway) as away:
            work()
        assert away.value.filename == store.place == str(tmp_path / "files")
    assert (list(store.list("")), store.find("site-id")) == ([], None)
    with pytest.raises(FileNotFoundError):
        store.open("site-id")
    (tmp_path / "files").is_file() and (tmp_path / "files").unlink()
    write(store, "site-id", b"1")
    write(store, "ons/01", b"x")
    with pytest.raises(FileNotFoundError):
        store.open("ons/02")


def test_only_a_file_of_the_store_has_a_key_there(tmp_path: Path) -> None:
    store = FolderStore(tmp_path / "files")
    write(store, "ons/01", b"x")
    (tmp_path / "link").symlink_to(tmp_path / "files" / "ons" / "01")
    named = {name: store.key_named(str(tmp_path / name)) for name in ("files/ons/01", "link", "files/../01", "01")}
    assert named == {"files/ons/01": "ons/01", "link": "ons/01", "files/../01": None, "01": None}
