"""Asks the site as browsers, programs and file programs do, and notes what it answers."""

import ftplib
import http.client
import io
import json
import re
import secrets
import socket
import ssl
import time
from collections.abc import Collection
from http.cookies import SimpleCookie
from typing import Any, NamedTuple
from urllib.parse import urlencode

from bench.load.answers import Answers
from bench.load.site import Site
from bench.servers import HOST, PASSWORD

_SECONDS = 60.0
_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_NAME = re.compile(r"/load-\d+")
_FORM_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="(\w+)"')
_FORM = "application/x-www-form-urlencoded"


class Page(NamedTuple):
    status: int
    text: str
    address: str

    @property
    def json(self) -> Any:
        return json.loads(self.text) if self.status < 300 else {}


class Upload(NamedTuple):
    """A file as a form sends it."""

    name: str
    content: bytes


class Client:
    """One browser or program, with a connection for each request, as behind a proxy."""

    def __init__(self, site: Site, answers: Answers, token: str = "") -> None:
        self._site, self._answers, self._token = site, answers, token
        self._cookies: dict[str, str] = {}
        self._form_token = ""

    def get(self, address: str, accept: Collection[int] = (200,)) -> Page:
        """Follows where it is sent to, as a browser does."""
        return self._ask("GET", address, b"", "", {*accept, 302})

    def post(self, address: str, accept: Collection[int] = (302,), file: Upload | None = None, **fields: str) -> Page:
        """Send a form, with the token of the page before, and follow."""
        fields = {"csrfmiddlewaretoken": self._form_token, **fields} if self._form_token else fields
        content, kind = _multipart(file, fields) if file else (urlencode(fields).encode(), _FORM)
        return self._ask("POST", address, content, kind, accept)

    def post_json(self, address: str, document: object = None, accept: Collection[int] = (200, 201)) -> Page:
        content = json.dumps(document).encode() if document else b""
        return self._ask("POST", address, content, "application/json" if document else "", accept)

    def sign_in(self, name: str) -> None:
        self._cookies = {}
        self.get("/sign-in")
        self.post("/sign-in", name=name, password=PASSWORD)

    def _ask(self, method: str, address: str, content: bytes, kind: str, accept: Collection[int]) -> Page:
        what = f"{'api' if self._token else 'page'} {method} {_without_names(address)}"
        began = time.time()
        try:
            status, headers, text = self._send(method, address, content, kind)
        except (OSError, http.client.HTTPException) as error:
            self._answers.add(what, began, f"{type(error).__name__}: {error}")
            return Page(0, "", address)
        self._answers.add(what, began, "" if status in accept else f"status {status}{_why(text)}")
        self._cookies |= {
            one.key: one.value for line in headers.get_all("Set-Cookie", []) for one in SimpleCookie(line).values()
        }
        if found := _FORM_TOKEN.search(text):
            self._form_token = found[1]
        if status == 302:
            return self.get(headers["Location"])
        return Page(status, text, address)

    def _send(self, method: str, address: str, content: bytes, kind: str) -> tuple[int, http.client.HTTPMessage, str]:
        headers = {"Connection": "close", "User-Agent": "Mozilla/5.0 Firefox/140.0"}
        headers |= {"Authorization": f"Bearer {self._token}"} if self._token else {}
        headers |= {"Content-Type": kind} if kind else {}
        headers |= (
            {"Cookie": "; ".join(f"{name}={value}" for name, value in self._cookies.items())} if self._cookies else {}
        )
        connection = http.client.HTTPConnection(HOST, self._site.http, timeout=_SECONDS)
        try:
            connection.request(method, address, content or None, headers)
            answer = connection.getresponse()
            return answer.status, answer.headers, answer.read().decode("utf-8", "replace")
        finally:
            connection.close()


def _multipart(file: Upload, fields: dict[str, str]) -> tuple[bytes, str]:
    """A form with a file: its content and its type."""
    mark, head = secrets.token_hex(16), "Content-Disposition: form-data; name="
    parts = [f'--{mark}\r\n{head}"{name}"\r\n\r\n{value}\r\n' for name, value in fields.items()]
    parts.append(f'--{mark}\r\n{head}"file"; filename="{file.name}"\r\nContent-Type: text/csv\r\n\r\n')
    content = "".join(parts).encode() + file.content + f"\r\n--{mark}--\r\n".encode()
    return content, f"multipart/form-data; boundary={mark}"


def _without_names(address: str) -> str:
    path, _, query = address.partition("#")[0].partition("?")
    return _NAME.sub("/:customer", _ID.sub(":id", path)) + ("?wait" if "wait=" in query else "")


def _why(text: str) -> str:
    """The sentence of the API; of a page its title."""
    found = re.search(r'"type": ?"([^"]+)"|<h1>([^<]+)', text)
    return f", {(found[1] or found[2]).strip()}" if found else ""


class _ImplicitTls(ftplib.FTP_TLS):
    """FTPS: TLS from the first byte, which the standard library leaves to us."""

    def connect_tls(self, port: int) -> None:
        self.host, self.port, self.af = HOST, port, socket.AF_INET
        self.sock = self.context.wrap_socket(socket.create_connection((HOST, port), _SECONDS))
        self.file = self.sock.makefile("r", encoding=self.encoding)
        self.welcome = self.getresp()


def put(site: Site, answers: Answers, account: str, file: Upload, *, implicit: bool) -> None:
    """Upload by FTPES or FTPS, and read the list, in a session of its own."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    what = "ftps" if implicit else "ftpes"
    began = time.time()
    try:
        with _ImplicitTls(context=context, timeout=_SECONDS) as client:
            client.connect_tls(site.ftps) if implicit else client.connect(HOST, site.ftpes)
            client.login(account, PASSWORD, secure=not implicit)
            client.prot_p()
            answers.add(f"{what} sign-in", began)
            began = time.time()
            client.storbinary(f"STOR {file.name}", io.BytesIO(file.content))
            answers.add(f"{what} STOR", began)
            began = time.time()
            client.nlst()
            answers.add(f"{what} NLST", began)
    except (*ftplib.all_errors, ssl.SSLError) as error:
        answers.add(f"{what} broken", began, f"{type(error).__name__}: {error}")
