"""The web server: Django and the static files, in threads of this process."""

import gc
import platform
import tempfile
import time
from collections.abc import Callable
from http.cookies import SimpleCookie
from typing import Any

from django.core.checks.urls import check_resolver
from django.core.handlers.wsgi import WSGIHandler
from django.urls import get_resolver
from waitress.server import BaseWSGIServer, create_server

from instroom.config.listening import Listening
from instroom.core.errors import SettingsError
from instroom.core.model import Limits
from instroom.doors.web.frame.assets import with_assets
from instroom.doors.web.frame.clients import CONNECTIONS, HEADER_BYTES, IDLE, Channel
from instroom.doors.web.frame.proxies import behind_proxies
from instroom.store.files import scratch

_THREADS = 16  # programs that wait for a change hold half of them, at most: `doors.api.long_poll`
_ROOM = 1024 * 1024  # bytes: what a form holds beside the file, and a file that is just too large to be told so


def make_server(listening: Listening, sockets: dict[int, Any]) -> Any:
    """A server that listens already; its `run` serves for as long as there are `sockets`.

    Raises SettingsError where it cannot listen there, or runs under a Python that will not do.
    """
    refuse_slow_cookies()
    scratch.delete_orphans()
    tempfile.tempdir = str(scratch.process_folder())  # of content on its way in too: a folder of ours, not everybody's
    Channel.proxies = listening.proxies
    BaseWSGIServer.channel_class = Channel  # it can be said nowhere else
    application = WSGIHandler()
    check_resolver(get_resolver())  # loads all pages, which a first visitor need not wait for either
    gc.collect()
    gc.freeze()  # what is loaded now lives as long as the server: looking through it made a page wait for 50 to 90 ms
    try:
        return create_server(
            behind_proxies(with_assets(application), listening.proxies),
            map=sockets,
            host=listening.host,
            port=listening.port,
            threads=_THREADS,
            ident=None,
            connection_limit=CONNECTIONS,
            channel_timeout=IDLE,
            cleanup_interval=10,
            asyncore_use_poll=True,  # `select` knows no more than 1024 connections
            max_request_header_size=HEADER_BYTES,
            max_request_body_size=Limits().file_bytes + _ROOM,
            clear_untrusted_proxy_headers=False,  # `behind_proxies` does, and knows networks
        )
    except OSError as error:
        raise SettingsError("http-cannot-listen", address=listening, reason=error.strerror) from error


def refuse_slow_cookies(read: Callable[[str], object] = SimpleCookie) -> None:
    """Raises SettingsError under a Python that takes the square of a quoted cookie's length to read it (CVE-2024-7592).

    Judged by what it does, as in scripts/find-python: distributions mend such faults without a new version.
    """
    begin = time.process_time()
    read('a="' + '\\"' * 5_000 + '"')
    if time.process_time() - begin > 0.1:  # seconds; 0.003 where it is mended, 0.3 where it is not
        raise SettingsError("python-slow-at-cookies", version=platform.python_version())
