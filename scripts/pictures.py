#!/usr/bin/env python3
"""Takes the pictures of the pages, for README and guides, from the example deliveries, with Debian's Chromium.

    scripts/pictures.py [--guides | --all FOLDER]

`make pictures` runs it; with --guides it takes those of the guides alone. The server and its data are deleted
afterwards. With --all, it takes every page into FOLDER, in both languages, for a wide screen and for a phone: to look
at them.
"""

import argparse
import contextlib
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).parent.parent
PICTURES = ROOT / "docs" / "pictures"
HELP = ROOT / "src" / "instroom" / "doors" / "web" / "static" / "help"
"""Of the guides, which the product shows too: their pictures come with it."""
CHROMIUM = os.environ.get("INSTROOM_TEST_CHROMIUM", "/usr/bin/chromium")
INSTROOM = str(Path(sys.executable).with_name("instroom"))
PASSWORD = "vier natte sokken"  # noqa: S105 - of a store that is deleted afterwards
CUSTOMER = "/customers/demo"
SECOND = """
from pathlib import Path
from instroom.core.write.delivery_file import write_records
from instroom.core.write.example import example_rows
from instroom.core.layout.standard import standard
write_records(Path("personen-2.csv"), "csv", standard(), example_rows(standard(), changes=True))
"""
FIND = """
import django
django.setup()
from instroom.store.models import Company, Delivery, Person, User
Delivery.objects.update(delivered_by=User.objects.get(username="supplier"))  # who sees only what they delivered
print(Person.objects.get(environment__name="live", extern_id="P0003").pk)
print(Company.objects.get(environment__name="live", extern_id="000123").pk)
"""


class Shot(NamedTuple):
    """A picture: its name, its page, and the user who looks at it."""

    name: str
    path: str
    user: str
    lang: str = "nl"
    width: int = 1280
    height: int = 860


NAMES = """
import django
django.setup()
from instroom.store.models import Customer, User
Customer.objects.update(title="Zorggroep Lichtveld")
people = {
    "operator": "Sanne,de Wit",
    "supplier": "Marieke,van Dam",
    "approver": "Karel,van den Berg",
    "reader": "Noor,Bos",
}
for role, name in people.items():
    first_name, last_name = name.split(",")
    User.objects.filter(username=role).update(first_name=first_name, last_name=last_name)
"""


