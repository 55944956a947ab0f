"""The contract of a store of files: a folder keeps it, and so does a bucket."""

import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.s3_server import KEYS, make_bucket, s3_server

from instroom.store.files.file_store import FileStore, StoreAway, StoredFile
from instroom.store.files.folder_store import FolderStore
from instroom.store.files.s3_store import S3Store

pytestmark = pytest.mark.unstored


@pytest.fixture(scope="module")
def s3() -> Iterator[str]:
    with s3_server() as endpoint:
        yield endpoint


@pytest.fixture(params=["folder", "s3"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> FileStore:
    if request.param == "folder":
        return FolderStore(tmp_path / "files")
    return S3Store(make_bucket(request.getfixturevalue("s3")), KEYS)


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
    write(store, "ons/03", b"")
    with store.open("ons/03") as empty:
        assert (empty.read(), empty.seek(0, os.SEEK_END), empty.read(1)) == (b"", 0, b"")


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
    file = StoredFile("ons/01", 1, 0, 0, "")
    for work in (
        lambda: write(store, "ons/01", b"x"),
        lambda: store.open("ons/01"),
        lambda: store.find("ons/01"),
        lambda: list(store.list("")),
        lambda: store.move(file, "ons/aside/01"),
        lambda: store.delete("ons/01"),
        lambda: store.delete_drafts(""),
    ):
        with pytest.raises(StoreAway) as away:
            work()
        assert away.value.filename == store.place == str(tmp_path / "files")
    assert store.find("site-id") is None
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


def test_a_bucket_that_cannot_be_reached_is_away(s3: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the reason: a bucket that is not there, a key that holds no longer, or no server at all."""
    monkeypatch.setattr("botocore.endpoint.time.sleep", lambda seconds: None)
    sound = make_bucket(s3)
    others = {
        "NoSuchBucket": sound._replace(bucket="elsewhere"),
        "EndpointConnectionError": sound._replace(endpoint="http://127.0.0.1:1"),
    }
    for reason, place in others.items():
        store = S3Store(place, KEYS)
        for work in (
            lambda store=store: write(store, "ons/01", b"x"),
            lambda store=store: store.open("ons/01"),
            lambda store=store: store.find("ons/01"),
            lambda store=store: keys(store),
            lambda store=store: store.delete("ons/01"),
        ):
            with pytest.raises(StoreAway) as away:
                work()
            assert (away.value.strerror, away.value.filename) == (reason, f"s3://{place.bucket}/instroom")
    monkeypatch.setenv("AWS_PROFILE", "niemand")
    with pytest.raises(StoreAway, match="ProfileNotFound"):
        S3Store(sound, None)


def test_of_a_large_object_what_is_needed_is_fetched(s3: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that is replaced while it is read is read anew: never half of the one and half of the other."""
    monkeypatch.setattr("instroom.store.files.s3_store._NEXT", 100_000)
    store, content = S3Store(make_bucket(s3), KEYS), os.urandom(300_000)
    write(store, "ons/01", content)
    with store.open("ons/01") as file:
        assert (file.seek(-10, os.SEEK_END), file.read(20)) == (299_990, content[-10:])
        assert (file.seek(150_000), file.read(10)) == (150_000, content[150_000:150_010])
        assert (file.seek(0), file.read()) == (0, content)
        write(store, "ons/01", content[::-1])
        file.seek(0)
        with pytest.raises(StoreAway):
            file.read()


def test_an_object_is_named_by_its_address(s3: str) -> None:
    store = S3Store(make_bucket(s3), KEYS)
    named = [store.key_named(name) for name in (f"{store.place}/ons/aside/01", "s3://elsewhere/ons/01", "ons/01")]
    assert named == ["ons/aside/01", None, None]
