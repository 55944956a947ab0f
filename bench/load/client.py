"""Asks the site as browsers, programs and file programs do, and notes what it answers."""

import ftplib
import io
import json
import re
import socket
import ssl
import time
from collections.abc import Collection, Mapping
from http.cookies import SimpleCookie
from typing import Any, NamedTuple

import urllib3

from bench.load.answers import Answers
from bench.servers import HOST, PASSWORD

_SECONDS = 60.0
_NAMES = {re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"): ":id", re.compile(r"/load-\d+"): "/:customer"}
_FORM_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="(\w+)"')
_WHY = re.compile(r'"type": ?"([^"]+)"|<h1>([^<]+)')  # of the API; of a page
_SITE = urllib3.PoolManager(timeout=_SECONDS, retries=False)


class Page(NamedTuple):
    status: int
    text: str

    @property
    def json(self) -> Any:
        return json.loads(self.text) if 200 <= self.status < 300 else {}


class Upload(NamedTuple):
    """A file as a form sends it."""

    name: str
    content: bytes


class Client:
    """One browser or program, with a connection for each request, as behind a proxy."""

    def __init__(self, http: int, answers: Answers, token: str = "") -> None:
        self._site, self._answers, self._door = f"http://{HOST}:{http}", answers, "api" if token else "page"
        self._headers = {"Connection": "close", "User-Agent": "Mozilla/5.0 Firefox/140.0"}
        self._headers |= {"Authorization": f"Bearer {token}"} if token else {}
        self._cookies: dict[str, str] = {}
        self._form_token = ""

    def get(self, address: str, accept: Collection[int] = (200,)) -> Page:
        """Follows where it is sent to, as a browser does."""
        return self._ask("GET", address, {*accept, 302})

    def post(self, address: str, accept: Collection[int] = (302,), file: Upload | None = None, **fields: str) -> Page:
        """Send a form, with the token of the page before, and follow."""
        fields |= {"csrfmiddlewaretoken": self._form_token} if self._form_token else {}
        parts = {**fields, **({"file": (*file, "text/csv")} if file else {})}
        return self._ask("POST", address, accept, fields=parts, encode_multipart=bool(file))

    def post_json(self, address: str, document: object = None, accept: Collection[int] = (200, 201)) -> Page:
        return self._ask("POST", address, accept, json=document)

    def sign_in(self, name: str) -> None:
        self._cookies = {}
        self.get("/sign-in")
        self.post("/sign-in", name=name, password=PASSWORD)

    def _ask(self, method: str, address: str, accept: Collection[int], **content: Any) -> Page:
        what, began = f"{self._door} {method} {_without_names(address)}", time.time()
        headers = {**self._headers, "Cookie": "; ".join(f"{name}={text}" for name, text in self._cookies.items())}
        try:
            answer = _SITE.request(method, self._site + address, headers=headers, redirect=False, **content)
        except urllib3.exceptions.HTTPError as error:
            self._answers.add(what, began, f"{type(error).__name__}: {error}")
            return Page(0, "")
        text, why = answer.data.decode("utf-8", "replace"), ""
        if answer.status not in accept:
            found = _WHY.search(text)
            why = f"status {answer.status}, {(found[1] or found[2]).strip() if found else ''}"
        self._answers.add(what, began, why)
        for line in answer.headers.getlist("Set-Cookie"):
            self._cookies |= {one.key: one.value for one in SimpleCookie(line).values()}
        if token := _FORM_TOKEN.search(text):
            self._form_token = token[1]
        return self.get(answer.headers["Location"]) if answer.status == 302 else Page(answer.status, text)


def _without_names(address: str) -> str:
    path, _, query = address.partition("#")[0].partition("?")
    for name, place in _NAMES.items():
        path = name.sub(place, path)
    return path + ("?wait" if "wait=" in query else "")


class _Implicit(ftplib.FTP_TLS):
    """FTPS: TLS from the first byte, which the standard library leaves to us."""

    def connect(self, host: str = "", port: int = 0, *_: Any) -> str:
        self.host, self.af = host, socket.AF_INET
        self.sock = self.context.wrap_socket(socket.create_connection((host, port), _SECONDS))
        self.file = self.sock.makefile("r", encoding=self.encoding)
        self.welcome = self.getresp()
        return self.welcome


def put(ports: Mapping[str, int], mode: str, answers: Answers, account: str, file: Upload) -> None:
    """Upload by ftpes or ftps, and read the list, in a session of its own."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    began = time.time()
    try:
        with (_Implicit if mode == "ftps" else ftplib.FTP_TLS)(context=context, timeout=_SECONDS) as client:
            client.connect(HOST, ports[mode])
            client.login(account, PASSWORD, secure=mode == "ftpes")
            client.prot_p()
            answers.add(f"{mode} sign-in", began)
            began = time.time()
            client.storbinary(f"STOR {file.name}", io.BytesIO(file.content))
            answers.add(f"{mode} STOR", began)
            began = time.time()
            client.nlst()
            answers.add(f"{mode} NLST", began)
    except ftplib.all_errors as error:  # those of TLS are among them
        answers.add(f"{mode} broken", began, f"{type(error).__name__}: {error}")