class Scene:
    """A store with the example deliveries in it: one imported, one with faults, one that waits."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._environ = {**os.environ, "INSTROOM_HOME": str(folder / "home"), "INSTROOM_LANG": "nl"}
        self._environ.pop("INSTROOM_DATABASE_URL", None)
        self.run("init", "--demo")
        environ = self._environ | {"DJANGO_SETTINGS_MODULE": "instroom.config.settings"}
        subprocess.run([sys.executable, "-c", NAMES], env=environ, check=True)
        for user in ("operator", "supplier", "approver", "reader"):
            self.run("user", "password", user, said=PASSWORD + "\n")
        self.run("template", "--example", "-o", "personen.csv")
        subprocess.run([sys.executable, "-c", SECOND], cwd=folder, check=True)
        first = self._deliver("personen.csv")
        self.run("approve", first)
        self.faulty = self._deliver(str(ROOT / "docs" / "examples" / "personen.csv"), accept=(1,))
        self.waiting = self._deliver("personen-2.csv")
        self.imported = first
        found = subprocess.run([sys.executable, "-c", FIND], env=environ, check=True, capture_output=True, text=True)
        self.person, self.company = found.stdout.split()

    def run(self, *words: str, said: str | None = None, accept: tuple[int, ...] = (0,)) -> str:
        """Run a command in the scene, and return its output."""
        done = subprocess.run(
            [INSTROOM, *words], cwd=self._folder, env=self._environ, input=said, capture_output=True, text=True
        )
        if done.returncode not in accept:
            raise SystemExit(f"instroom {' '.join(words)}: {done.stderr}")
        return done.stdout

    def _deliver(self, file: str, accept: tuple[int, ...] = (0,)) -> str:
        answer = self.run("deliver", file, "--format", "json", accept=accept)
        return str(json.loads(answer)["id"])

    @contextlib.contextmanager
    def served(self) -> Iterator[str]:
        """Run the server; yields its address."""
        off = dict.fromkeys(("INSTROOM_FTP_PORT", "INSTROOM_FTPES_PORT", "INSTROOM_FTPS_PORT"), "off")
        environ = self._environ | off | {"INSTROOM_HTTP": "127.0.0.1:0"}
        with subprocess.Popen([INSTROOM, "serve"], env=environ, stderr=subprocess.PIPE, text=True) as process:
            try:
                found = next(filter(None, (re.search(r"http://[\d.:]+", line) for line in process.stderr or ())))
                yield found[0]
            finally:
                process.send_signal(signal.SIGTERM)


def shots(scene: Scene) -> list[Shot]:
    """The pictures of the README and of the documents."""
    deliveries = f"{CUSTOMER}/deliveries"
    return [
        Shot("answer", f"{deliveries}/{scene.faulty}", "supplier"),
        Shot("plan", f"{deliveries}/{scene.waiting}/plan", "approver", height=1150),
        Shot("plan-phone", f"{deliveries}/{scene.waiting}/plan", "approver", width=390),
        Shot("dossier", f"{CUSTOMER}/live/person/{scene.person}", "reader"),
        Shot("home", CUSTOMER, "operator"),
        Shot("overview", "/operator", "operator", height=1150),
    ]


def guide_shots(scene: Scene) -> list[Shot]:
    """The pictures of docs/handleiding: small, for they are read beside a text."""
    deliveries = f"{CUSTOMER}/deliveries"
    return [
        Shot("uitslag", f"{deliveries}/{scene.faulty}", "supplier", width=800, height=690),
        Shot("plan", f"{deliveries}/{scene.waiting}/plan", "approver", width=800, height=810),
        Shot("dossier", f"{CUSTOMER}/live/person/{scene.person}", "reader", width=800, height=620),
        Shot("overzicht", "/operator", "operator", width=800, height=500),
    ]


MORE = {
    "overview": "/operator",
    "all-deliveries": "/operator/deliveries",
    "figures": "/operator/figures",
    "site-audit": "/operator/audit",
    "add-customer": "/operator/customers/add",
    "institute": "/operator/institute",
    "audit-log": f"{CUSTOMER}/audit",
    "users": f"{CUSTOMER}/users",
    "mails": f"{CUSTOMER}/mails",
    "settings": f"{CUSTOMER}/settings",
    "contact": f"{CUSTOMER}/contact",
    "begin": f"{CUSTOMER}/begin",
    "proposals": f"{CUSTOMER}/proposals",
    "connections": f"{CUSTOMER}/connections",
    "connection-add": f"{CUSTOMER}/add-connection",
    "accounts": f"{CUSTOMER}/accounts",
    "webhooks": f"{CUSTOMER}/webhooks",
    "refresh": f"{CUSTOMER}/refresh",
    "help": "/help",
    "help-supplier": "/help/supplier",
    "help-approver": "/help/approver",
    "help-operator": "/help/operator",
    "help-reader": "/help/reader",
    "help-account": "/help/account",
    "help-ftp": "/help/ftp",
    "help-finding": "/help/findings/value-date",
    "account": "/account",
    "programs": "/account/programs",
    "second-factor": "/account/second-factor",
}


def everything(scene: Scene) -> list[Shot]:
    """Every page, in both languages, wide and narrow."""
    paths = {
        "home": "/",
        "customer": CUSTOMER,
        "sign-in-provider": f"{CUSTOMER}/sign-in-provider",
        "templates": f"{CUSTOMER}/templates",
        "deliver": f"{CUSTOMER}/deliver",
        "deliveries": f"{CUSTOMER}/deliveries",
        "answer": f"{CUSTOMER}/deliveries/{scene.faulty}",
        "delivery": f"{CUSTOMER}/deliveries/{scene.waiting}",
        "imported": f"{CUSTOMER}/deliveries/{scene.imported}",
        "plan": f"{CUSTOMER}/deliveries/{scene.waiting}/plan",
        "report": f"{CUSTOMER}/deliveries/{scene.faulty}/report",
        "plan-report": f"{CUSTOMER}/deliveries/{scene.waiting}/plan/report",
        "search": f"{CUSTOMER}/live/search#voorbeeld",
        "retention": f"{CUSTOMER}/retention",
        "nothing": f"{CUSTOMER}/training/search#nergens",
        "person": f"{CUSTOMER}/live/person/{scene.person}",
        "company": f"{CUSTOMER}/live/company/{scene.company}",
        "missing": "/customers/nergens",
        **MORE,
    }
    return [
        Shot(f"{name}-{lang}-{width}", path, "operator", lang, width)
        for name, path in paths.items()
        for lang in ("nl", "en")
        for width in (1280, 390)
    ]


def signed_in(browser: Browser, address: str, shot: Shot) -> Page:
    """A browser page on which the shot's user has signed in."""
    locale = {"nl": "nl-NL", "en": "en-GB"}[shot.lang]
    page = browser.new_page(viewport={"width": shot.width, "height": shot.height}, locale=locale)
    page.context.add_cookies([{"name": "instroom-language", "value": shot.lang, "url": address}])
    page.goto(address)
    page.locator("#name").fill(shot.user)
    page.locator("#password").fill(PASSWORD)
    page.locator("main form button.main").click()
    page.wait_for_url(lambda url: "sign-in" not in url)
    return page


def take(wanted: list[Shot], address: str, folder: Path, whole: bool) -> None:
    """Take the pictures. Each user signs in once."""
    folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--lang=nl-NL"])
        pages: dict[tuple[str, str, int], Page] = {}
        for shot in wanted:
            who = (shot.user, shot.lang, shot.width)
            page = pages.get(who) or pages.setdefault(who, signed_in(browser, address, shot))
            page.set_viewport_size({"width": shot.width, "height": shot.height})
            answer = page.goto(address + shot.path)
            if answer is None or answer.status >= 500:
                raise SystemExit(f"{shot.path} cannot be pictured")
            if sought := shot.path.partition("#")[2]:
                page.locator("#q").fill(sought)
                page.locator("#q").press("Enter")
                page.wait_for_url("**/search?**")
            page.screenshot(path=folder / f"{shot.name}.png", full_page=whole, animations="disabled")
        browser.close()


def main() -> None:
    """Prepare the scene, and take the pictures that the options ask for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--all", metavar="FOLDER", type=Path)
    parser.add_argument("--guides", action="store_true")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="instroom-pictures-") as name:
        scene = Scene(Path(name))
        with scene.served() as address:
            if asked.all:
                take(everything(scene), address, asked.all, whole=True)
            else:
                if not asked.guides:
                    take(shots(scene), address, PICTURES, whole=False)
                take(guide_shots(scene), address, HELP, whole=False)


if __name__ == "__main__":
    main()
