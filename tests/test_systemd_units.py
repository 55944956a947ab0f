"""The services of systemd: whether systemd understands them, and how much they leave to who breaks in."""

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
FOLDER = ROOT / "deploy" / "systemd"
SERVICES = sorted(FOLDER.glob("*.service"))
PROGRAM = "/usr/lib/instroom/bin/instroom"
OF_EACH = {  # what a service may say otherwise, or says beside what all of them say
    "instroom.service": {
        "CapabilityBoundingSet",
        "AmbientCapabilities",
        "TimeoutStopSec",
        "LimitNOFILE",
        "SystemCallFilter",
    },
    "instroom-ftp.service": {"CapabilityBoundingSet", "AmbientCapabilities", "LimitNOFILE"},
    "instroom-web.service": {"LimitNOFILE"},
    "instroom-worker@.service": {"TimeoutStopSec"},
    "instroom-watch@.service": {"ReadWritePaths", "SystemCallFilter"},
}


def settings_of(unit: Path) -> dict[str, list[str]]:
    """Section `Service` of a unit; a setting can be there several times."""
    body = unit.read_text(encoding="utf-8").partition("[Service]")[2].partition("[Install]")[0]
    found: dict[str, list[str]] = {}
    for name, value in re.findall(r"^(\w+)=(.*)$", body, re.MULTILINE):
        found.setdefault(name, []).append(value)
    return found


@pytest.fixture
def installed(tmp_path: Path) -> list[str]:
    """The units, as where the program is installed."""
    units = sorted(unit for unit in FOLDER.iterdir() if unit.suffix not in (".sysusers", ".tmpfiles"))
    for unit in units:
        text = unit.read_text(encoding="utf-8").replace(PROGRAM, "/bin/true")
        (tmp_path / unit.name).write_text(text, encoding="utf-8")
    return [str(tmp_path / unit.name) for unit in units]


def test_systemd_has_nothing_to_say_of_the_units(installed: list[str]) -> None:
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *installed], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_each_service_leaves_little_to_who_breaks_in(installed: list[str]) -> None:
    """A service without any of it has 9.5, of 10."""
    exposed = {}
    for unit in installed:
        if unit.endswith(".service"):
            command = ["systemd-analyze", "security", "--offline=true", "--no-pager", unit]
            done = subprocess.run(command, capture_output=True, text=True, check=False)
            exposed[Path(unit).name] = float(re.findall(r"exposure level for \S+: ([\d.]+)", done.stdout)[0])
    assert len(exposed) == len(SERVICES)
    assert {name: level for name, level in exposed.items() if level >= 2} == {}


def test_the_services_differ_only_where_they_must() -> None:
    common = settings_of(FOLDER / "instroom-web.service")
    assert OF_EACH.keys() == {unit.name for unit in SERVICES}
    for unit in SERVICES:
        said = settings_of(unit)
        differs = {name for name in common.keys() | said.keys() if common.get(name) != said.get(name)} - {"ExecStart"}
        assert differs <= OF_EACH[unit.name] | {"LimitNOFILE"}, unit.name


def test_only_what_listens_on_low_ports_has_the_right_to() -> None:
    may = {unit.name for unit in SERVICES if settings_of(unit)["AmbientCapabilities"] != [""]}
    assert may == {"instroom.service", "instroom-ftp.service"}


def test_the_worker_of_serve_may_give_way_to_the_pages() -> None:
    """It calls `os.nice`; refused, it would end, and be started again without end."""
    assert settings_of(FOLDER / "instroom.service")["SystemCallFilter"][-1] == "setpriority"


def test_every_service_reads_the_settings_of_the_package() -> None:
    package = ROOT / "deploy" / "debian" / "instroom.env"
    assert {tuple(settings_of(unit)["EnvironmentFile"]) for unit in SERVICES} == {("/etc/instroom/instroom.env",)}
    named = re.findall(r"^#?(INSTROOM_\w+)=", package.read_text(encoding="utf-8"), re.MULTILINE)
    known = (ROOT / "docs" / "reference" / "settings.md").read_text(encoding="utf-8")
    assert [name for name in named if f"`{name}`" not in known] == []
