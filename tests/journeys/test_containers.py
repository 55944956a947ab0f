"""A site in containers, by the commands of docs/how-to/run-in-containers.md; it takes minutes and ports."""

import json
import os
import re
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread
from typing import Any, NamedTuple

import pytest
from playwright.sync_api import Browser, Page, expect
from tests.doors.web.web_customer import ANNA, BRAM, COMPANY, PASSWORD, WebCustomer
from tests.journeys.steps import TEXTS, deliver
from tests.journeys.steps import approve as approve_plan
from tests.s3_server import KEYS, make_bucket, s3_server
from tests.waiting import until

pytestmark = [pytest.mark.slow, pytest.mark.unstored]

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "how-to" / "run-in-containers.md").read_text(encoding="utf-8")
STAND_INS = Path(__file__).parent / "stand_ins"
IMAGE = "localhost/instroom:latest"
BASE = "docker.io/library/debian:trixie-slim"
OTHERS = {"postgres": "docker.io/library/postgres:17-trixie", "caddy": "docker.io/library/caddy:2"}
PORTS = (80, 443, 21, 910, 990, *range(2000, 2011))
BACKUP = Path(tempfile.gettempdir()) / "instroom-test-backup"
HERE = {  # what the page says of a real site, and what it is here; Caddy makes the certificate of such a name itself
    "INSTROOM_HOST=instroom.voorbeeld.example": "INSTROOM_HOST=instroom.localhost",
    "INSTROOM_FTP_MASQUERADE=192.0.2.10": "INSTROOM_FTP_MASQUERADE=127.0.0.1",
    "docker compose exec web": "docker compose exec --no-TTY web",
    "/mnt/backup/": f"{BACKUP}/",
}
SITE = "https://instroom.localhost/"


def done(*words: str | Path, **more: Any) -> str:
    """What a command prints; it must succeed."""
    ran = subprocess.run([*words], capture_output=True, text=True, check=False, **more)
    assert ran.returncode == 0, f"{words}: {ran.stdout[-2000:]} {ran.stderr[-4000:]}"
    return ran.stdout


def succeeds(*words: str) -> bool:
    return subprocess.run(words, capture_output=True, check=False).returncode == 0


def commands(heading: str) -> list[str]:
    """The commands under a heading of the page, as they are on this machine."""
    part = re.split(r"^## ", PAGE.partition(f"\n## {heading}\n")[2], flags=re.MULTILINE)[0]
    found = re.findall(r"^\$ (.+)$", part, re.MULTILINE)
    assert found, heading
    for said, is_here in HERE.items():
        found = [one.replace(said, is_here) for one in found]
    return found


class Clone(NamedTuple):
    """A clone of this repository, with what is changed in it."""

    place: Path

    def follow(self, *lines: str, stdin: str = "") -> str:
        """Type these into a shell; they must succeed."""
        script = "set -euo pipefail\n" + "\n".join(lines)
        return done("bash", "-c", script, cwd=self.place, input=stdin)

    def compose(self, line: str) -> str:
        """A command of Compose."""
        return self.beside_it(f"docker compose {line}")

    def beside_it(self, *lines: str, stdin: str = "") -> str:
        """The same, in the folder of compose.yaml."""
        return self.follow("cd deploy/container", *lines, stdin=stdin)


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Clone:
    """A clone, on a machine with all images that a site needs."""
    assert succeeds("docker", "compose", "version"), "Docker Compose is not here."
    assert succeeds("docker", "version"), "The command docker reaches neither Docker nor Podman."
    assert [port for port in PORTS if is_open(port)] == [], "Another program listens on ports of the site."
    place = tmp_path_factory.mktemp("clone") / "instroom"
    done("git", "clone", "--quiet", "--bare", ROOT, place.with_name("origin"))  # which stays as it is meanwhile
    done("git", "clone", "--quiet", place.with_name("origin"), place)
    changed = done("git", "ls-files", "-z", "--modified", "--others", "--exclude-standard", cwd=ROOT)
    for name in filter(None, changed.split("\0")):
        (place / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, place / name)
    find_images(place.parent)
    return Clone(place)


def is_open(port: int) -> bool:
    with socket.socket() as line:
        return line.connect_ex(("127.0.0.1", port)) == 0


