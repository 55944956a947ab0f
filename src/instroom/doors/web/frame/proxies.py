"""Believes the proxies of INSTROOM_PROXY, and nobody else, about who their client is and whether it came by TLS."""

import logging
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final

from waitress.proxy_headers import proxy_headers_middleware

from instroom.config.listening import Network, is_among

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]
_BELIEVED: Final = {"x-forwarded-for", "x-forwarded-proto"}
_log = logging.getLogger("instroom.web")


def behind_proxies(application: Application, proxies: Sequence[Network]) -> Application:
    """Where the pages are behind a proxy, one that is not named would be sent to https for ever: it is told so."""
    believing: Application = proxy_headers_middleware(application, trusted_proxy="*", trusted_proxy_headers=_BELIEVED)
    doubting: Application = proxy_headers_middleware(application)
    told = set[str]()

    def serve(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        peer = str(environ.get("REMOTE_ADDR", ""))
        if is_among(peer, proxies):
            return believing(environ, start_response)
        if proxies and "https" in environ.get("HTTP_X_FORWARDED_PROTO", "").lower():
            if len(told) < 100 and peer not in told:
                told.add(peer)
                _log.warning(
                    "INSTROOM_PROXY does not name %s, through which requests come", peer, extra={"address": peer}
                )
            return _refuse(peer, start_response)
        return doubting(environ, start_response)

    return serve


def _refuse(peer: str, start_response: Callable[..., Any]) -> Iterable[bytes]:
    said = (
        f"This request came through a proxy at {peer}, which INSTROOM_PROXY does not name.\n"
        f"Dit verzoek kwam via een proxy op {peer}, die niet in INSTROOM_PROXY staat.\n"
    ).encode()
    start_response(
        "502 Bad Gateway", [("Content-Type", "text/plain; charset=utf-8"), ("Content-Length", str(len(said)))]
    )
    return [said]
