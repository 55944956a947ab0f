"""A dropped file is taken when it is complete, not before, and once (product.md F3, F5)."""

import os
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.doors.watch.watched_folder import SETTLE, WatchedFolder, delivered

from instroom.flow.file_server.folder_scan import FolderScan
from instroom.flow.file_server.taking_away import finish, take_away
from instroom.flow.file_server.watched_folder import Watcher, WatchOptions
from instroom.store.files import dropped_files, uploads
from instroom.store.models import Delivery, FileAccount

Watch = Callable[..., WatchedFolder]
UNFINISHED = [
    ".personen.csv", ".in.personen.csv.", "tmp.personen", ".pureftpd-upload.5f1c",
    "personen.csv.part", "personen.csv.filepart",
    "personen.csv.tmp", "personen.csv.crdownload", "PERSONEN.CSV.PART", "personen.csv~", "~personen.csv",
    "personen.csv.ok", "personen.csv.done", "personen.csv.sha256", "personen.csv.rapport.xlsx",
    "personen.csv.rapport.json",
]  # fmt: skip


def test_a_file_is_taken_when_it_has_settled(watched: WatchedFolder) -> None:
    watched.drop("personen.csv", b"een")
    assert watched.look() == 0
    assert watched.look(SETTLE - 0.1) == 0
    assert watched.remaining() == ["personen.csv"]
    assert watched.look(0.1) == 1
    assert delivered() == [("personen.csv", b"een")]
    assert watched.remaining() == []
    assert watched.under_way() == []


def test_its_delivery_is_as_that_of_the_file_server(watched: WatchedFolder) -> None:
    watched.drop("personen.csv")
    watched.settle()
    made = Delivery.objects.get()
    assert (made.account.name, made.customer.name, made.state, made.waits_for) == ("hr", "demo", "received", "")
    assert made.watched


def test_a_writer_that_pauses_shorter_is_waited_for(watched: WatchedFolder) -> None:
    path = watched.drop("personen.csv", b"")
    with path.open("ab", buffering=0) as file:
        for _ in range(5):
            file.write(b"regel\r\n")
            assert watched.look(SETTLE - 1) == 0
    assert watched.look(1) == 0
    assert watched.look(SETTLE - 1) == 1
    assert delivered() == [("personen.csv", b"regel\r\n" * 5)]


def test_a_writer_that_pauses_longer_is_waited_for_while_it_has_the_file_open(
    watched: WatchedFolder, log: list[str]
) -> None:
    path = watched.drop("personen.csv", b"")
    with path.open("ab", buffering=0) as file:
        file.write(b"eerste helft, ")
        for _ in range(5):
            assert watched.look(10 * SETTLE) == 0
        assert log == ["hr: 'personen.csv': not taken yet: somebody is still writing to it"]
        file.write(b"tweede helft")
    assert watched.settle() == 1
    assert delivered() == [("personen.csv", b"eerste helft, tweede helft")]


def test_who_only_reads_holds_nothing_up(watched: WatchedFolder) -> None:
    with watched.drop("personen.csv").open("rb"):
        assert watched.settle() == 1


@pytest.mark.parametrize("change", ["rewritten", "touched", "replaced", "chmod"])
def test_whatever_happens_to_it_makes_it_settle_anew(watched: WatchedFolder, change: str) -> None:
    path = watched.drop("personen.csv", b"oud")
    watched.look()
    time.sleep(0.02)
    if change == "rewritten":
        path.write_bytes(b"new")
    elif change == "touched":
        os.utime(path, (1, 1))
    elif change == "replaced":
        watched.drop(".x", b"new").rename(path)
    else:
        path.chmod(0o640)
    assert watched.look(SETTLE) == 0
    assert watched.look(SETTLE) == 1
    assert delivered() == [("personen.csv", b"oud" if change in ("touched", "chmod") else b"new")]


@pytest.mark.parametrize("name", UNFINISHED)
def test_names_of_what_is_not_finished_are_never_taken(watched: WatchedFolder, log: list[str], name: str) -> None:
    watched.drop(name)
    assert watched.settle() + watched.look(1000) == 0
    assert watched.remaining() == [name]
    assert log == []


def test_a_file_that_gets_its_name_settles_from_then_on(watched: WatchedFolder) -> None:
    path = watched.drop(".in.personen.csv.", b"heel")
    watched.look()
    watched.look(SETTLE)
    path.rename(watched.hr / "personen.csv")
    assert watched.look() == 0
    assert watched.look(SETTLE) == 1
    assert delivered() == [("personen.csv", b"heel")]