def find_images(folder: Path) -> None:
    """Have the images on which a site stands: fetched, or where there is no registry made of Debian's packages."""
    if not is_there(BASE):
        assert shutil.which("mmdebstrap"), f"{BASE} cannot be fetched, and mmdebstrap is not here to make it."
        make_base(folder / "base.tar")
    for name, image in OTHERS.items():
        if not is_there(image):
            done("docker", "build", "--file", STAND_INS / f"{name}.Dockerfile", "--tag", image, STAND_INS)


def is_there(image: str) -> bool:
    return succeeds("docker", "image", "inspect", image) or succeeds("docker", "pull", "--quiet", image)


def make_base(archive: Path) -> None:
    """Debian as its slim image has it, with the authorities that this machine trusts: its network may need them."""
    unused = ("doc/*", "man/*", "locale/*", "info/*")
    mirror = "deb http://deb.debian.org/debian"
    done(
        "mmdebstrap", "--quiet", "--variant=minbase", "--include=usr-is-merged",
        "--hook-dir=/usr/share/mmdebstrap/hooks/merged-usr", '--aptopt=Acquire::Languages "none"',
        *(f"--dpkgopt=path-exclude=/usr/share/{one}" for one in unused),
        "trixie", archive, f"{mirror} trixie main", f"{mirror}-security trixie-security main",
    )  # fmt: skip
    authorities = Path("/usr/local/share/ca-certificates")
    if authorities.is_dir():
        done("tar", "--append", "--file", archive, "--directory", "/", str(authorities.relative_to("/")))
    trusted = "ENV SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt"
    done("docker", "import", "--change", trusted, archive, BASE)


@pytest.fixture(scope="module")
def image(clone: Clone) -> dict[str, Any]:
    """The image that the page builds."""
    said = clone.follow(*commands("Build the image"))
    assert '"org.opencontainers.image.revision"' in said
    (described,) = json.loads(done("docker", "image", "inspect", IMAGE))
    assert isinstance(described, dict)
    return described


def test_the_image_is_small_and_says_what_it_is(clone: Clone, image: dict[str, Any]) -> None:
    assert image["Size"] < 300e6
    labels = image["Config"]["Labels"]
    version = done("docker", "run", "--rm", IMAGE, "--version").split()[-1]
    head = done("git", "rev-parse", "HEAD", cwd=clone.place).strip()
    assert labels["org.opencontainers.image.version"] == version
    assert labels["org.opencontainers.image.revision"].removesuffix("-dirty") == head
    assert image["Config"]["User"] == "970:970"
    asked = "import importlib.util as u; print(u.find_spec('setuptools'), u.find_spec('pip'))"
    assert done("docker", "run", "--rm", "--entrypoint", "python3", IMAGE, "-c", asked) == "None None\n"


def test_the_example_runs_as_the_page_says(clone: Clone, image: dict[str, Any]) -> None:
    said = clone.follow(*commands("Try it"))
    assert "Klaar, en alles klopte." in said


def test_the_image_keeps_files_in_s3(clone: Clone, image: dict[str, Any]) -> None:
    """Of boto3 it has S3 alone."""
    with s3_server() as endpoint:
        place = make_bucket(endpoint)
        settings = {
            "INSTROOM_FILES": f"s3://{place.bucket}/site?endpoint={endpoint}&region={place.region}",
            "INSTROOM_S3_KEY": KEYS[0],
            "INSTROOM_S3_SECRET": KEYS[1],
        }
        given = [word for name, value in settings.items() for word in ("--env", f"{name}={value}")]
        script = "instroom init --demo && cd /tmp && instroom template --example -o e.csv && instroom deliver e.csv"
        run = ["docker", "run", "--rm", "--network", "host", *given, "--entrypoint", "sh", IMAGE, "-c", script]
        assert "instroom approve" in done(*run)


@pytest.fixture(scope="module")
def site(clone: Clone, image: dict[str, Any]) -> Iterator[Clone]:
    """The site, up, with what the page adds to it; its project has another name than that of a site on this machine."""
    os.environ["COMPOSE_PROJECT_NAME"] = "instroom-test"
    with health_asked_for():
        try:
            clone.follow(*commands("Run a site")[:-5])
            yield clone
        finally:
            clone.compose("down --volumes --timeout 10")
            shutil.rmtree(BACKUP, ignore_errors=True)
            del os.environ["COMPOSE_PROJECT_NAME"]


