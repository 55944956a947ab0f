"""The real `instroom`, run as people run it."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from instroom.core.layout.standard import standard

INSTROOM = str(Path(sys.executable).with_name("instroom"))
KEPT = {"INSTROOM_HOME", "INSTROOM_DATABASE_URL"}


class Ran(NamedTuple):
    """What a command did."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        """Standard output as the one JSON document that it must be."""
        return json.loads(self.out)


class Run(NamedTuple):
    """Runs `instroom` in a folder of the test's own."""

    folder: Path

    def __call__(self, *arguments: str | bytes | Path, stdin: bytes = b"", **variables: str) -> Ran:
        """Run it with these arguments; keywords are environment variables."""
        ran = subprocess.run(
            [INSTROOM, *arguments],
            input=stdin,
            capture_output=True,
            cwd=self.folder,
            env=environment(**variables),
            timeout=120,
            check=False,
        )
        return Ran(ran.returncode, ran.stdout.decode("utf-8"), ran.stderr.decode("utf-8"))


WriteCsv = Callable[..., Path]


def environment(**more: str) -> dict[str, str]:
    """This test's database, and no other setting of the machine."""
    settings = {name: text for name, text in os.environ.items() if not name.startswith("INSTROOM_") or name in KEPT}
    return {**settings, "PYTHONWARNINGS": "error", **more}


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """`instroom` in an empty folder."""

    return Run(tmp_path)


@pytest.fixture
def csv_file(tmp_path: Path) -> WriteCsv:
    """Write a delivery with these values per record."""

    def write(*records: dict[str, str], name: str = "levering.csv") -> Path:
        headers = standard().headers
        rows = [headers, *([record.get(header, "") for header in headers] for record in records)]
        path = tmp_path / name
        path.write_text("".join(";".join(row) + "\r\n" for row in rows), encoding="utf-8", newline="")
        return path

    return write