def test_where_whole_files_are_renamed_into_their_place_nothing_need_settle(watch: Watch) -> None:
    watched = watch(settle=0)
    path = watched.drop(".in.personen.csv.")
    assert watched.look() == 0
    path.rename(watched.hr / "personen.csv")
    assert watched.look() == 1


# Markers


@pytest.mark.parametrize(
    ("name", "marker"),
    [
        ("personen.csv", "personen.csv.OK"),
        ("Personen.CSV", "personen.csv.done"),
        ("caf\u00e9.csv", "cafe\u0301.csv.ok"),
        ("personen.csv", "personen.csv.ok "),
    ],
)
def test_a_marker_has_the_name_of_its_file_however_it_is_written(watch: Watch, name: str, marker: str) -> None:
    watched = watch(with_marker=True)
    watched.drop(name, b"een")
    watched.drop(marker, b"")
    assert watched.look() == 1
    assert delivered() == [(name, b"een")]
    assert watched.remaining() == []


@pytest.mark.parametrize("suffix", [".ok", ".done"])
def test_with_markers_a_file_is_taken_when_its_marker_comes_and_at_once(watch: Watch, suffix: str) -> None:
    watched = watch(with_marker=True)
    watched.drop("personen.csv", b"een")
    assert watched.settle() + watched.look(1000) == 0
    watched.drop(f"personen.csv{suffix}", b"")
    assert watched.look() == 1
    assert delivered() == [("personen.csv", b"een")]
    assert watched.remaining() == []


def test_a_marker_of_an_earlier_file_says_nothing_of_the_next(watch: Watch, log: list[str]) -> None:
    watched = watch(with_marker=True)
    watched.drop("personen.csv.ok", b"")
    time.sleep(0.02)
    watched.drop("personen.csv", b"een")
    assert watched.settle() + watched.look(1000) == 0
    assert log == ["hr: 'personen.csv': left alone: its .ok is older than the file itself, or no plain file"]
    watched.drop("personen.csv.ok", b"")
    assert watched.look() == 1


@pytest.mark.parametrize("make", [Path.mkdir, lambda path: path.symlink_to("/dev/null")])
def test_a_marker_is_a_plain_file(watch: Watch, make: Callable[[Path], None]) -> None:
    watched = watch(with_marker=True)
    watched.drop("personen.csv")
    make(watched.hr / "personen.csv.ok")
    assert watched.settle() == 0


def test_a_marker_does_not_excuse_a_writer(watch: Watch) -> None:
    watched = watch(with_marker=True)
    with watched.drop("personen.csv").open("ab"):
        watched.drop("personen.csv.ok", b"")
        assert watched.settle() == 0
    assert watched.look(SETTLE) == 1


# Once


def test_each_version_is_a_delivery_the_same_bytes_too(watched: WatchedFolder) -> None:
    for content in (b"een", b"twee", b"twee"):
        watched.drop("personen.csv", content)
        assert watched.settle() == 1
    assert [content for _, content in delivered()] == [b"een", b"twee", b"twee"]


def test_files_are_taken_in_the_order_in_which_they_came(watched: WatchedFolder) -> None:
    for name in ("c.csv", "a.csv", "b.csv"):
        os.utime(watched.drop(name), (2_000_000_000 - ord(name[0]), 0))  # its own time says nothing
        time.sleep(0.02)
    assert watched.settle() == 3
    assert [name for name, _ in delivered()] == ["c.csv", "a.csv", "b.csv"]


def test_after_a_start_a_file_settles_anew_and_is_taken_once(watched: WatchedFolder) -> None:
    watched.drop("personen.csv")
    watched.look()
    watched.start()
    assert watched.look(SETTLE) == 0
    assert watched.look(SETTLE) == 1
    watched.start()
    assert watched.settle() == 0
    assert len(delivered()) == 1


def test_of_two_who_take_from_one_folder_each_file_goes_to_one(watched: WatchedFolder, tmp_path: Path) -> None:
    other = Watcher(WatchOptions(watched.folder, settle=0), watched.settings._replace(folder=tmp_path / "elsewhere"))
    for number in range(10):
        watched.drop(f"{number}.csv")
    watched.look()
    assert other.look() + watched.look(SETTLE) == 10
    assert len(delivered()) == 10
    other.close()


