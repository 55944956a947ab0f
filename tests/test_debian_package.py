"""The Debian package, by what docs/how-to/install-on-debian.md says, on a machine that has nothing else."""

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import machine
from tests.machine import START_SECONDS, Machine
from tests.waiting import until

pytestmark = pytest.mark.slow

LINTIAN = "lintian"
HOME = "/root"
ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs" / "how-to" / "install-on-debian.md").read_text(encoding="utf-8")
PASSWORD = "paarse-olifant-op-de-fiets-7"  # noqa: S105
SERVICES = ("instroom-web", "instroom-ftp", "instroom-worker@1", "instroom-worker@2")

SIGN_IN = f"""
import http.cookiejar, re, urllib.parse, urllib.request
browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))
address = "http://127.0.0.1:8000/sign-in"
form = browser.open(address, timeout=60).read().decode()
token = re.search('name="csrfmiddlewaretoken" value="([^"]+)"', form)[1]
fields = dict(csrfmiddlewaretoken=token, next="/", name="operator", password="{PASSWORD}")
asked = urllib.request.Request(address, urllib.parse.urlencode(fields).encode(), dict(Referer=address))
print("signed in" if "/sign-in" not in browser.open(asked, timeout=60).url else "refused")
"""

UPLOAD = """
import ftplib, ssl, sys
context = ssl.create_default_context()
context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
with ftplib.FTP_TLS(timeout=60, context=context) as client:
    client.connect("127.0.0.1", 910)
    client.login("voorbeeld-hr", sys.argv[1])
    client.prot_p()
    with open("/tmp/voorbeeld.xlsx", "rb") as file:
        print(client.storbinary("STOR personen.xlsx", file))
"""


def commands(heading: str) -> list[str]:
    """What the page has root type under a heading."""
    section = PAGE.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    blocks = re.findall(r"^```console\n(.*?)^```$", section, re.MULTILINE | re.DOTALL)
    found = re.findall(r"^# (.*)$", "\n".join(blocks), re.MULTILINE)
    assert found, heading
    return found


