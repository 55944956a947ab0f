"""Each hostile file gets a finding of the catalogue, within 200 MB, and never a traceback."""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from tests.core.hostile import probe
from tests.core.hostile.files import FILES, Hostile

from instroom.core.findings import CATALOGUE

REPOSITORY = Path(__file__).parents[3]
PEAK_BYTES = 200 * 1024 * 1024
PATIENCE = 300  # seconds before it counts as hanging; each takes about one

QUICK = {
    "64 MB of zero bytes",
    "64 MB of quotes", "64 MB on one line below a header", "64 MB of long cells", "64 MB of the smallest records",
    "64 MB of depth", "64 MB of one attribute", "64 MB of one text", "64 MB of empty Regels",
    "bomb of many rows", "bomb of one 270 MB cell", "one large string shared", "half a million parts",
    "100,000 blank rows",
}  # fmt: skip
"""Of the large files, one of each kind: these are in every run."""
LARGE = re.compile(r"MB|million|\d,000 |bomb|large|written otherwise")


def _case(name: str, case: Hostile) -> Any:
    slow = LARGE.search(name) and name not in QUICK
    return pytest.param(case, id=name, marks=[pytest.mark.slow] if slow else [])


@pytest.mark.parametrize("case", [_case(name, case) for name, case in FILES.items()])
def test_a_hostile_file_is_a_finding(tmp_path: Path, case: Hostile) -> None:
    path = tmp_path / "ontvangen"
    case.write(path)
    command = [sys.executable, "-m", probe.__name__, str(path), case.name]
    done = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, timeout=PATIENCE, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    answer = json.loads(done.stdout)
    assert case.code in answer["codes"]
    assert set(answer["codes"]) <= CATALOGUE.keys()
    assert answer["peak_bytes"] < PEAK_BYTES
    path.unlink()  # many of them are large
