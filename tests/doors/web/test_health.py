"""What machines ask: `/healthz`, `/readyz`, `/metrics`. How it comes together in real processes is in
tests/doors/worker/test_monitoring.py."""

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.test import override_settings
from django.utils import timezone
from tests.doors.web.web_customer import ANNA, WebCustomer, browser
from tests.other_versions import newer_tables, older_tables
from tests.signs_of_life import give_sign_of_life

from instroom.config.secret import metrics_token
from instroom.core.errors import NotAllowed, SettingsError
from instroom.doors.web.frame import health
from instroom.doors.web.frame.recent import RecentAnswer
from instroom.flow import find
from instroom.flow.delivery.advance import advance_all
from instroom.flow.delivery.receive import receive
from instroom.flow.people.sign_in import by_password
from instroom.store import tallies
from instroom.store.files.site_store import site_store
from instroom.store.files.store_trial import try_store
from instroom.store.models import Delivery, Site
from instroom.store.sql.time_limit import reading_within

TOKEN = "0123456789abcdef0123456789abcdef"  # noqa: S105 - of nobody
WITH_TOKEN = {"authorization": f"Bearer {TOKEN}"}


@pytest.fixture(autouse=True)
def anew() -> Iterator[None]:
    """No answer of another test."""
    health.READINESS.forget()
    health.METRICS.forget()
    with override_settings(INSTROOM_METRICS_TOKEN=TOKEN):
        yield


def ready() -> tuple[int, dict[str, str]]:
    """The status, and the checks that are not good."""
    health.READINESS.forget()
    response = browser().get("/readyz", HTTP_HOST="10.0.0.1:8000", headers=WITH_TOKEN)
    return response.status_code, {name: code for name, code in response.json()["checks"].items() if code != "ok"}


def metrics() -> dict[str, float]:
    """Every series with its value, and what this process has counted."""
    tallies.flush()
    health.METRICS.forget()
    response = browser().get("/metrics", headers=WITH_TOKEN)
    lines = response.content.decode().splitlines()
    return {name: float(value) for name, _, value in (line.rpartition(" ") for line in lines if line[0] != "#")}


def test_a_node_is_ready_and_says_what_it_looked_at() -> None:
    response = browser().get("/readyz", HTTP_HOST="10.0.0.1:8000", headers=WITH_TOKEN)
    assert (response.status_code, response.json()) == (
        200,
        {
            "ready": True,
            "failing": [],
            "checks": {"database": "ok", "tables": "ok", "files": "ok", "room": "ok"},
            "site": {"workers": 0, "oldest_due_seconds": 0},
        },
    )


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer ", f"Bearer {TOKEN}x"])
@pytest.mark.parametrize("token", [TOKEN, ""])
def test_everybody_else_is_told_the_names_of_what_fails(header: str, token: str) -> None:
    asked = {"headers": {"authorization": header}, "REMOTE_ADDR": "127.0.0.1"}
    with override_settings(INSTROOM_METRICS_TOKEN=token):
        assert browser().get("/readyz", **asked).json() == {"ready": True, "failing": []}
        health.READINESS.forget()
        with override_settings(INSTROOM_FREE_BYTES=2**62):
            response = browser().get("/readyz", **asked)
    assert (response.status_code, response.json()) == (503, {"ready": False, "failing": ["room"]})


def test_a_node_without_its_files_is_not_ready(tmp_path: Path) -> None:
    with override_settings(INSTROOM_FILES=tmp_path / "away"):
        assert ready() == (503, {"files": "away"})
    (tmp_path / "site-id").write_text("of another site")
    with override_settings(INSTROOM_FILES=tmp_path):
        assert ready() == (503, {"files": "of-another-site"})
    (tmp_path / "site-id").write_text(str(Site.objects.get().pk))
    (tmp_path / "trial").mkdir()  # which no file can replace
    with override_settings(INSTROOM_FILES=tmp_path):
        assert ready() == (503, {"files": "not-writable"})
    assert sorted(path.name for path in tmp_path.iterdir()) == ["site-id", "trial"]


def test_nodes_that_try_one_store_at_once_find_nothing_wrong(tmp_path: Path) -> None:
    (tmp_path / "site-id").write_text("ons")
    with override_settings(INSTROOM_FILES=tmp_path), ThreadPoolExecutor(8) as nodes:
        assert {one.fault for one in nodes.map(try_store, ["ons"] * 100)} == {""}


def test_a_node_without_room_is_not_ready_and_is_to_be_asked_again() -> None:
    with override_settings(INSTROOM_FREE_BYTES=2**62):
        assert ready() == (503, {"room": "full"})
        response = browser().get("/readyz")
    assert response.headers["Retry-After"] == "10"


def test_a_node_with_older_tables_is_not_ready_and_one_that_a_newer_version_works_beside_is() -> None:
    with older_tables():
        assert ready() == (503, {"tables": "old"})
    with newer_tables():
        assert ready() == (200, {"tables": "new"})


def test_what_stands_still_is_told_and_takes_no_node_out(customer: WebCustomer) -> None:
    delivery = customer.deliver(ANNA)
    long_ago = timezone.now() - timedelta(hours=2)
    Delivery.objects.filter(pk=delivery.pk).update(state="approved", changed_at=long_ago)
    response = browser().get("/readyz", headers=WITH_TOKEN)
    assert response.status_code == 200
    assert response.json()["site"]["workers"] == 0
    assert 7200 <= response.json()["site"]["oldest_due_seconds"] < 7300


