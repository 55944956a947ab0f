"""The answer to a delivery as files (product.md C4)."""

import csv
import json
import zlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.utils import timezone

from instroom.core.errors import InstroomError, NotAllowed, NotFound
from instroom.flow.delivery import reports
from instroom.flow.delivery.answer import answer_of
from instroom.flow.delivery.reports import MOST_ATTEMPTS, BeingMade, Report, make_asked
from instroom.flow.operations.cleaning import clean
from instroom.flow.passing_by import PassedBy
from instroom.store.leases import held, reports_of
from instroom.store.models import AskedReport, Delivery, KeptFindings
from tests.contracts.customer import SampleCustomer, company, person
from tests.kept_files import content_of, path_of, report_path

pytestmark = pytest.mark.on_sqlite_alone


def test_what_is_asked_for_is_written(tmp_path: Path) -> None:
    customer = SampleCustomer()
    delivery = customer.deliver([person("1"), person("2", born="31-02-1980")])
    answer = answer_of(delivery, at_once=True)
    targets = {"annotated": tmp_path / "a.xlsx", "rejected": tmp_path / "r.xml", "report": tmp_path / "f.csv"}
    assert all(answer.write(kind, target) for kind, target in targets.items())
    assert answer.write("report", tmp_path / "g.csv", "en")
    assert sorted(tmp_path.iterdir()) == sorted([*targets.values(), tmp_path / "g.csv"])
    assert (tmp_path / "f.csv").read_bytes() != (tmp_path / "g.csv").read_bytes()


def test_without_rejected_records_there_is_no_file_of_them(tmp_path: Path) -> None:
    delivery = SampleCustomer().deliver([person("1")])
    assert not answer_of(delivery, at_once=True).write("rejected", tmp_path / "r.csv")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("on_error", ["whole", "skip"])
def test_rejected_records_are_all_that_was_kept_out(on_error: str) -> None:
    """Both rows of a conflict, though one has no finding, and what live alone could tell; no mere repetition."""
    faulty = [person("1", first="Bo"), person("1", first="Bob"), person("2", born="31-02-1980")]
    faulty += [person("3") | company("9"), person("5") | company("8"), person("5") | company("8")]
    delivery = SampleCustomer().deliver([person("4"), *faulty, person("4")], on_error=on_error, skip_limit_percent=100)
    assert delivery.state == {"whole": "rejected", "skip": "awaiting-approval"}[on_error]

    def numbers() -> list[str]:
        path = report_path(answer_of(delivery, at_once=True).report("rejected", ".csv"))
        lines = content_of(path).decode("utf-8-sig").splitlines()
        path.unlink()
        return [row["PersoonExternId"] for row in csv.DictReader(lines, delimiter=";")]

    assert numbers() == ["1", "1", "2", "3", "5", "5"]
    kept = KeptFindings.objects.get(delivery=delivery)
    rows = json.loads(zlib.decompress(kept.rows))
    kept.rows = zlib.compress(json.dumps(rows[:2]).encode())  # as an older version kept them
    kept.save()
    assert numbers() == ["1", "1", "2", "3", "5", "5"]


def test_the_worker_makes_a_report_and_nobody_who_asks_for_it() -> None:
    delivery = SampleCustomer().deliver([person("1", born="31-02-1980")])
    answer = answer_of(delivery, patience=0)
    with pytest.raises(BeingMade):
        answer.report("report", ".csv")
    assert make_asked() == 3, "the usual ones, of what was found"
    made = report_path(answer.report("report", ".csv"))
    inode = made.stat().st_ino
    for _ in range(2):
        with pytest.raises(BeingMade):
            answer.report("report", ".csv", "en")
    assert make_asked() == 1, "asked for twice, made once"
    assert answer.report("report", ".csv", "en").file
    assert (make_asked(), AskedReport.objects.count(), made.stat().st_ino) == (0, 0, inode)


def test_a_customer_has_one_report_made_at_a_time() -> None:
    delivery = SampleCustomer().deliver([person("1", born="31-02-1980")])
    being_made = held(reports_of(delivery.customer_id))
    with ThreadPoolExecutor(1) as elsewhere:
        assert elsewhere.submit(being_made.__enter__).result()
        assert make_asked() == 0
        elsewhere.submit(being_made.__exit__, None, None, None).result()
        elsewhere.submit(lambda: connection.close()).result()
    assert make_asked() == 3