def build(folder: Path) -> Path:
    """The package, as `make deb` makes it."""
    done = subprocess.run([ROOT / "deploy" / "debian" / "build", folder], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    (package,) = folder.glob("instroom_*.deb")
    return package


def next_version(package: Path, folder: Path) -> Path:
    """The same under a higher number."""
    subprocess.run(["dpkg-deb", "--raw-extract", package, folder / "next"], check=True)
    control = folder / "next" / "DEBIAN" / "control"
    control.write_text(re.sub(r"^(Version: .*)$", r"\1+next", control.read_text("utf-8"), flags=re.MULTILINE), "utf-8")
    made = folder / "instroom_next.deb"
    words = ["dpkg-deb", "--root-owner-group", "-Zgzip", "-z1", "--build", folder / "next", made]
    subprocess.run(words, stdout=subprocess.DEVNULL, check=True)
    shutil.rmtree(folder / "next")
    return made


@pytest.fixture
def package(tmp_path: Path) -> Path:
    return build(tmp_path)


@pytest.fixture
def debian(tmp_path: Path) -> Iterator[Machine]:
    """A bare machine, switched off."""
    if lacking := machine.missing():
        pytest.skip(f"{lacking} is not here")
    made = Machine(tmp_path / "machine")
    try:
        yield made
    finally:
        made.stop()
        shutil.rmtree(made.folder)


def test_lintian_has_nothing_to_say_of_it(package: Path) -> None:
    if not shutil.which(LINTIAN):
        pytest.skip(f"{LINTIAN} is not here")
    words = [LINTIAN, "--allow-root", "--tag-display-limit=0", package]
    said = subprocess.run(words, capture_output=True, text=True, check=False).stdout
    assert [line for line in said.splitlines() if line[:2] in ("E:", "W:")] == []


def test_it_holds_every_unit_and_names_no_place_where_it_was_made(package: Path, tmp_path: Path) -> None:
    subprocess.run(["dpkg-deb", "--raw-extract", package, tmp_path / "all"], check=True)
    units = {one.name for one in (tmp_path / "all" / "lib" / "systemd" / "system").iterdir()}
    assert units == {
        one.name for one in (ROOT / "deploy/systemd").iterdir() if one.suffix not in (".sysusers", ".tmpfiles")
    }
    places = ("-e", str(ROOT), "-e", "root/usr/lib/instroom")  # where it is put together
    words = ["grep", "--recursive", "--files-with-matches", "--text", "--fixed-strings", *places]
    found = subprocess.run([*words, tmp_path / "all"], capture_output=True, text=True, check=False)
    assert found.stdout == ""


def test_the_page_is_followed_from_nothing_to_purge(package: Path, debian: Machine) -> None:
    install_and_begin(package, debian)
    use_postgresql(debian)
    deliver(debian)
    kept = what_is_kept(debian)
    run_each_part(debian)
    upgrade(next_version(package, debian.folder.parent), debian)
    assert what_is_kept(debian) == kept
    take_away(debian)


def install_and_begin(package: Path, debian: Machine) -> None:
    """Needs apt's network, so before it boots; then all in one process on SQLite."""
    (install,) = commands("Install it")
    shutil.copy(package, debian.path(HOME) / install.rpartition("/")[2])
    debian.prepare(f"apt-get update; {install}")
    debian.prepare(commands("Use PostgreSQL")[0])
    debian.boot()
    for line in commands("Begin"):
        debian.type(line, stdin=f"{PASSWORD}\n" if "password" in line else "")
    until(lambda: "instroom.service" in active(debian), START_SECONDS)
    sign_in(debian)


def use_postgresql(debian: Machine) -> None:
    first, *rest = commands("Use PostgreSQL")
    assert first == "apt-get install postgresql"
    (setting,) = re.findall(r"^INSTROOM_DATABASE_URL=.*$", PAGE, re.MULTILINE)
    settings = debian.path("/etc/instroom/instroom.env")
    settings.write_text(f"{settings.read_text('utf-8')}{setting}\n", "utf-8")
    for line in rest:
        debian.type(line)
    for line in commands("Begin"):
        if line != "instroom demo":  # which has a database of its own
            debian.type(line, stdin=f"{PASSWORD}\n" if "password" in line else "")
    sign_in(debian)


def deliver(debian: Machine) -> None:
    """By a command and by the file server; what waits is approved."""
    told = [debian.type(line) for line in commands("Take in a first file")]
    password = re.findall(r"^[a-z0-9]+(?:-[a-z0-9]+)+$", told[-1], re.MULTILINE)[0]
    debian.write(f"{HOME}/upload.py", UPLOAD)
    assert debian.type(f"python3 upload.py {password}").startswith("226")
    until(lambda: states(debian) == ["awaiting-approval", "awaiting-approval"], START_SECONDS)
    debian.type(f"instroom approve {deliveries(debian)[-1]['id']}")
    until(lambda: "imported" in states(debian), START_SECONDS)


def run_each_part(debian: Machine) -> None:
    for line in commands("Each part by itself"):
        debian.type(line)
    until(lambda: active(debian) >= {f"{one}.service" for one in SERVICES}, START_SECONDS)
    assert "instroom.service" not in active(debian)
    sign_in(debian)


def upgrade(package: Path, debian: Machine) -> None:
    install, *rest = commands("A new version")
    shutil.copy(package, debian.path(HOME) / install.rpartition("/")[2])
    for line in (install, *rest):
        debian.type(line)
    assert "+next" in debian.type("dpkg-query --show instroom")
    until(lambda: active(debian) >= {f"{one}.service" for one in SERVICES}, START_SECONDS)
    sign_in(debian)


def take_away(debian: Machine) -> None:
    remove, purge = commands("Take it away")
    kept = debian.type("find /var/lib/instroom/files -type f")
    debian.type(remove)
    assert active(debian) == set()
    assert not debian.path("/usr/lib/instroom").exists()
    assert debian.path("/etc/instroom/instroom.env").exists()
    said = debian.type(purge)
    assert "/var/lib/instroom" in said
    assert not debian.path("/etc/instroom").exists()
    assert debian.type("find /var/lib/instroom/files -type f") == kept
    assert debian.type("find /etc/systemd /lib/systemd /usr/lib/systemd -name '*instroom*'") == ""
    assert debian.type("getent passwd instroom").startswith("instroom:")


def active(debian: Machine) -> set[str]:
    """The units of Instroom that run, and do not come back again and again."""
    lines = debian.type("systemctl list-units --plain --no-legend --state=active 'instroom*'").splitlines()
    return {line.split()[0] for line in lines}


def sign_in(debian: Machine) -> None:
    """The first user, in the web."""
    debian.write(f"{HOME}/sign_in.py", SIGN_IN)
    until(lambda: "signed in" in debian.type("python3 sign_in.py || true"), START_SECONDS)


def deliveries(debian: Machine) -> list[dict[str, str]]:
    found: list[dict[str, str]] = json.loads(debian.type("instroom deliveries --customer voorbeeld --format json"))[
        "deliveries"
    ]
    return found


def states(debian: Machine) -> list[str]:
    return sorted(one["state"] for one in deliveries(debian))


def what_is_kept(debian: Machine) -> dict[str, str]:
    """What must outlive a new version."""
    asked = {
        "dossiers": "instroom export --customer voorbeeld --environment live -o -",
        "deliveries": "instroom deliveries --customer voorbeeld --format json",
        "users": "instroom user list --customer voorbeeld",
        "accounts": "instroom account list --customer voorbeeld",
        "settings": "cat /etc/instroom/instroom.env",
        "files": "cd /var/lib/instroom; find files secret-key -type f -exec sha256sum {} + | sort",
    }
    return {name: debian.type(line) for name, line in asked.items()}
