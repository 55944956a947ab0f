"""The answer comes back in the watched folder (product.md F4)."""

import json
import os
import stat
from pathlib import Path

import pytest
from tests.contracts.customer import person, write_csv
from tests.doors.watch.watched_folder import SETTLE, WatchedFolder, carry_on, delivered, log_of

from instroom.flow.file_server.account_answers import answer_all
from instroom.store.models import Delivery

pytestmark = pytest.mark.on_postgresql

ANSWERS = ["personen.csv.rapport.json", "personen.csv.rapport.xlsx"]


def deliver(watched: WatchedFolder, tmp_path: Path, number: str = "1") -> None:
    """A good file is dropped, taken, and carried on."""
    watched.drop("personen.csv", write_csv(tmp_path / "x", [person(number)]).read_bytes())
    watched.settle()
    carry_on()


def told(watched: WatchedFolder) -> str:
    """The state that the answer tells of."""
    return str(json.loads((watched.hr / ANSWERS[0]).read_text(encoding="utf-8"))["state"])


def test_answers_come_and_are_never_taken_for_deliveries(watched: WatchedFolder, tmp_path: Path) -> None:
    deliver(watched, tmp_path)
    assert watched.remaining() == []
    watched.look()
    assert watched.remaining() == ANSWERS
    assert told(watched) == "awaiting-approval"
    assert (watched.hr / ANSWERS[1]).read_bytes().startswith(b"PK")
    assert watched.settle() + watched.look(1000) == 0
    assert watched.remaining() == ANSWERS
    assert watched.under_way() == []


def test_the_next_delivery_replaces_them(watched: WatchedFolder, tmp_path: Path) -> None:
    deliver(watched, tmp_path)
    watched.look()
    first = json.loads((watched.hr / ANSWERS[0]).read_text(encoding="utf-8"))
    watched.drop("personen.csv", b"onzin")
    watched.settle()
    carry_on()
    watched.look()
    assert told(watched) == "rejected"
    assert json.loads((watched.hr / ANSWERS[0]).read_text(encoding="utf-8"))["id"] != first["id"]
    assert watched.remaining() == ANSWERS


def test_the_file_server_does_not_answer_for_the_folder(watched: WatchedFolder, tmp_path: Path) -> None:
    deliver(watched, tmp_path)
    assert answer_all(watched.settings.folder) == 0
    watched.look()
    assert watched.remaining() == ANSWERS


@pytest.mark.parametrize(
    ("folder", "own", "wanted"),
    [
        (0o700, True, 0o600), (0o755, True, 0o644), (0o2770, True, 0o660),
        (0o700, False, 0o604), (0o2770, False, 0o664),
    ],
)  # fmt: skip
def test_who_may_look_in_the_folder_may_read_the_answer(
    watched: WatchedFolder, tmp_path: Path, folder: int, own: bool, wanted: int
) -> None:
    """Of a folder that is somebody else's, only root can make one here."""
    watched.hr.chmod(folder)
    if not own and os.geteuid() == 0:
        os.chown(watched.hr, 65_534, 65_534)
        watched.hr.chmod(folder)
    deliver(watched, tmp_path)
    watched.look()
    wanted = wanted if own or os.geteuid() == 0 else folder & 0o666 | 0o600
    assert {stat.S_IMODE((watched.hr / name).stat().st_mode) for name in ANSWERS} == {wanted}
    assert (watched.hr / ANSWERS[0]).stat().st_gid == watched.hr.stat().st_gid


def test_a_link_in_the_place_of_an_answer_is_not_written_through(watched: WatchedFolder, tmp_path: Path) -> None:
    precious = tmp_path / "kostbaar"
    precious.write_text("blijft")
    (watched.hr / ANSWERS[0]).symlink_to(precious)
    deliver(watched, tmp_path)
    watched.look()
    assert precious.read_text() == "blijft"
    assert told(watched) == "awaiting-approval"


def test_an_answer_that_cannot_be_written_is_told_once_and_written_later(
    watched: WatchedFolder, tmp_path: Path
) -> None:
    (watched.hr / ANSWERS[0]).mkdir()
    deliver(watched, tmp_path)
    with log_of("instroom.ftp") as log:
        for _ in range(3):
            watched.look(1)
    made = Delivery.objects.get()
    assert log == [f"the answer to delivery {made.pk}: it cannot be written: Is a directory"]
    (watched.hr / ANSWERS[0]).rmdir()
    watched.look(1)
    assert told(watched) == "awaiting-approval"
    assert watched.remaining() == ANSWERS
    assert watched.under_way() == []


def test_what_a_killed_process_left_of_an_answer_is_swept(watched: WatchedFolder) -> None:
    watched.drop(".instroom-answer-0123")
    watched.drop(".van-een-ander")
    (watched.hr / ".instroom-answer-map").mkdir()
    watched.look(SETTLE)
    assert watched.remaining() == [".instroom-answer-map", ".van-een-ander"]
    assert delivered() == []
