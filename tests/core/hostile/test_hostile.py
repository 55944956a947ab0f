"""Each hostile file gets a finding of the catalogue, within 200 MB, without a traceback; small ones in one process."""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from tests.core.hostile import probe
from tests.core.hostile.files import FILES

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


def _judge(folder: Path, *names: str) -> None:
    """Have these files checked in one process, and see that each gets what it deserves."""
    paths = [folder / f"ontvangen-{number}" for number, _ in enumerate(names)]
    for path, name in zip(paths, names, strict=True):
        FILES[name].write(path)
    named = [str(word) for path, name in zip(paths, names, strict=True) for word in (path, FILES[name].name)]
    command = [sys.executable, "-m", probe.__name__, *named]
    done = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, timeout=PATIENCE, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    for path, name, answer in zip(paths, names, json.loads(done.stdout), strict=True):
        assert FILES[name].code in answer["codes"], name
        assert set(answer["codes"]) <= CATALOGUE.keys(), name
        assert answer["peak_bytes"] < PEAK_BYTES, name
        path.unlink()  # many of them are large


def _case(name: str) -> Any:
    return pytest.param(name, id=name, marks=[] if name in QUICK else [pytest.mark.slow])


@pytest.mark.parametrize("name", [_case(name) for name in FILES if LARGE.search(name)])
def test_a_large_hostile_file_is_a_finding(tmp_path: Path, name: str) -> None:
    _judge(tmp_path, name)


def test_a_small_hostile_file_is_a_finding(tmp_path: Path) -> None:
    _judge(tmp_path, *(name for name in FILES if not LARGE.search(name)))
