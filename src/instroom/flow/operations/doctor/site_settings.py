"""The settings of the site: whether they can be used at all, and whether they fit together."""

import ipaddress
import os
from collections.abc import Iterator
from contextlib import suppress
from typing import Any, Final
from urllib.parse import urlsplit

from instroom.config import secret, setup
from instroom.config.file_server import file_server
from instroom.config.home import home
from instroom.config.listening import Network, http, proxies, site_url
from instroom.core.errors import SettingsError
from instroom.flow.operations.doctor.diagnosis import Asked, Diagnosis, diagnosis

_PROXIES: Final = ("INSTROOM_PROXY", "INSTROOM_FTP_PROXY")


def are_loaded() -> bool:
    """Whether Django has read them without a fault."""
    from django.apps import apps  # noqa: PLC0415 - `setup` takes 0.3 s, and this does not

    return apps.ready


def look(asked: Asked) -> Iterator[Diagnosis]:
    _keep_from_making_a_key()
    wrong = {one.sentence("en"): one for one in map(_problem_of, (setup, http, file_server)) if one}  # each once
    yield from wrong.values()
    if not wrong:
        yield from [*_address(), *_proxies()] or [diagnosis("settings")]


def _keep_from_making_a_key() -> None:
    """Whoever loads the settings of a new site makes its secret key. The doctor has one of its own instead, which opens
    nothing and is gone with its process: where the key is lost, it stays lost until it is put back."""
    with suppress(SettingsError):  # told below
        if not secret.chosen_keys() and not (home() / "secret-key").exists():
            os.environ["INSTROOM_SECRET_KEY"] = secret.new_key()


def _problem_of(read: Any) -> Diagnosis | None:
    try:
        read()
    except SettingsError as error:
        return diagnosis("setting-wrong", problem=error)
    except Exception as error:  # such as a secret key that cannot be read
        return diagnosis("settings-broken", kind=type(error).__name__)
    return None


def _address() -> Iterator[Diagnosis]:
    url = site_url(os.environ.get("INSTROOM_URL", ""))
    host = urlsplit(url).hostname or ""
    if not url and (os.environ.get("INSTROOM_SMTP") or not is_loopback(http().host)):
        yield diagnosis("url-missing")
    elif url.startswith("http:") and not is_loopback(host):
        yield diagnosis("url-without-tls", url=url)


def _proxies() -> Iterator[Diagnosis]:
    for name in _PROXIES:
        if any(_is_everybody(one) for one in proxies(name, os.environ.get(name, ""))):
            yield diagnosis("proxy-is-everybody", name=name)


def _is_everybody(network: Network) -> bool:
    return network.prefixlen == 0


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches it."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