@contextmanager
def health_asked_for() -> Iterator[None]:
    """Podman leaves health checks to systemd. Where that does not run, ask for them."""
    ended = Event()

    def ask() -> None:
        while not ended.wait(2):
            for one in done("docker", "ps", "--quiet").split():
                succeeds("podman", "--url", os.environ["DOCKER_HOST"], "healthcheck", "run", one)

    if "Podman" not in done("docker", "version") or Path("/run/systemd/system").exists():
        ended.set()
    asking = Thread(target=ask)
    asking.start()
    try:
        yield
    finally:
        ended.set()
        asking.join()


def state(clone: Clone, service: str) -> dict[str, Any]:
    """What Docker says of a container."""
    name = clone.compose(f"ps --all --quiet {service}").strip()
    (described,) = json.loads(done("docker", "inspect", name))
    assert isinstance(described, dict)
    return described


def is_healthy(clone: Clone) -> bool:
    return {state(clone, one)["State"]["Health"]["Status"] for one in ("web", "ftp", "database")} == {"healthy"}


def walk_in(browser: Browser) -> Page:
    """The first page of the operator, who has signed in through the proxy."""
    page = browser.new_context(ignore_https_errors=True, locale="nl-NL").new_page()
    until(lambda: succeeds("curl", "--silent", "--fail", "--insecure", f"{SITE}healthz"))
    page.goto(SITE)
    page.locator("#name").fill("operator")
    page.locator("#password").fill(PASSWORD)
    page.locator("main").get_by_role("button", name=TEXTS["nl"]["sign_in"], exact=True).click()
    expect(page.locator("nav").get_by_role("link", name=TEXTS["nl"]["deliver"], exact=True)).to_be_visible()
    return page


def approve(page: Page) -> None:
    """Look at the plan of the delivery on this page, and let it be imported."""
    expect(page.locator("h1 + .badge")).to_have_text(TEXTS["nl"]["waits"])
    page.locator("main a.button.main[href$='/plan']").click()
    approve_plan(page, "nl")
    expect(page.locator("h1 + .badge")).to_have_text(TEXTS["nl"]["imported"])


def stop_in_time(site: Clone, *services: str) -> None:
    """Stop them, one by one, and look how each ended."""
    for one in services:
        begun = time.monotonic()
        site.compose(f"stop {one}")
        assert time.monotonic() - begun < 10, one
        assert state(site, one)["State"]["ExitCode"] == 0, one


def test_a_site_takes_deliveries_in_and_keeps_them(site: Clone, browser: Browser, tmp_path: Path) -> None:
    until(lambda: is_healthy(site), 120)
    add_operator, set_password, add_customer, add_account, doctor = commands("Run a site")[-5:]
    site.beside_it(add_operator)
    site.beside_it(set_password, stdin=f"{PASSWORD}\n")
    site.beside_it(add_customer)
    account_password = site.beside_it(add_account).split()[0]
    assert "Er is niets mis." in site.beside_it(doctor)
    for one in ("web", "worker", "ftp", "database", "proxy"):
        assert state(site, one)["HostConfig"]["ReadonlyRootfs"], one

    customer = WebCustomer("voorbeeld-bv", tmp_path)
    page = walk_in(browser)
    deliver(page, customer.file(ANNA | COMPANY, name="web.csv"), "nl")
    approve(page)

    stop_in_time(site, "proxy", "ftp", "worker", "web", "database")
    site.compose("up --detach")
    until(lambda: is_healthy(site), 120)
    file = customer.file(BRAM, name="ftps.csv")
    done("curl", "--silent", "--show-error", "--insecure", "--user", f"voorbeeld-hr:{account_password}",
         "--upload-file", file, "ftps://127.0.0.1:990/")  # fmt: skip
    site.beside_it(*commands("Stop and start"))
    until(lambda: is_healthy(site), 120)
    page = walk_in(browser)
    uploaded = page.locator("main").get_by_role("link", name="ftps.csv")
    until(lambda: page.goto(f"{SITE}customers/voorbeeld-bv/deliveries") and uploaded.count())
    uploaded.first.click()
    approve(page)

    site.beside_it(*commands("Make a backup"))
    assert next(BACKUP.glob("instroom/site/database-*.dump")).stat().st_size > 0
    site.beside_it(*commands("A new version"))
    until(lambda: is_healthy(site), 120)
    kept = site.compose("exec --no-TTY web instroom deliveries --customer voorbeeld-bv")
    assert kept.count(TEXTS["nl"]["imported"]) == 2
    assert "web.csv" in kept
    assert "ftps.csv" in kept
