"""The wheel holds all that an installation needs, and nothing else."""

import subprocess
import sys
import zipfile
from email import message_from_bytes
from pathlib import Path

ROOT = Path(__file__).parent.parent


def test_the_wheel_holds_the_source_and_says_what_it_is(tmp_path: Path) -> None:
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", tmp_path]
    built = subprocess.run(build, cwd=ROOT, capture_output=True, check=False)
    assert built.returncode == 0, built.stderr
    with zipfile.ZipFile(next(tmp_path.glob("*.whl"))) as wheel:
        names = {name for name in wheel.namelist() if ".dist-info/" not in name}
        metadata = message_from_bytes(wheel.read(next(name for name in wheel.namelist() if name.endswith("METADATA"))))
    ours = (path for path in (ROOT / "src").rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    assert names == {path.relative_to(ROOT / "src").as_posix() for path in ours}
    assert {Path(name).suffix for name in names} >= {".html", ".mo", ".js", ".css", ".toml"}
    assert {"Keywords", "Author", "Classifier", "License-Expression"} <= set(metadata.keys())