def test_what_waits_for_an_hour_or_a_person_is_not_due(customer: WebCustomer) -> None:
    customer.deliver(ANNA)
    for values in (
        {"state": "awaiting-approval"},
        {"state": "scheduled", "due_at": timezone.now() + timedelta(hours=1)},
        {"state": "received", "waits_for": "hour"},
        {"state": "approved", "waits_for": "", "try_again_at": timezone.now() + timedelta(hours=1)},
    ):
        Delivery.objects.update(changed_at=timezone.now() - timedelta(days=1), **values)
        assert metrics()["instroom_oldest_due_seconds"] == 0, values


@pytest.mark.parametrize("header", ["", "Bearer", f"Bearer {TOKEN}x", "Bearer é", f"Basic {TOKEN}", TOKEN])
def test_metrics_are_for_who_has_the_token(header: str) -> None:
    response = browser().get("/metrics", headers={"authorization": header})
    assert (response.status_code, response.headers["WWW-Authenticate"]) == (401, "Bearer")
    assert b"instroom_" not in response.content


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer "])
def test_without_a_token_nobody_reads_metrics_from_this_machine_either(header: str) -> None:
    with override_settings(INSTROOM_METRICS_TOKEN=""):
        response = browser().get("/metrics", headers={"authorization": header}, REMOTE_ADDR="127.0.0.1")
    assert (response.status_code, b"instroom_" in response.content) == (404, False)


def test_a_token_that_can_be_guessed_is_refused_at_the_start() -> None:
    assert [metrics_token(text) for text in ("", TOKEN)] == ["", TOKEN]
    for text in ("kort", "a" * 40):
        with pytest.raises(SettingsError, match="METRICS_TOKEN"):
            metrics_token(text)


def test_metrics_tell_what_was_done_and_what_waits(customer: WebCustomer) -> None:
    before = metrics()
    customer.import_in_live(ANNA)
    customer.deliver(ANNA | {"PersoonVoornaam": "Anne"})
    with pytest.raises(NotAllowed):
        by_password("niemand", "geheim", "192.0.2.7")
    after = metrics()
    risen = {name: value - before[name] for name, value in after.items() if value > before[name] and "_total" in name}
    assert risen == {
        'instroom_deliveries_moved_total{state="checking"}': 2,
        'instroom_deliveries_moved_total{state="training"}': 2,
        'instroom_deliveries_moved_total{state="awaiting-approval"}': 2,
        'instroom_deliveries_moved_total{state="approved"}': 1,
        'instroom_deliveries_moved_total{state="importing"}': 1,
        'instroom_deliveries_moved_total{state="imported"}': 1,
        'instroom_sign_ins_refused_total{way="password"}': 1,
    }
    assert after['instroom_deliveries{state="awaiting-approval"}'] == 1
    for name, times in (('count{step="checking"}', 2), ('bucket{le="+Inf",step="importing"}', 1)):
        assert after[f"instroom_step_seconds_{name}"] - before[f"instroom_step_seconds_{name}"] == times
    assert after["instroom_database_up"] == 1
    assert after['instroom_disk_free_bytes{place="home"}'] > 0


def test_a_failed_try_is_counted_by_its_cause(customer: WebCustomer) -> None:
    name = 'instroom_step_failures_total{cause="file-missing"}'
    before = metrics()[name]
    delivery = receive(customer.file(ANNA), find.customer("ons"), by=find.user("ons-supplier"))
    site_store().delete(delivery.file_key)
    advance_all()
    assert metrics()[name] == before + 1


def test_nothing_of_persons_or_customers_is_in_metrics(customer: WebCustomer) -> None:
    customer.import_in_live(ANNA)
    customer.signed_in("approver").get("/customers/ons")
    with pytest.raises(NotAllowed):
        by_password("ons-supplier", "geheim", "192.0.2.7")
    told = "\n".join(metrics())
    assert re.findall(r"\bons\b|Voorbeeld|anna|supplier|192\.0\.2", told, re.IGNORECASE) == []
    assert "instroom_sessions" in told


def test_processes_tell_that_they_live() -> None:
    for number, ago in ((1, 5), (2, 200)):
        give_sign_of_life(number=number, ago=timedelta(seconds=ago))
    found = metrics()
    series = 'instroom_process_silent_seconds{door="worker",process="werk:%s",version="1"}'
    assert found["instroom_workers"] == 1
    assert [round(found[series % number], -1) for number in (1, 2)] == [pytest.approx(0, abs=10), 200]


def test_counts_of_many_processes_add_up() -> None:
    for _ in range(2):
        tallies.add("refused", "password", 2)
        tallies.observe("steps", "checking", 0.2)
        tallies.flush()
    tallies.flush()
    found = tallies.totals()
    assert found["refused", "password"] >= 4
    assert (found["steps", "checking 0.3"], found["steps", "checking sum"]) == (2, pytest.approx(0.4))


def test_an_answer_is_computed_once_whoever_asks() -> None:
    computed: list[int] = []

    def compute() -> int:
        computed.append(1)
        assert recent.get() is None, "another one asks meanwhile: it is not computed twice, and nobody waits"
        return len(computed)

    recent = RecentAnswer(compute, 60.0)
    assert [recent.get() for _ in range(3)] == [1, 1, 1]


def test_a_question_that_takes_too_long_ends() -> None:
    endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"
    with pytest.raises(Exception, match=r"interrupted|timeout"), reading_within(0.2), connection.cursor() as cursor:
        cursor.execute(endless)
    with connection.cursor() as cursor:  # and the connection serves on
        cursor.execute("SELECT 1")
