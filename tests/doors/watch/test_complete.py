"""A dropped file is taken when it is complete, not before, and once (product.md F3, F5)."""

import os
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.doors.watch.jetty import SETTLE, Jetty, delivered

from instroom.flow.file_server.dropped_files import FolderScan
from instroom.flow.file_server.taking_away import finish, take_away
from instroom.flow.file_server.watched_folder import Watcher, WatchOptions
from instroom.store.files import dropped_files, uploads
from instroom.store.models import Delivery, FileAccount

Watch = Callable[..., Jetty]
UNFINISHED = [
    ".personen.csv", ".in.personen.csv.", "tmp.personen", ".pureftpd-upload.5f1c",
    "personen.csv.part", "personen.csv.filepart",
    "personen.csv.tmp", "personen.csv.crdownload", "PERSONEN.CSV.PART", "personen.csv~", "~personen.csv",
    "personen.csv.ok", "personen.csv.done", "personen.csv.sha256", "personen.csv.rapport.xlsx",
    "personen.csv.rapport.json",
]  # fmt: skip


def test_a_file_is_taken_when_it_has_settled(jetty: Jetty) -> None:
    jetty.drop("personen.csv", b"een")
    assert jetty.look() == 0
    assert jetty.look(SETTLE - 0.1) == 0
    assert jetty.left() == ["personen.csv"]
    assert jetty.look(0.1) == 1
    assert delivered() == [("personen.csv", b"een")]
    assert jetty.left() == []
    assert jetty.in_hand() == []


def test_its_delivery_is_as_that_of_the_file_server(jetty: Jetty) -> None:
    jetty.drop("personen.csv")
    jetty.settle()
    made = Delivery.objects.get()
    assert (made.account.name, made.customer.name, made.state, made.waits_for) == ("hr", "demo", "received", "")
    assert made.watched


def test_a_writer_that_pauses_shorter_is_waited_for(jetty: Jetty) -> None:
    path = jetty.drop("personen.csv", b"")
    with path.open("ab", buffering=0) as file:
        for _ in range(5):
            file.write(b"regel\r\n")
            assert jetty.look(SETTLE - 1) == 0
    assert jetty.look(1) == 0
    assert jetty.look(SETTLE - 1) == 1
    assert delivered() == [("personen.csv", b"regel\r\n" * 5)]


def test_a_writer_that_pauses_longer_is_waited_for_while_it_has_the_file_open(jetty: Jetty, log: list[str]) -> None:
    path = jetty.drop("personen.csv", b"")
    with path.open("ab", buffering=0) as file:
        file.write(b"eerste helft, ")
        for _ in range(5):
            assert jetty.look(10 * SETTLE) == 0
        assert log == ["hr: 'personen.csv': not taken yet: somebody is still writing to it"]
        file.write(b"tweede helft")
    assert jetty.settle() == 1
    assert delivered() == [("personen.csv", b"eerste helft, tweede helft")]


def test_who_only_reads_holds_nothing_up(jetty: Jetty) -> None:
    with jetty.drop("personen.csv").open("rb"):
        assert jetty.settle() == 1


@pytest.mark.parametrize("change", ["rewritten", "touched", "replaced", "chmod"])
def test_whatever_happens_to_it_makes_it_settle_anew(jetty: Jetty, change: str) -> None:
    path = jetty.drop("personen.csv", b"oud")
    jetty.look()
    time.sleep(0.02)
    if change == "rewritten":
        path.write_bytes(b"new")
    elif change == "touched":
        os.utime(path, (1, 1))
    elif change == "replaced":
        jetty.drop(".x", b"new").rename(path)
    else:
        path.chmod(0o640)
    assert jetty.look(SETTLE) == 0
    assert jetty.look(SETTLE) == 1
    assert delivered() == [("personen.csv", b"oud" if change in ("touched", "chmod") else b"new")]


@pytest.mark.parametrize("name", UNFINISHED)
def test_names_of_what_is_not_finished_are_never_taken(jetty: Jetty, log: list[str], name: str) -> None:
    jetty.drop(name)
    assert jetty.settle() + jetty.look(1000) == 0
    assert jetty.left() == [name]
    assert log == []


