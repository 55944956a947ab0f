"""By which ways programs come in at the file server, as suppliers are told (product.md F1).

A server that runs notes in its folder where it listens: it may have got other ports than are usual, and pages may be
served by another process.
"""

import json
import secrets
from collections.abc import Mapping
from typing import Any, Final, NamedTuple, cast

from django.conf import settings

from instroom.config.file_server import OFF, FileServerSettings, Mode, file_server, folder
from instroom.flow.file_server.certificate import Certificate, own_certificate

_NOTE: Final = "server.json"


class WaysIn(NamedTuple):
    """What a program must know to come in."""

    host: str
    ports: Mapping[Mode, int]
    passive: tuple[int, int]
    """The first and the last port for data."""
    fingerprint: str
    """The SHA-256 of the certificate where it is signed by itself; "" where authorities vouch for it."""


def ways_in() -> WaysIn:
    """Those that the server has noted; where none has run here, those of the settings. Raises SettingsError."""
    try:
        noted: Any = json.loads((folder() / _NOTE).read_text(encoding="utf-8"))
        ports, passive = noted["ports"], noted["passive"]
        fingerprint = own_certificate(folder()).fingerprint() if noted["own"] else ""
    except (OSError, ValueError, KeyError, TypeError):
        chosen = file_server()
        ports, passive, fingerprint = _wished(chosen), (chosen.passive[0], chosen.passive[-1]), ""
    return WaysIn(settings.INSTROOM_FTP_NAME, ports, cast(tuple[int, int], tuple(passive)), fingerprint)


def make_known(chosen: FileServerSettings, ports: Mapping[Mode, int]) -> None:
    """Note where a server listens that has just begun. Raises OSError."""
    own = chosen.certificate is None
    facts = {"ports": dict(ports), "passive": [chosen.passive[0], chosen.passive[-1]], "own": own}
    chosen.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = chosen.folder / f"{_NOTE}.{secrets.token_hex(4)}"
    draft.write_text(json.dumps(facts), encoding="utf-8")
    draft.replace(chosen.folder / _NOTE)


def certificate_of(chosen: FileServerSettings) -> Certificate:
    """The site's own, or one that is made here. Raises OSError."""
    if chosen.certificate and chosen.key:
        return Certificate(chosen.certificate, chosen.key)
    return own_certificate(chosen.folder)


def _wished(chosen: FileServerSettings) -> dict[Mode, int]:
    """Where it will listen; a port that is any free one is not known before."""
    found = {mode: ports.usual if ports.wished is None else ports.wished for mode, ports in chosen.ports.items()}
    return {mode: port for mode, port in found.items() if port not in (OFF, 0)}
