"""The wheel holds all that an installation needs, and nothing else; it works on each Python that it names."""

import os
import shutil
import subprocess
import sys
import tomllib
import zipfile
from email import message_from_bytes
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
CLASSIFIERS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["classifiers"]
PYTHONS = [one.rpartition(" ")[2] for one in CLASSIFIERS if one.startswith("Programming Language :: Python :: 3.")]
OURS = ("INSTROOM_", "DJANGO_", "PYTHON", "VIRTUAL_ENV")  # what this process was given, or has set for its tests
PLAIN = {name: text for name, text in os.environ.items() if not name.startswith(OURS)}
UV = ROOT / ".uv" / "bin" / "uv"


def run(*words: str | Path, cwd: Path, path: str | None = None) -> str:
    """What a command prints, which must end well; without the settings and the virtual environment of this process."""
    environment = PLAIN if path is None else {**PLAIN, "PATH": path}
    done = subprocess.run(words, cwd=cwd, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def build(kind: str, source: Path, folder: Path) -> Path:
    """The wheel or the sdist of a source, made where no other program is: git least of all."""
    run(sys.executable, "-m", "hatchling", "build", "-t", kind, "-d", folder, cwd=source, path="")
    (made,) = folder.glob("*.whl" if kind == "wheel" else "*.tar.gz")
    return made


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build("wheel", ROOT, tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="module")
def locked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All that the wheel stands on, as uv.lock says."""
    file = tmp_path_factory.mktemp("locked") / "requirements.txt"
    words = ("--quiet", "--frozen", "--no-default-groups", "--no-emit-project", "--output-file")
    run(UV, "export", *words, file, cwd=ROOT)
    return file


def python_of(version: str) -> str:
    """The program, by preference that of the system, which is kept up to date; skips where it is not here."""
    name = f"python{version}"
    program = shutil.which(name, path="/usr/bin:/usr/local/bin") or shutil.which(name)
    if program is None:
        pytest.skip(f"Python {version} is not here: no {name} in the search path")
    asked = [program, "-c", "import sys, ssl, sqlite3; print(sys.executable)"]
    named = {**PLAIN, "PYENV_VERSION": version}  # what pyenv has in the search path starts nothing without it
    done = subprocess.run(asked, env=named, capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip(f"Python {version} is not here: {program} does not start")
    return done.stdout.strip()


def test_the_wheel_holds_the_source_and_says_what_it_is(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = {name for name in archive.namelist() if ".dist-info/" not in name}
        metadata = message_from_bytes(archive.read(next(one for one in archive.namelist() if one.endswith("METADATA"))))
    ours = (path for path in (ROOT / "src").rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    assert names == {path.relative_to(ROOT / "src").as_posix() for path in ours}
    assert {Path(name).suffix for name in names} >= {".html", ".mo", ".js", ".css", ".toml"}
    assert {"Keywords", "Author", "Classifier", "License-Expression"} <= set(metadata.keys())


@pytest.mark.slow
def test_the_sdist_makes_the_same_wheel_without_git(wheel: Path, tmp_path: Path) -> None:
    """It has no tests: they stand on scripts and documents of the repository (CONTRIBUTING.md)."""
    run("tar", "--extract", "--file", build("sdist", ROOT, tmp_path / "sdist"), cwd=tmp_path)
    (source,) = tmp_path.glob("instroom-*")
    assert {one.name for one in source.iterdir()} <= {
        "src", "CHANGELOG.md", "LICENSE", "README.md", "pyproject.toml", "PKG-INFO", ".gitignore"
    }  # fmt: skip
    again = build("wheel", source, tmp_path / "wheel")
    with zipfile.ZipFile(wheel) as one, zipfile.ZipFile(again) as other:
        contents = [{name: archive.read(name) for name in archive.namelist()} for archive in (one, other)]
    assert contents[0] == contents[1]


@pytest.mark.slow
@pytest.mark.parametrize("version", PYTHONS)
def test_an_installation_outside_a_checkout_goes_the_whole_way(
    version: str, wheel: Path, locked: Path, tmp_path: Path
) -> None:
    place = tmp_path / "installed"
    run(UV, "venv", "--quiet", "--no-project", "--python", python_of(version), place, cwd=tmp_path)
    install = (UV, "pip", "install", "--quiet", "--python", place / "bin" / "python")
    run(*install, "--require-hashes", "-r", locked, cwd=tmp_path)
    run(*install, "--no-deps", wheel, cwd=tmp_path)
    assert run(place / "bin" / "python", "-V", cwd=tmp_path).startswith(f"Python {version}.")

    instroom = place / "bin" / "instroom"
    run(instroom, "template", "--example", "-o", "voorbeeld.xlsx", cwd=tmp_path)
    run(instroom, "check", "voorbeeld.xlsx", cwd=tmp_path)
    demo = subprocess.run(
        [instroom, "--lang", "en", "demo"], cwd=tmp_path, env=PLAIN, capture_output=True, text=True, check=False
    )
    assert sorted(one.name for one in tmp_path.iterdir()) == ["installed", "voorbeeld.xlsx"]
    is_refused = "CVE-2024-7592" in demo.stderr  # a Python that is not kept up to date: no web pages start on it
    assert is_refused or "Done, and all was as it should be." in demo.stdout, demo.stderr
