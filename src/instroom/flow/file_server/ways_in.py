"""How programs reach the file server, as suppliers are told (product.md F1).

A running server writes its ports to a file in its folder: it may have been given unusual ports, and another process may
serve the pages.
"""

import json
import secrets
from collections.abc import Mapping
from typing import Any, Final, NamedTuple, cast

from django.conf import settings

from instroom.config.file_server import OFF, FileServerSettings, Mode, file_server, folder
from instroom.flow.file_server.certificate import Certificate, chosen_certificate, own_certificate

_NOTE: Final = "server.json"


class WaysIn(NamedTuple):
    """What a program must know to connect."""

    host: str
    ports: Mapping[Mode, int]
    passive: tuple[int, int]
    """The first and the last port for data."""
    fingerprint: str
    """The SHA-256 of a self-signed certificate; "" if an authority signed it."""


def ways_in() -> WaysIn:
    """From the server's own file; if no server has run here, from the settings. Raises SettingsError."""
    try:
        noted: Any = json.loads((folder() / _NOTE).read_text(encoding="utf-8"))
        ports, passive = noted["ports"], noted["passive"]
        fingerprint = own_certificate(folder()).fingerprint() if noted["own"] else ""
    except (OSError, ValueError, KeyError, TypeError):
        chosen = file_server()
        wished = {mode: ports.usual if ports.wished is None else ports.wished for mode, ports in chosen.ports.items()}
        ports = {mode: port for mode, port in wished.items() if port not in (OFF, 0)}  # 0 is any free port
        passive, fingerprint = (chosen.passive[0], chosen.passive[-1]), ""
    return WaysIn(settings.INSTROOM_FTP_NAME, ports, cast(tuple[int, int], tuple(passive)), fingerprint)


def make_known(chosen: FileServerSettings, ports: Mapping[Mode, int]) -> None:
    """Record where a server that has just started listens. Raises OSError."""
    own = chosen_certificate(chosen) is None
    facts = {"ports": dict(ports), "passive": [chosen.passive[0], chosen.passive[-1]], "own": own}
    chosen.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = chosen.folder / f"{_NOTE}.{secrets.token_hex(4)}"
    draft.write_text(json.dumps(facts), encoding="utf-8")
    draft.replace(chosen.folder / _NOTE)


def certificate_of(chosen: FileServerSettings) -> Certificate:
    """The site's own certificate, or a self-signed one. Raises OSError."""
    return chosen_certificate(chosen) or own_certificate(chosen.folder)
