"""What is installed is what was looked at: by hash, also what builds us, and what is vendored."""

import hashlib
import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
STATIC = ROOT / "src" / "instroom" / "doors" / "web" / "static"
VENDORED = {"htmx.min.js", "icons.svg", "source-sans-3-latin.woff2", "source-sans-3-latin-ext.woff2"}
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
LOCKED: dict[str, dict[str, Any]] = {
    one["name"]: one for one in tomllib.loads((ROOT / "uv.lock").read_text(encoding="utf-8"))["package"]
}


def test_every_package_has_its_hashes() -> None:
    for name, package in LOCKED.items():
        files = [*package.get("wheels", ()), *filter(None, [package.get("sdist")])]
        assert all(one["hash"].startswith("sha256:") for one in files)
        assert files or name == "instroom"


def test_what_builds_us_is_locked_and_nothing_else_is_fetched_for_it() -> None:
    """Without isolation the build sees what `uv sync` has installed before, which is what the lock file says."""
    (backend,) = PROJECT["build-system"]["requires"]
    name, _, version = backend.partition("==")
    assert LOCKED[name]["version"] == version
    assert PROJECT["tool"]["uv"]["no-build-isolation-package"] == ["instroom"]
    assert "build" in PROJECT["tool"]["uv"]["default-groups"]
    assert backend in PROJECT["dependency-groups"]["build"]
    (for_pyftpdlib,) = PROJECT["tool"]["uv"]["build-constraint-dependencies"]
    assert for_pyftpdlib == f"setuptools=={LOCKED['setuptools']['version']}"
    assert for_pyftpdlib in PROJECT["dependency-groups"]["build"]
    assert {one for one, package in LOCKED.items() if "wheels" not in package} == {"instroom", "pyftpdlib"}
    needs, seen = [name, "editables"], set[str]()
    while needs:
        seen.add(one := needs.pop())
        needs += [other["name"] for other in LOCKED[one].get("dependencies", ()) if other["name"] not in seen]
    assert {"hatchling", "packaging", "pathspec", "pluggy", "trove-classifiers"} <= seen <= LOCKED.keys()


def test_each_vendored_file_is_the_one_that_its_licence_names() -> None:
    named = {}
    for licence in STATIC.glob("*.LICENSE.txt"):
        known = licence.read_text(encoding="utf-8")
        assert re.search(r"^Origin: https://registry\.npmjs\.org/\S+\.tgz$", known, re.MULTILINE)
        named |= {name: sha for sha, name in re.findall(r"^SHA-256: ([0-9a-f]{64}) \(of (\S+)\)$", known, re.MULTILINE)}
    assert named == {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in STATIC.iterdir() if path.name in VENDORED
    }


def test_the_vendored_script_is_the_version_that_its_licence_names() -> None:
    known = (STATIC / "htmx.LICENSE.txt").read_text(encoding="utf-8")
    (version,) = re.findall(r"^Origin: \S+/htmx\.org-([\d.]+)\.tgz$", known, re.MULTILINE)
    assert f'version:"{version}"' in (STATIC / "htmx.min.js").read_text(encoding="utf-8")


def test_the_bill_of_materials_names_all_that_is_installed() -> None:
    subprocess.run([sys.executable, ROOT / "scripts" / "sbom.py"], check=True, capture_output=True)
    document = json.loads((ROOT / "dist" / "sbom.cdx.json").read_text(encoding="utf-8"))
    assert document["bomFormat"] == "CycloneDX"
    named = {one["name"]: one for one in document["components"]}
    direct = {re.split(r"[\[<>=]", one)[0] for one in PROJECT["project"]["dependencies"]}
    vendored = {"htmx.org", "lucide-static", "@fontsource-variable/source-sans-3"}
    assert direct | vendored <= named.keys()
    assert not {"pytest", "ruff", "hatchling"} & named.keys()
    assert all(one["purl"] for one in named.values())


def test_where_advisories_cannot_be_asked_for_it_says_so() -> None:
    command = [ROOT / "scripts" / "advisories", "--service-url", "http://127.0.0.1:9/"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert "Not asked for advisories" in done.stdout