def test_a_file_that_gets_its_name_settles_from_then_on(jetty: Jetty) -> None:
    path = jetty.drop(".in.personen.csv.", b"heel")
    jetty.look()
    jetty.look(SETTLE)
    path.rename(jetty.hr / "personen.csv")
    assert jetty.look() == 0
    assert jetty.look(SETTLE) == 1
    assert delivered() == [("personen.csv", b"heel")]


def test_where_whole_files_are_renamed_into_their_place_nothing_need_settle(watch: Watch) -> None:
    jetty = watch(settle=0)
    path = jetty.drop(".in.personen.csv.")
    assert jetty.look() == 0
    path.rename(jetty.hr / "personen.csv")
    assert jetty.look() == 1


# Markers


@pytest.mark.parametrize("suffix", [".ok", ".done"])
def test_with_markers_a_file_is_taken_when_its_marker_comes_and_at_once(watch: Watch, suffix: str) -> None:
    jetty = watch(with_marker=True)
    jetty.drop("personen.csv", b"een")
    assert jetty.settle() + jetty.look(1000) == 0
    jetty.drop(f"personen.csv{suffix}", b"")
    assert jetty.look() == 1
    assert delivered() == [("personen.csv", b"een")]
    assert jetty.left() == []


def test_a_marker_of_an_earlier_file_says_nothing_of_the_next(watch: Watch, log: list[str]) -> None:
    jetty = watch(with_marker=True)
    jetty.drop("personen.csv.ok", b"")
    time.sleep(0.02)
    jetty.drop("personen.csv", b"een")
    assert jetty.settle() + jetty.look(1000) == 0
    assert log == ["hr: 'personen.csv': left alone: its .ok is older than the file itself, or no plain file"]
    jetty.drop("personen.csv.ok", b"")
    assert jetty.look() == 1


@pytest.mark.parametrize("make", [Path.mkdir, lambda path: path.symlink_to("/dev/null")])
def test_a_marker_is_a_plain_file(watch: Watch, make: Callable[[Path], None]) -> None:
    jetty = watch(with_marker=True)
    jetty.drop("personen.csv")
    make(jetty.hr / "personen.csv.ok")
    assert jetty.settle() == 0


def test_a_marker_does_not_excuse_a_writer(watch: Watch) -> None:
    jetty = watch(with_marker=True)
    with jetty.drop("personen.csv").open("ab"):
        jetty.drop("personen.csv.ok", b"")
        assert jetty.settle() == 0
    assert jetty.look(SETTLE) == 1


# Once


def test_each_version_is_a_delivery_the_same_bytes_too(jetty: Jetty) -> None:
    for content in (b"een", b"twee", b"twee"):
        jetty.drop("personen.csv", content)
        assert jetty.settle() == 1
    assert [content for _, content in delivered()] == [b"een", b"twee", b"twee"]


def test_files_are_taken_in_the_order_in_which_they_came(jetty: Jetty) -> None:
    for name in ("c.csv", "a.csv", "b.csv"):
        os.utime(jetty.drop(name), (2_000_000_000 - ord(name[0]), 0))  # its own time says nothing
        time.sleep(0.02)
    assert jetty.settle() == 3
    assert [name for name, _ in delivered()] == ["c.csv", "a.csv", "b.csv"]


def test_after_a_start_a_file_settles_anew_and_is_taken_once(jetty: Jetty) -> None:
    jetty.drop("personen.csv")
    jetty.look()
    jetty.start()
    assert jetty.look(SETTLE) == 0
    assert jetty.look(SETTLE) == 1
    jetty.start()
    assert jetty.settle() == 0
    assert len(delivered()) == 1


def test_of_two_who_take_from_one_folder_each_file_goes_to_one(jetty: Jetty, tmp_path: Path) -> None:
    other = Watcher(WatchOptions(jetty.folder, settle=0), jetty.settings._replace(folder=tmp_path / "elsewhere"))
    for number in range(10):
        jetty.drop(f"{number}.csv")
    jetty.look()
    assert other.look() + jetty.look(SETTLE) == 10
    assert len(delivered()) == 10
    other.close()


