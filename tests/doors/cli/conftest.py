"""The files of these tests."""

from collections.abc import Callable
from pathlib import Path

import pytest

from instroom.core.layout.standard import standard

WriteCsv = Callable[..., Path]


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
