"""An OpenID Connect provider that does as a test says, behind a real HTTP server. It signs with joserfc."""

import hmac
import json
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from time import time
from typing import Any
from urllib.parse import parse_qs, urlsplit

from joserfc import jwt
from joserfc.jwk import ECKey, RSAKey

KEYS = {"first": RSAKey.generate_key(2048, {"kid": "first"}), "second": ECKey.generate_key("P-256", {"kid": "second"})}


class OidcProvider(ThreadingHTTPServer):
    """Tests change its fields: what it says of itself, of the person, and how it signs."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Request)
        self.issuer = f"http://127.0.0.1:{self.server_address[1]}"
        self.metadata: dict[str, Any] = {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
            "token_endpoint_auth_methods_supported": ["client_secret_basic"],
        }
        self.person: dict[str, Any] = {"sub": "s-1", "email": "anna@voorbeeld.example", "preferred_username": "anna"}
        self.key, self.algorithm, self.published = "first", "RS256", ["first"]
        self.header: dict[str, Any] = {}
        """More for the header of what it signs."""
        self.claims: dict[str, Any] = {}
        """In the place of those of the ID token; None for one that it leaves out."""
        self.asked: dict[str, str] = {}
        """The last request for authorization."""
        self.codes: set[str] = set()
        self.requests: list[str] = []

    def authorize(self, address: str) -> dict[str, str]:
        """What it sends a browser back with that has come to this address, with the person signed in."""
        self.asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        code = f"code-{len(self.codes)}"
        self.codes.add(code)
        return {"code": code, "state": self.asked["state"], "iss": self.issuer}

    def id_token(self) -> str:
        """For the last request."""
        now = int(time())
        claims = {"iss": self.issuer, "aud": self.asked["client_id"], "exp": now + 300, "iat": now}
        return self.sign({**claims, "nonce": self.asked["nonce"], **self.person, **self.claims})

    def sign(self, claims: dict[str, Any]) -> str:
        claims = {name: value for name, value in claims.items() if value is not None}
        if self.algorithm in ("none", "HS256"):  # by hand: joserfc refuses to sign so
            head = {"alg": self.algorithm, "kid": self.key}
            signed = b".".join(_base64(json.dumps(one).encode()) for one in (head, claims))
            public = KEYS[self.key].as_pem(private=False)  # which everybody has
            signature = hmac.digest(public, signed, "sha256") if self.algorithm == "HS256" else b""
            return (signed + b"." + _base64(signature)).decode()
        return jwt.encode(
            {"alg": self.algorithm, "kid": self.key, **self.header}, claims, KEYS[self.key], [self.algorithm]
        )

    def redeem(self, form: dict[str, str]) -> tuple[int, dict[str, Any]]:
        """Tokens for a code, once, and to who began the request (RFC 7636)."""
        challenge = _base64(sha256(form["code_verifier"].encode()).digest()).decode()
        if form["code"] not in self.codes or challenge != self.asked["code_challenge"]:
            return 400, {"error": "invalid_grant"}
        self.codes.discard(form["code"])
        self.codes.add(f"used {form['code']}")
        return 200, {"access_token": "a-1", "token_type": "Bearer", "id_token": self.id_token()}


def _base64(data: bytes) -> bytes:
    return urlsafe_b64encode(data).rstrip(b"=")


class _Request(BaseHTTPRequestHandler):
    server: OidcProvider

    def do_GET(self) -> None:
        self.server.requests.append(self.path)
        if self.path == "/.well-known/openid-configuration":
            self._answer(200, self.server.metadata)
        elif self.path == "/keys":
            self._answer(200, {"keys": [KEYS[name].as_dict(private=False) for name in self.server.published]})
        elif self.path == "/userinfo":
            self._answer(200, self.server.person)
        else:
            self._answer(404, {})

    def do_POST(self) -> None:
        self.server.requests.append(self.path)
        form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        self._answer(*self.server.redeem({name: values[0] for name, values in form.items()}))

    def _answer(self, status: int, document: Any) -> None:
        body = json.dumps(document).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *arguments: Any) -> None:
        """Says nothing."""


@contextmanager
def oidc_provider() -> Iterator[OidcProvider]:
    """One that listens until the end."""
    with OidcProvider() as server:
        thread = Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