def test_who_was_second_leaves_no_trace(jetty: Jetty) -> None:
    one, account, base = at_hand(jetty, b"een")
    one.path.rename(jetty.hr / ".weg")
    facts = {"name": one.name, "source": str(one.path), "aside": str(jetty.hr / ".niets"), "stamp": one.stamp}
    begun = uploads.hand_over(base, lambda own: own.write_bytes(b"een") and None, {**facts, "account": account.pk.hex})
    assert finish(begun) is None
    assert (delivered(), jetty.in_hand(), jetty.left()) == ([], [], [".weg"])


@pytest.mark.parametrize("newer", [True, False])
def test_what_is_written_to_while_it_is_taken_is_given_back(jetty: Jetty, newer: bool) -> None:
    """Or dropped, where something newer has its name: that would have overwritten it."""
    one, account, base = at_hand(jetty, b"een")
    aside = jetty.hr / f"{dropped_files.ASIDE_PREFIX}x"
    facts = {"name": one.name, "source": str(one.path), "aside": str(aside), "stamp": one.stamp}
    begun = uploads.hand_over(base, lambda own: own.write_bytes(b"een") and None, {**facts, "account": account.pk.hex})
    with one.path.open("ab") as file:
        dropped_files.put_aside(one.path, aside)
        file.write(b" en twee")
    if newer:
        jetty.drop("personen.csv", b"drie")
    assert finish(begun) is None
    assert (delivered(), jetty.in_hand(), jetty.left()) == ([], [], ["personen.csv"])
    assert one.path.read_bytes() == (b"drie" if newer else b"een en twee")


def test_what_was_replaced_after_the_look_is_not_taken(jetty: Jetty) -> None:
    one, account, base = at_hand(jetty, b"een")
    jetty.drop(".x", b"twee").rename(one.path)
    with pytest.raises(dropped_files.StillChanging):
        take_away(base, one, account)
    assert (delivered(), jetty.in_hand(), jetty.left()) == ([], [], ["personen.csv"])


def at_hand(jetty: Jetty, content: bytes) -> tuple:  # type: ignore[type-arg]
    """A file that was looked at, whose it is, and the place of the hand-over."""
    jetty.drop("personen.csv", content)
    (one,) = FolderScan(100, False).run(jetty.hr, lambda name, why: None)
    (base,) = jetty.settings.folder.glob("watch/*")
    return one, FileAccount.objects.get(name="hr"), base


# Whatever happens

STEPS = st.one_of(
    st.tuples(st.sampled_from(["write", "append", "rename", "unfinished"]), st.sampled_from("ab")),
    st.tuples(st.just("look"), st.sampled_from([0.0, 1.0, 4.0, SETTLE])),
    st.tuples(st.just("restart"), st.just("")),
)


@settings(max_examples=30)
@given(st.lists(STEPS, min_size=3, max_size=25))
def test_exactly_the_versions_that_have_settled_are_delivered(steps: list[tuple[str, object]]) -> None:
    with TemporaryDirectory() as place:
        jetty = Jetty(Path(place))
        try:
            follow(jetty, steps)
        finally:
            jetty.stop()


def follow(jetty: Jetty, steps: list[tuple[str, object]]) -> None:
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
            assert jetty.look(float(str(what))) == len(due)
            assert sorted(content for _, content in delivered()[before:]) == sorted(wanted)
        elif step == "restart":
            jetty.start()
            seen = {}
        elif step == "unfinished":
            jetty.drop(f"{what}.part", content)
        else:
            lying[str(what)] = (lying.get(str(what), b"") if step == "append" else b"") + content
            if step == "rename":
                jetty.drop(".in", content).rename(jetty.hr / str(what))
            else:
                with (jetty.hr / str(what)).open("ab" if step == "append" else "wb") as file:
                    file.write(content)
    assert lying == {}
    assert jetty.in_hand() == []
