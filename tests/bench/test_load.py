"""The load: what it counts, and that a site bears a short one."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from bench.load.answers import Answer, Answers, share
from bench.load.page import summary

ROOT = Path(__file__).parents[2]


def test_an_answer_counts_beside_a_step_where_any_part_of_it_is() -> None:
    answers = Answers(Answer("page GET /", at, 0.5, "") for at in (0.0, 1.0, 2.4, 3.0, 9.0))
    found = answers.table([(1.2, 2.0), (1.9, 2.5)])
    assert found["page GET /"]["beside"] == {"count": 2, "p50": 500, "p95": 500, "p99": 500}
    assert found["all of page"]["alone"]["count"] == 3
    assert share([(1.2, 2.0), (1.9, 2.5)], 0.0, 13.0) == pytest.approx(0.1)


def test_an_error_is_shown_with_its_time() -> None:
    answers = Answers([Answer("page GET /", 3661.0, 0.5, "status 500"), Answer("page GET /", 0.0, 0.5, "")])
    assert answers.errors() == ["01:01:01 page GET /: status 500"]


@pytest.mark.slow
@pytest.mark.stored  # `make test-all` asks it of PostgreSQL too
def test_a_site_bears_a_short_load() -> None:
    database = "postgresql" if os.environ.get("INSTROOM_TEST_POSTGRES_URL") else "sqlite"
    words = ["--minutes", "0.5", "--customers", "2", "--database", database]
    done = subprocess.run([sys.executable, "-m", "bench.load", *words], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode in (0, 1), done.stderr
    facts, _ = json.JSONDecoder().raw_decode(done.stdout)
    assert facts["errors"] == [], done.stderr  # all deliveries have ended, and no file belongs to nobody
    assert facts["states"]["imported"] and facts["steps"]
    assert all(facts["answers"][f"all of {door}"]["all"]["count"] for door in ("page", "api", "ftpes", "ftps"))
    assert summary(facts) in done.stdout
