"""Who uses the site meanwhile: people at browsers, programs, suppliers, approvers. Each is a thread with a pace."""

import random
import re
import time
from collections.abc import Callable, Sequence
from threading import Event, Lock, Thread
from typing import NamedTuple

from bench.load.answers import Answers
from bench.load.client import Client, Upload, put
from bench.load.files import Files
from bench.load.site import Site
from bench.made_up import NAMES

_LINK = re.compile(r'href="(/[^"#]*)"')
_NOT_FOLLOWED = re.compile(r"^/assets/|\.\w+($|\?)|/files/")  # files, most of which are made by the worker
_SEARCH = re.compile(r'action="(/customers/[^"]+/search)"')
_DIGEST = re.compile(r'name="digest" value="(\w+)"')
_DELIVERY = re.compile(r"/customers/[^/]+/deliveries/[^/?]+$")
_VISIT = 150  # pages between two sign-ins
_API = "/api/v1/customers"

Work = Callable[[], None]


class World(NamedTuple):
    """What all of them share."""

    site: Site
    answers: Answers
    files: Files
    tokens: dict[str, str]  # by the name of the customer
    nights: Sequence[float]
    signing_in: Lock
    """One person at a time: the site takes six at once (`flow.people.hashing`), and programs sign in beside them."""

    @property
    def customers(self) -> list[str]:
        return sorted(self.tokens)

    def program(self, customer: str) -> Client:
        return Client(self.site, self.answers, self.tokens[customer])

    def sign_in(self, client: Client, name: str) -> None:
        with self.signing_in:
            client.sign_in(name)


class Visitor(Thread):
    """Does some work again and again, with pauses of `pause` seconds on average, until it is stopped."""

    def __init__(self, work: Work, pause: float, stop: Event) -> None:
        super().__init__(daemon=True)
        self._work, self._pause, self._stop_asked = work, pause, stop
        self.broke: Exception | None = None

    def run(self) -> None:
        while not self._stop_asked.wait(random.uniform(0.2, 1.8) * self._pause):  # noqa: S311
            try:
                self._work()
            except Exception as error:  # a fault of the tool: the run says so at its end
                self.broke = error
                return


def browsing(world: World, name: str) -> Work:
    """Somebody who follows the links of the page before them: each kind of page is as likely as any other."""
    chosen, client, page, seen = random.Random(name), Client(world.site, world.answers), "", 0  # noqa: S311

    def work() -> None:
        nonlocal page, seen
        if seen % _VISIT == 0:
            world.sign_in(client, name)
        seen += 1
        if (search := _SEARCH.search(page)) and chosen.random() < 0.2:
            page = client.post(search[1], q=chosen.choice(NAMES)).text
            return
        kinds: dict[str, list[str]] = {}
        for link in _LINK.findall(page):
            if not _NOT_FOLLOWED.search(link):
                kinds.setdefault(re.sub(r"[0-9a-f-]{36}|load-\d+|\?.*", "", link), []).append(
                    link.replace("&amp;", "&")
                )
        link = chosen.choice(kinds[chosen.choice(sorted(kinds))]) if kinds and chosen.random() < 0.9 else "/"
        page = client.get(link).text

    return work


def asking(world: World) -> Work:
    """A program that reads all that the API tells."""

    def work() -> None:
        customer = random.choice(world.customers)  # noqa: S311
        program, of = world.program(customer), f"{_API}/{customer}"
        found = program.get(f"{of}/deliveries?limit=50").json["deliveries"]
        one = f"{of}/deliveries/{random.choice(found)['id']}"  # noqa: S311
        word = random.choice(NAMES)  # noqa: S311
        program.get(one)
        program.get(f"{one}?wait=2")
        program.get(f"{one}/timeline")
        program.get(f"{one}/findings?limit=200")
        program.get(f"{one}/plan?limit=200", accept=(200, 404))
        program.get(f"{of}/live/dossiers?q={word}")
        program.get(f"{of}/connections")
        program.get("/api/v1/me")
        program.get(f"{of}/live/export?format=csv")

    return work