def test_who_was_second_leaves_no_trace(watched: WatchedFolder) -> None:
    one, account, base = at_hand(watched, b"een")
    one.path.rename(watched.hr / ".weg")
    facts = {"name": one.name, "source": str(one.path), "aside": str(watched.hr / ".niets"), "stamp": one.stamp}
    begun = uploads.hand_over(base, lambda own: own.write_bytes(b"een") and None, {**facts, "account": account.pk.hex})
    assert finish(begun) is None
    assert (delivered(), watched.under_way(), watched.remaining()) == ([], [], [".weg"])


@pytest.mark.parametrize("newer", [True, False])
def test_what_is_written_to_while_it_is_taken_is_given_back(watched: WatchedFolder, newer: bool) -> None:
    """Or dropped, where something newer has its name: that would have overwritten it."""
    one, account, base = at_hand(watched, b"een")
    aside = watched.hr / f"{dropped_files.ASIDE_PREFIX}x"
    facts = {"name": one.name, "source": str(one.path), "aside": str(aside), "stamp": one.stamp}
    begun = uploads.hand_over(base, lambda own: own.write_bytes(b"een") and None, {**facts, "account": account.pk.hex})
    with one.path.open("ab") as file:
        dropped_files.put_aside(one.path, aside)
        file.write(b" en twee")
    if newer:
        watched.drop("personen.csv", b"drie")
    assert finish(begun) is None
    assert (delivered(), watched.under_way(), watched.remaining()) == ([], [], ["personen.csv"])
    assert one.path.read_bytes() == (b"drie" if newer else b"een en twee")


def test_what_was_replaced_after_the_look_is_not_taken(watched: WatchedFolder) -> None:
    one, account, base = at_hand(watched, b"een")
    watched.drop(".x", b"twee").rename(one.path)
    with pytest.raises(dropped_files.StillChanging):
        take_away(base, one, account)
    assert (delivered(), watched.under_way(), watched.remaining()) == ([], [], ["personen.csv"])


def at_hand(watched: WatchedFolder, content: bytes) -> tuple:  # type: ignore[type-arg]
    """A file that was looked at, whose it is, and the place of the hand-over."""
    watched.drop("personen.csv", content)
    (one,) = FolderScan(100, False).run(watched.hr, lambda name, why: None)
    (base,) = watched.settings.folder.glob("watch/*")
    return one, FileAccount.objects.get(name="hr"), base


# Whatever happens

STEPS = st.one_of(
    st.tuples(st.sampled_from(["write", "append", "rename", "unfinished"]), st.sampled_from(["a.csv", "b.csv"])),
    st.tuples(st.just("look"), st.sampled_from([0.0, 1.0, 4.0, SETTLE])),
    st.tuples(st.just("restart"), st.just("")),
)


@settings(max_examples=12)
@given(st.lists(STEPS, min_size=3, max_size=25))
def test_exactly_the_versions_that_have_settled_are_delivered(steps: list[tuple[str, object]]) -> None:
    with TemporaryDirectory() as place:
        watched = WatchedFolder(Path(place))
        try:
            follow(watched, steps)
        finally:
            watched.stop()


def follow(watched: WatchedFolder, steps: list[tuple[str, object]]) -> None:
    """Do the steps, and compare each look with what it must find."""
    before = len(delivered())
    wanted: list[bytes] = []
    lying: dict[str, bytes] = {}
    seen: dict[str, tuple[bytes, float]] = {}
    clock = 0.0
    for number, (step, what) in enumerate([*steps, ("look", 0.0), ("look", SETTLE)]):
        content = b"x" * number + b"%d" % number
        if step == "look":
            clock += float(str(what))
            seen = {name: seen.get(name, (b"", 0.0)) for name in lying}
            seen = {name: one if one[0] == lying[name] else (lying[name], clock) for name, one in seen.items()}
            due = [name for name, (_, since) in seen.items() if clock - since >= SETTLE]
            wanted += sorted(lying.pop(name) for name in due)
            assert watched.look(float(str(what))) == len(due)
            assert sorted(content for _, content in delivered()[before:]) == sorted(wanted)
        elif step == "restart":
            watched.start()
            seen = {}
        elif step == "unfinished":
            watched.drop(f"{what}.part", content)
        else:
            lying[str(what)] = (lying.get(str(what), b"") if step == "append" else b"") + content
            if step == "rename":
                watched.drop(".in", content).rename(watched.hr / str(what))
            else:
                with (watched.hr / str(what)).open("ab" if step == "append" else "wb") as file:
                    file.write(content)
    assert lying == {}
    assert watched.under_way() == []
