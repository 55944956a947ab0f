"""Who uses the site meanwhile: people at browsers, programs, suppliers, approvers."""

import re
import time
from collections.abc import Iterator, Mapping, Sequence
from random import Random
from threading import Event, Lock
from typing import NamedTuple

from bench.load.answers import Answers
from bench.load.client import Client, Upload, put
from bench.load.files import Files
from bench.made_up import NAMES

_LINK = re.compile(r'href="(/[^"#]*)"')
_NOT_FOLLOWED = re.compile(r"^/assets/|\.\w+($|\?)|/files/")  # files, most of which are made by the worker
_OF_ONE = re.compile(r"[0-9a-f-]{36}|load-\d+|\?.*")  # what two pages of a kind differ by
_SEARCH = re.compile(r'action="(/customers/[^"]+/search)"')
_DIGEST = re.compile(r'name="digest" value="(\w+)"')
_VISIT = 150  # pages between two sign-ins
_API = "/api/v1/customers"
_UPLOAD_BEFORE = 240.0  # seconds before files are due

Work = Iterator[None]
"""Does something, and waits, again and again."""


class World(NamedTuple):
    """What all of them share."""

    ports: Mapping[str, int]
    answers: Answers
    files: Files
    tokens: Mapping[str, str]  # by the name of the customer
    nights: Sequence[float]
    chosen: Random
    signing_in: Lock
    """One person at a time: the site takes six at once (`flow.people.hashing`), and programs sign in beside them."""

    @property
    def customers(self) -> list[str]:
        return sorted(self.tokens)

    def client(self, token: str = "") -> Client:
        return Client(self.ports["http"], self.answers, token)

    def program(self, customer: str) -> Client:
        return self.client(self.tokens[customer])

    def sign_in(self, client: Client, name: str) -> None:
        with self.signing_in:
            client.sign_in(name)

    def put(self, customer: int, turn: int, name: str) -> None:
        """By the file server, one after the other in each of its ways."""
        file = Upload(name, self.files.changed(customer, turn))
        put(self.ports, ("ftpes", "ftps")[(customer + turn) % 2], self.answers, self.customers[customer], file)


def visit(work: Work, pause: float, stop: Event) -> None:
    """Do the work, with pauses of so many seconds on average, until it is stopped."""
    chosen = Random()  # noqa: S311
    while not stop.wait(chosen.uniform(0.2, 1.8) * pause):
        next(work, None)


def browsing(world: World, name: str) -> Work:
    """Somebody who follows the links of the page before them: each kind of page is as likely as any other."""
    chosen, client, page = Random(name), world.client(), ""  # noqa: S311
    while True:
        world.sign_in(client, name)
        for _ in range(_VISIT):
            kinds: dict[str, list[str]] = {}
            for link in _LINK.findall(page):
                if not _NOT_FOLLOWED.search(link):
                    kinds.setdefault(_OF_ONE.sub("", link), []).append(link.replace("&amp;", "&"))
            if (search := _SEARCH.search(page)) and chosen.random() < 0.2:
                page = client.post(search[1], q=chosen.choice(NAMES)).text
            elif kinds and chosen.random() < 0.9:
                page = client.get(chosen.choice(kinds[chosen.choice(sorted(kinds))])).text
            else:
                page = client.get("/").text
            yield


def asking(world: World) -> Work:
    """A program that reads all that the API tells."""
    while True:
        customer = world.chosen.choice(world.customers)
        program, of = world.program(customer), f"{_API}/{customer}"
        for found in world.chosen.sample(program.get(f"{of}/deliveries?limit=50").json.get("deliveries", []), 1):
            one = f"{of}/deliveries/{found['id']}"
            for more in ("", "?wait=2", "/timeline", "/findings?limit=200"):
                program.get(one + more)
            program.get(f"{one}/plan?limit=200", accept=(200, 404))
        program.get(f"{of}/live/dossiers?q={world.chosen.choice(NAMES)}")
        program.get(f"{of}/connections")
        program.get("/api/v1/me")
        program.get(f"{of}/live/export?format=csv")
        yield


def delivering(world: World, name: str) -> Work:
    """A supplier of every second customer, by the form of the web and by its program, turn by turn."""
    chosen, browser = Random(name), world.client()  # noqa: S311

    def some() -> tuple[str, Upload]:
        number = chosen.randrange(int(name[-1]), len(world.customers), 2)
        return world.customers[number], Upload("personen.csv", world.files.any(number, chosen))

    while True:
        world.sign_in(browser, name)
        for _ in range(10):
            customer, file = some()
            browser.get(f"/customers/{customer}/deliver")
            browser.post(f"/customers/{customer}/deliver", file=file)
            yield
            customer, file = some()
            world.program(customer).post(f"{_API}/{customer}/deliveries", accept=(201,), file=file)
            yield


def uploading(world: World) -> Work:
    """A program that uploads files on arrival."""
    while True:
        number, unique = world.chosen.randrange(len(world.customers)), world.chosen.randrange(10**9)
        world.put(number, unique, f"dag_{unique}.csv")
        yield


def uploading_for_nights(world: World) -> Work:
    """The programs of all customers, which upload once before each moment at which their files are due."""
    for turn, due in enumerate(world.nights):
        while time.time() < due - _UPLOAD_BEFORE:
            yield
        for number in range(len(world.customers)):
            world.put(number, turn, "nacht.csv")
            yield


def approving(world: World, name: str, customers: Sequence[str]) -> Work:
    """Decides on what waits, of some customers: in the browser and by the API; refuses one in ten."""
    browser = world.client()
    while True:
        world.sign_in(browser, name)
        for state in ("awaiting-approval", "awaiting-approval", "awaiting-approval", "held"):
            for customer in customers:
                program = world.program(customer)
                found = program.get(f"{_API}/{customer}/deliveries?state={state}").json
                for delivery in found.get("deliveries", []):
                    of, dice = f"/customers/{customer}/deliveries/{delivery['id']}", world.chosen.random()
                    if dice < 0.5:
                        if digest := _DIGEST.search(browser.get(f"{of}/plan").text):
                            browser.post(f"{of}/approve", digest=digest[1], when="now")
                    elif dice > 0.9:
                        reason = {"reason": "Te veel wijzigingen."}
                        program.post_json(f"/api/v1{of}/refuse", reason, accept=(200, 409))
                    elif plan := program.get(f"/api/v1{of}/plan", accept=(200, 404)).json:
                        told = {"digest": plan["digest"], "at": "now"}
                        program.post_json(f"/api/v1{of}/approve", told, accept=(200, 409))
                yield


def undoing(world: World) -> Work:
    """An approver who undoes the newest import of a customer, never its first; 409: an undo is under way."""
    while True:
        customer = world.chosen.choice(world.customers)
        program, of = world.program(customer), f"{_API}/{customer}/deliveries"
        newest, *older = program.get(f"{of}?state=imported&limit=2").json.get("deliveries") or [None]
        if older:
            program.post_json(f"{of}/{newest['id']}/undo", accept=(201, 409))
        yield


def scraping(world: World, token: str) -> Work:
    client = world.client(token)
    while True:
        client.get("/metrics")
        yield