def delivering(world: World, name: str) -> Work:
    """A supplier, by the form of the web and by its program, turn by turn."""
    chosen, turn, browser = random.Random(name), 0, Client(world.site, world.answers)  # noqa: S311

    def work() -> None:
        nonlocal turn
        number = chosen.randrange(int(name[-1]), len(world.customers), 2)  # of who works for every second customer
        customer, file = world.customers[number], Upload("personen.csv", world.files.any(number, chosen))
        if turn % 2:
            world.program(customer).post(f"{_API}/{customer}/deliveries", accept=(201,), file=file)
        else:
            if turn % 20 == 0:
                world.sign_in(browser, name)
            browser.get(f"/customers/{customer}/deliver")
            browser.post(f"/customers/{customer}/deliver", file=file)
        turn += 1

    return work


def uploading(world: World) -> Work:
    """A program that uploads files on arrival."""
    turn = 0

    def work() -> None:
        nonlocal turn
        turn += 1
        number = random.randrange(len(world.customers))  # noqa: S311
        file = Upload(f"dag_{turn}_{random.randrange(10**6)}.csv", world.files.changed(number, turn))  # noqa: S311
        put(world.site, world.answers, world.customers[number], file, implicit=bool(turn % 2))

    return work


def uploading_for_nights(world: World) -> Work:
    """The programs of all customers, which upload once before each moment at which their files are due."""
    waiting = [(at, number) for at in world.nights for number in range(len(world.customers))]

    def work() -> None:
        if waiting and (waiting[0][0] - time.time() < 240):
            at, number = waiting.pop(0)
            file = Upload("nacht.csv", world.files.changed(number, world.nights.index(at)))
            put(world.site, world.answers, world.customers[number], file, implicit=bool(number % 2))

    return work


def approving(world: World, name: str, customers: Sequence[str]) -> Work:
    """Decides on what waits, of some customers: in the browser and by the API; refuses one in ten."""
    browser, turn = Client(world.site, world.answers), 0

    def by_api(program: Client, one: str, refuse: bool) -> None:
        digest = program.get(f"{one}/plan", accept=(200, 404)).json.get("digest", "")
        if refuse:
            program.post_json(f"{one}/refuse", {"reason": "Te veel wijzigingen."}, accept=(200, 409))
        elif digest:
            program.post_json(f"{one}/approve", {"digest": digest, "at": "now"}, accept=(200, 409))

    def by_web(address: str) -> None:
        page = browser.get(f"{address}/plan")
        if digest := _DIGEST.search(page.text):
            browser.post(f"{address}/approve", digest=digest[1], when="now")

    def work() -> None:
        nonlocal turn
        if turn % 200 == 0:
            world.sign_in(browser, name)
        customer, state = (
            customers[turn % len(customers)],
            ("awaiting-approval", "held")[turn // len(customers) % 4 // 3],
        )
        turn += 1
        program = world.program(customer)
        for found in program.get(f"{_API}/{customer}/deliveries?state={state}").json.get("deliveries", []):
            if (dice := random.random()) < 0.5:  # noqa: S311
                by_web(f"/customers/{customer}/deliveries/{found['id']}")
            else:
                by_api(program, f"{_API}/{customer}/deliveries/{found['id']}", refuse=dice > 0.9)

    return work


def undoing(world: World) -> Work:
    """An approver who undoes the newest import of a customer, never its first; 409: an undo is under way."""

    def work() -> None:
        customer = random.choice(world.customers)  # noqa: S311
        program, of = world.program(customer), f"{_API}/{customer}/deliveries"
        newest, *older = program.get(f"{of}?state=imported&limit=2").json.get("deliveries") or [None]
        if older:
            program.post_json(f"{of}/{newest['id']}/undo", accept=(201, 409))

    return work


def scraping(world: World) -> Work:
    client = Client(world.site, world.answers, world.site.metrics_token)
    return lambda: client.get("/metrics") and None
