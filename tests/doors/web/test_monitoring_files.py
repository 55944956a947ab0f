"""The alerts and the dashboard in `deploy`: they ask for metrics that there are, and Prometheus takes them."""

import json
import re
import subprocess
from pathlib import Path

import pytest
from django.test import override_settings

from instroom.doors.web.frame.metrics import metrics_text

DEPLOY = Path(__file__).parents[3] / "deploy"
RULES, DASHBOARD = DEPLOY / "prometheus" / "rules.yml", DEPLOY / "grafana" / "instroom.json"
DOCUMENT = DEPLOY.parent / "docs" / "how-to" / "monitor.md"
NAME = re.compile(r"\binstroom_[a-z_]+\b")


@pytest.fixture
def told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """All metrics, of a site that sends mails and has a file server."""
    from instroom.flow.file_server.certificate import own_certificate

    monkeypatch.setenv("INSTROOM_FTP_FOLDER", str(tmp_path))
    own_certificate(tmp_path)
    with override_settings(INSTROOM_SMTP="smtp://localhost"):
        return metrics_text().decode()


@pytest.mark.parametrize("file", [RULES, DASHBOARD, DOCUMENT], ids=lambda file: file.name)
def test_each_metric_that_is_asked_for_is_there(file: Path, told: str) -> None:
    there = set(NAME.findall(told))
    assert set(NAME.findall(file.read_text(encoding="utf-8"))) - there == set()


def test_each_metric_is_described(told: str) -> None:
    families = set(re.findall(r"^# TYPE (\S+)", told, re.MULTILINE))
    described = set(NAME.findall(DOCUMENT.read_text(encoding="utf-8")))
    assert families - described == set()


def test_the_dashboard_has_a_place_for_each_panel() -> None:
    panels = json.loads(DASHBOARD.read_text(encoding="utf-8"))["panels"]
    taken = [
        (x, y) for one in panels for box in [one["gridPos"]]
        for x in range(box["x"], box["x"] + box["w"]) for y in range(box["y"], box["y"] + box["h"])
    ]  # fmt: skip
    assert len(taken) == len(set(taken))
    assert max(x for x, _ in taken) < 24


@pytest.mark.slow
@pytest.mark.parametrize(
    "command", [["check", "rules", "rules.yml"], ["test", "rules", "rules.test.yml"]], ids=" ".join
)
def test_prometheus_takes_the_rules_and_they_alert_when_they_should(command: list[str]) -> None:
    done = subprocess.run(["promtool", *command], cwd=RULES.parent, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.slow
def test_prometheus_reads_the_metrics_and_has_nothing_to_say_of_them(told: str) -> None:
    done = subprocess.run(["promtool", "check", "metrics"], input=told, capture_output=True, text=True)
    assert (done.returncode, done.stdout + done.stderr) == (0, "")
