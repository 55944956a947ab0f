"""Sealed files: what was kept is read back from any place, and every change on the disk is noticed."""

import io
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from tests.kept_files import path_of

from instroom.store import data_keys
from instroom.store.files import delivered_files, dropped_files, sealed_file
from instroom.store.files.sealed_stream import MAGIC, SEGMENT, FileChanged, SealedReader, SealedWriter, plain_size

pytestmark = pytest.mark.on_sqlite_alone

NAME = b"Vermeulen-Oost;"
SIZES = st.sampled_from((0, 1, 13, SEGMENT - 1, SEGMENT, SEGMENT + 1, 2 * SEGMENT)) | st.integers(0, 3 * SEGMENT)
HEADER, STORED = 32, 12 + SEGMENT + 16


def content_of(size: int) -> bytes:
    return (NAME * (size // len(NAME) + 1))[:size]


def sealed(content: bytes) -> bytes:
    stream = io.BytesIO()
    writer = SealedWriter(stream, data_keys.current(None))
    writer.write(content)
    writer.finish()
    return stream.getvalue()


def read(stored: bytes) -> bytes:
    return SealedReader(io.BytesIO(stored)).read()


@given(size=SIZES, pieces=st.lists(st.integers(1, 2 * SEGMENT), min_size=1), at=st.integers(0, 4 * SEGMENT))
def test_what_is_written_in_any_pieces_is_read_from_any_place(size: int, pieces: list[int], at: int) -> None:
    content, stream = content_of(size), io.BytesIO()
    writer, rest = SealedWriter(stream, data_keys.current(None)), io.BytesIO(content)
    for piece in pieces:
        writer.write(rest.read(piece))
    writer.write(rest.read())
    writer.finish()
    assert (writer.size, plain_size(len(stream.getvalue()))) == (size, size)
    assert NAME not in stream.getvalue()
    reader = io.BufferedReader(SealedReader(stream), SEGMENT)
    reader.seek(at)
    assert (reader.read(), reader.seek(0, os.SEEK_END)) == (content[at:], size)
    reader.seek(0)
    assert reader.read() == content


@given(size=SIZES, cut=st.integers(0, 3 * SEGMENT), more=SIZES)
@example(size=2 * SEGMENT, cut=2 * SEGMENT, more=0)
@example(size=2 * SEGMENT + 1, cut=SEGMENT, more=0)
@example(size=2 * SEGMENT + 1, cut=0, more=0)
def test_an_upload_that_broke_off_goes_on_anywhere_and_is_no_whole_file_before_its_end(
    size: int, cut: int, more: int
) -> None:
    cut, stream = min(cut, size), io.BytesIO()
    writer = SealedWriter(stream, data_keys.current(None))
    writer.write(content_of(size))
    writer.pause()
    assert plain_size(len(stream.getvalue())) == size
    assert NAME not in stream.getvalue()
    with pytest.raises(FileChanged):
        SealedReader(io.BytesIO(stream.getvalue()))
    again = SealedWriter(stream, data_keys.current(None))
    assert again.size == size
    again.cut(cut)
    again.write(content_of(more))
    again.finish()
    assert read(stream.getvalue()) == content_of(size)[:cut] + content_of(more)


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda one, two: one[:HEADER] + one[HEADER + STORED :], id="a segment is left out"),
        pytest.param(
            lambda one, two: (
                one[:HEADER]
                + one[HEADER + STORED : HEADER + 2 * STORED]
                + one[HEADER : HEADER + STORED]
                + one[HEADER + 2 * STORED :]
            ),
            id="segments are swapped",
        ),
        pytest.param(lambda one, two: one[: HEADER + 2 * STORED], id="the last segment is gone"),
        pytest.param(lambda one, two: one + one[HEADER + 2 * STORED :], id="the last segment stands twice"),
        pytest.param(lambda one, two: one[: HEADER + STORED] + two[HEADER + STORED :], id="segments of another file"),
        pytest.param(lambda one, two: two[:HEADER] + one[HEADER:], id="the header of another file"),
        pytest.param(lambda one, two: one[:-1], id="the last byte is gone"),
        pytest.param(lambda one, two: one[: HEADER + 5], id="half a nonce"),
        pytest.param(lambda one, two: one[: len(MAGIC)], id="half a header"),
        pytest.param(lambda one, two: MAGIC + bytes(8) + one[16:], id="an unknown key"),
    ],
)
def test_what_is_moved_or_cut_is_noticed(change: Callable[[bytes, bytes], bytes]) -> None:
    content = content_of(2 * SEGMENT + 100)
    with pytest.raises(FileChanged):
        read(change(sealed(content), sealed(content)))


@given(size=st.integers(0, SEGMENT + 100), data=st.data())
def test_each_byte_that_changes_is_noticed(size: int, data: st.DataObject) -> None:
    stored = bytearray(sealed(content_of(size)))
    stored[data.draw(st.integers(len(MAGIC), len(stored) - 1))] ^= data.draw(st.integers(1, 255))
    with pytest.raises(FileChanged):
        read(bytes(stored))


def test_a_kept_file_is_what_was_received(tmp_path: Path) -> None:
    target = tmp_path / "kept"
    content = sealed_file.at(target).seal(io.BytesIO(NAME), data_keys.current(None))
    with sealed_file.at(target).in_memory() as copy:
        assert (copy.read_bytes(), content.bytes, sealed_file.at(target).size()) == (NAME, len(NAME), len(NAME))
        assert not copy.resolve().exists()
    path = path_of("sealed/kept")
    path.parent.mkdir(parents=True)
    for kept in (target.read_bytes(), NAME):  # as an older version kept it too
        path.write_bytes(kept)
        with delivered_files.in_memory("sealed/kept", content.sha256) as copy:
            assert copy.read_bytes() == NAME
        with pytest.raises(FileChanged), delivered_files.in_memory("sealed/kept", "0" * 64):
            pass
    again = delivered_files.named(str(path))  # as when it is delivered again
    assert again and again.key == "sealed/kept"
    assert delivered_files.named(str(target)) is None  # of somebody else: whatever it holds
    path.unlink()


def test_a_copy_of_a_dropped_file_is_encrypted(tmp_path: Path) -> None:
    dropped, own, content = tmp_path / "dropped", tmp_path / "own", content_of(2 * SEGMENT)
    dropped.write_bytes(content)
    seen = dropped_files.stamp_of(dropped)
    assert seen
    dropped_files.copy(dropped, seen, own, data_keys.current(None))
    assert NAME not in own.read_bytes()
    with sealed_file.at(own).opened() as copy:
        assert copy.read() == content


def test_a_plain_file_or_one_under_an_older_key_is_sealed_anew(tmp_path: Path) -> None:
    path, key = tmp_path / "kept", data_keys.current(None)
    path.write_bytes(NAME)
    os.utime(path, (1_000, 2_000))
    sealed_file.at(path).reseal(key)
    assert NAME not in path.read_bytes()
    assert (path.stat().st_mtime, list(tmp_path.iterdir())) == (2_000, [path])
    assert sealed_file.at(path).key_id() == key.id
    data_keys.replace(None)
    sealed_file.at(path).reseal(data_keys.current(None))
    assert sealed_file.at(path).key_id() != key.id
    with sealed_file.at(path).opened() as content:
        assert content.read() == NAME
