"""The answer comes back in the watched folder (product.md F4)."""

import json
import os
import stat
from pathlib import Path

import pytest
from tests.contracts.office import person, write_csv
from tests.doors.watch.jetty import SETTLE, Jetty, carry_on, delivered, log_of

from instroom.flow.file_server.account_answers import answer_all
from instroom.store.models import Delivery

pytestmark = pytest.mark.on_postgresql

ANSWERS = ["personen.csv.rapport.json", "personen.csv.rapport.xlsx"]


def deliver(jetty: Jetty, tmp_path: Path, number: str = "1") -> None:
    """A good file is dropped, taken, and carried on."""
    jetty.drop("personen.csv", write_csv(tmp_path / "x", [person(number)]).read_bytes())
    jetty.settle()
    carry_on()


def told(jetty: Jetty) -> str:
    """The state that the answer tells of."""
    return str(json.loads((jetty.hr / ANSWERS[0]).read_text(encoding="utf-8"))["state"])


def test_answers_come_and_are_never_taken_for_deliveries(jetty: Jetty, tmp_path: Path) -> None:
    deliver(jetty, tmp_path)
    assert jetty.left() == []
    jetty.look()
    assert jetty.left() == ANSWERS
    assert told(jetty) == "awaiting-approval"
    assert (jetty.hr / ANSWERS[1]).read_bytes().startswith(b"PK")
    assert jetty.settle() + jetty.look(1000) == 0
    assert jetty.left() == ANSWERS
    assert jetty.in_hand() == []


def test_the_next_delivery_replaces_them(jetty: Jetty, tmp_path: Path) -> None:
    deliver(jetty, tmp_path)
    jetty.look()
    first = json.loads((jetty.hr / ANSWERS[0]).read_text(encoding="utf-8"))
    jetty.drop("personen.csv", b"onzin")
    jetty.settle()
    carry_on()
    jetty.look()
    assert told(jetty) == "rejected"
    assert json.loads((jetty.hr / ANSWERS[0]).read_text(encoding="utf-8"))["id"] != first["id"]
    assert jetty.left() == ANSWERS


def test_the_file_server_does_not_answer_for_the_folder(jetty: Jetty, tmp_path: Path) -> None:
    deliver(jetty, tmp_path)
    assert answer_all(jetty.settings.folder) == 0
    jetty.look()
    assert jetty.left() == ANSWERS


@pytest.mark.parametrize(
    ("folder", "own", "wanted"),
    [
        (0o700, True, 0o600), (0o755, True, 0o644), (0o2770, True, 0o660),
        (0o700, False, 0o604), (0o2770, False, 0o664),
    ],
)  # fmt: skip
def test_who_may_look_in_the_folder_may_read_the_answer(
    jetty: Jetty, tmp_path: Path, folder: int, own: bool, wanted: int
) -> None:
    """Of a folder that is somebody else's, only root can make one here."""
    jetty.hr.chmod(folder)
    if not own and os.geteuid() == 0:
        os.chown(jetty.hr, 65_534, 65_534)
        jetty.hr.chmod(folder)
    deliver(jetty, tmp_path)
    jetty.look()
    wanted = wanted if own or os.geteuid() == 0 else folder & 0o666 | 0o600
    assert {stat.S_IMODE((jetty.hr / name).stat().st_mode) for name in ANSWERS} == {wanted}
    assert (jetty.hr / ANSWERS[0]).stat().st_gid == jetty.hr.stat().st_gid


def test_a_link_in_the_place_of_an_answer_is_not_written_through(jetty: Jetty, tmp_path: Path) -> None:
    precious = tmp_path / "kostbaar"
    precious.write_text("blijft")
    (jetty.hr / ANSWERS[0]).symlink_to(precious)
    deliver(jetty, tmp_path)
    jetty.look()
    assert precious.read_text() == "blijft"
    assert told(jetty) == "awaiting-approval"


def test_an_answer_that_cannot_be_written_is_told_once_and_written_later(jetty: Jetty, tmp_path: Path) -> None:
    (jetty.hr / ANSWERS[0]).mkdir()
    deliver(jetty, tmp_path)
    with log_of("instroom.ftp") as log:
        for _ in range(3):
            jetty.look(1)
    made = Delivery.objects.get()
    assert log == [f"the answer to delivery {made.pk}: it cannot be written: Is a directory"]
    (jetty.hr / ANSWERS[0]).rmdir()
    jetty.look(1)
    assert told(jetty) == "awaiting-approval"
    assert jetty.left() == ANSWERS
    assert jetty.in_hand() == []


def test_what_a_killed_process_left_of_an_answer_is_swept(jetty: Jetty) -> None:
    jetty.drop(".instroom-answer-0123")
    jetty.drop(".van-een-ander")
    (jetty.hr / ".instroom-answer-map").mkdir()
    jetty.look(SETTLE)
    assert jetty.left() == [".instroom-answer-map", ".van-een-ander"]
    assert delivered() == []
