"""Signing in with providers that others have made, over HTTP: a small one, and Canaille."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from html import unescape
from http.client import HTTPConnection
from threading import Thread
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit
from uuid import uuid4

import pytest
from django.test import override_settings

from instroom.config.listening import networks
from instroom.flow import find
from instroom.flow.news import links
from instroom.flow.operations.init import add_customer
from instroom.flow.people import members
from instroom.flow.sign_in_providers import discovery, identities, manage, signing_in
from instroom.flow.sign_in_providers.manage import GroupRoles, ProviderSettings
from instroom.flow.sign_in_providers.refused import Refused
from instroom.store.models import SignInProvider, User

CLIENT = {"client_id": "instroom", "client_secret": "geheim &?"}
pytestmark = [pytest.mark.slow, pytest.mark.on_sqlite_alone, pytest.mark.filterwarnings("ignore")]


@pytest.fixture(autouse=True)
def customer() -> Iterator[None]:
    discovery.forget()
    add_customer("ons", "Ons BV", {"ons-operator": ("operator",)})
    with override_settings(INSTROOM_PROVIDER_PRIVATE=networks("INSTROOM_PROVIDER_PRIVATE", "127.0.0.1,::1")):
        yield


def set_up(issuer: str, **settings: Any) -> SignInProvider:
    chosen = ProviderSettings(issuer=issuer, groups={"hr": GroupRoles(["supplier"])}, **settings)
    manage.save(find.customer("ons"), chosen, by=find.user("ons-operator"))
    return SignInProvider.objects.select_related("customer").get()


def answer_of(address: str, form: dict[str, str] | None = None) -> dict[str, str]:
    """Where a browser is sent that comes to this address, or fills in its form: what the provider answers us."""
    where = urlsplit(address)
    line = HTTPConnection(where.hostname or "", where.port)
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    body = None if form is None else urlencode(form)
    line.request("GET" if form is None else "POST", f"{where.path}?{where.query}", body, headers)
    response = line.getresponse()
    assert response.status == 302, unescape(re.sub("<[^>]*>", " ", response.read().decode()))
    return dict(parse_qsl(urlsplit(response.headers["Location"]).query))


def sign_in(provider: SignInProvider, form: dict[str, str] | None = None) -> User:
    departure = signing_in.begin(provider)
    answer = answer_of(departure.address, form)
    return identities.sign_in(provider, departure.cookie, answer, "192.0.2.1", here=None).identity.user


def test_the_mock_provider() -> None:
    from oidc_provider_mock import User as Known
    from oidc_provider_mock import run_server_in_thread

    people = [Known(sub="anna", claims={"groups": ["hr"]}), Known(sub="bram", claims={"groups": ["other"]})]
    with run_server_in_thread(user_claims=people, require_nonce=True) as server:
        provider = set_up(f"http://localhost:{server.server_port}", **CLIENT)
        anna = sign_in(provider, {"sub": "anna"})
        assert sign_in(provider, {"sub": "anna"}) == anna
        with pytest.raises(Refused) as refusal:
            sign_in(provider, {"sub": "bram"})
        assert refusal.value.reason == "unknown"


@contextmanager
def canaille(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    from canaille import create_app
    from canaille.backends import Backend
    from joserfc.jwk import RSAKey
    from portpicker import pick_unused_port
    from pytest_iam import Server

    monkeypatch.setenv("AUTHLIB_INSECURE_TRANSPORT", "1")
    port, key = pick_unused_port(), RSAKey.generate_key(2048, {"kid": "first"})
    settings = {
        "TESTING": True,
        "ENV_FILE": None,
        "SECRET_KEY": str(uuid4()),
        "WTF_CSRF_ENABLED": False,
        "PREFERRED_URL_SCHEME": "http",
        "SERVER_NAME": f"localhost:{port}",
        "CANAILLE": {"DATABASE": "memory", "JAVASCRIPT": False, "ACL": {"DEFAULT": {"PERMISSIONS": ["use_oidc"]}}},
        "CANAILLE_OIDC": {"ACTIVE_JWKS": [key.as_dict(private=True)]},
    }
    app = create_app(config=settings)
    server = Server(app, port, Backend.instance)
    thread = Thread(target=server.httpd.serve_forever)
    thread.start()
    try:
        with app.app_context():
            yield server
    finally:
        server.httpd.shutdown()
        thread.join()
        server.httpd.server_close()


def test_canaille(monkeypatch: pytest.MonkeyPatch) -> None:
    with canaille(monkeypatch) as server:
        client = server.models.Client(
            **CLIENT,
            client_name="Instroom",
            redirect_uris=[links.provider_answer(find.customer("ons"))],
            token_endpoint_auth_method="client_secret_post",  # noqa: S106 - not a secret
            response_types=["code"],
            grant_types=["authorization_code"],
            scope=["openid", "email", "profile", "groups"],
            id_token_signed_response_alg="RS256",  # noqa: S106 - not a secret
        )
        server.backend.save(client)
        server.backend.update(client, audience=[client])
        server.backend.save(client)
        person = server.random_user(user_name="anna", emails=["anna@voorbeeld.example"])
        group = server.random_group(display_name="hr", members=[person])
        server.backend.update(person, groups=[group])
        server.backend.save(person)
        server.login(person)
        server.consent(person, client)
        provider = set_up(server.url.rstrip("/"), **CLIENT)
        anna = sign_in(provider)
        assert sign_in(provider) == anna
        assert members.person(find.customer("ons"), anna.pk).roles == ["supplier"]
        provider.client_secret = signing_in.seal("een ander", signing_in.SECRET)
        with pytest.raises(Refused) as refusal:
            sign_in(provider)
        assert refusal.value.reason == "answer"