def test_a_report_that_cannot_be_made_is_given_up_and_keeps_up_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    customer = SampleCustomer()
    broken, sound = (customer.deliver([person(one, born="31-02-1980")]) for one in ("1", "2"))
    AskedReport.objects.all().delete()
    path_of(Report(broken, "report", ".csv").file().key).mkdir()
    answers = [answer_of(one, patience=0) for one in (broken, sound)]
    for answer in answers:
        with pytest.raises(BeingMade):
            answer.report("report", ".csv")
    assert make_asked() == 1, "the other one"
    assert make_asked() == 0, "it is passed by for a moment"
    AskedReport.objects.update(attempts=MOST_ATTEMPTS)
    monkeypatch.setattr(reports, "_passed_by", PassedBy("a report of delivery"))  # later
    assert make_asked() == 1, "it is given up"
    assert answers[1].report("report", ".csv").file
    with pytest.raises(InstroomError) as refused:
        answers[0].report("report", ".csv")
    assert refused.value.code == "report-given-up"
    AskedReport.objects.update(given_up_at=timezone.now() - timedelta(days=2))
    assert clean() == {"reports given up": 1}
    with pytest.raises(BeingMade):
        answers[0].report("report", ".csv")


def test_of_a_file_without_findings_nothing_is_made_unasked() -> None:
    SampleCustomer().deliver([person("1")])
    assert not AskedReport.objects.exists()


def test_a_delivery_that_was_not_checked_yet_has_no_answer() -> None:
    delivery = SampleCustomer().receive([person("1")])
    with pytest.raises(NotAllowed) as raised:
        answer_of(delivery)
    assert raised.value.sentence("nl") == "De aanlevering is nog niet gecontroleerd."


def test_a_file_that_is_kept_no_longer_is_said() -> None:
    """After the time that files are kept (G3)."""
    delivery = SampleCustomer().deliver([person("1")])
    path_of(delivery.file_key).unlink()
    with pytest.raises(NotFound, match="no longer kept"):
        answer_of(delivery)


def cut(path: Path, share: float = 0.5) -> None:
    content = path.read_bytes()
    path.write_bytes(content[: int(share * len(content))])


def leave_draft(path: Path, note: Path) -> None:
    """As a process does that is killed while it makes a report."""
    cut(path.replace(path.with_name(f"{path.name[:40]}.x1y2z3.part")))
    older = path.with_name(".instroom-x1y2z3")
    older.mkdir()
    (older / path.name).write_bytes(b"x")
    note.unlink()


@pytest.mark.parametrize(
    "leave",
    [
        pytest.param(lambda _, note: note.unlink(), id="a report without its note"),
        pytest.param(lambda path, note: (cut(path), note.unlink()), id="half a report without its note"),
        pytest.param(lambda path, _: path.unlink(), id="a note without its report"),
        pytest.param(lambda path, _: cut(path), id="a note with half its report"),
        pytest.param(lambda path, _: path.write_bytes(path.read_bytes()[:-1] + b"?"), id="a note with another report"),
        pytest.param(lambda _, note: cut(note, 0), id="a note of which a power cut left the name"),
        pytest.param(leave_draft, id="half a draft"),
    ],
)
def test_what_a_kill_or_a_power_cut_leaves_is_made_anew(leave: Callable[[Path, Path], object]) -> None:
    delivery = SampleCustomer().deliver([person("1", born="31-02-1980"), person("2")])
    path = report_path(answer_of(delivery, at_once=True).report("rejected", ".csv"))
    whole, note = content_of(path), path.with_name(f"{path.name}.json")
    leave(path, note)
    again = answer_of(delivery, at_once=True).report("rejected", ".csv")
    assert (report_path(again), content_of(path)) == (path, whole)
    assert Delivery.objects.get(pk=delivery.pk).kept_bytes == delivery.bytes + len(whole)
    assert set(path.parent.iterdir()) == {path_of(delivery.file_key), path, note}
