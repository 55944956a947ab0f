"""`instroom web`: the web pages, for production. The worker runs beside it."""

from typing import Any, Final

import click

from instroom.config.listening import http
from instroom.config.log_lines import announce
from instroom.config.stopping import when_stopped
from instroom.doors.web.frame.server import make_server
from instroom.flow.heartbeat import beating

_LISTENING: Final = {
    "nl": "Instroom staat klaar op {address}. Stoppen: Ctrl+C.",
    "en": "Instroom is ready at {address}. To stop: Ctrl+C.",
}


@click.command(name="web")
@click.pass_obj
def command(asked: Any) -> int:
    """Serve the web pages on INSTROOM_HTTP (default 127.0.0.1:8000), until it is stopped."""
    serve_web(asked.lang)
    return 0


def serve_web(lang: str, also: str = "") -> None:
    """Serve until SIGTERM or Ctrl+C; what is being answered then is answered. Raises SettingsError.

    `also` is said once it listens.
    """
    listening = http()
    sockets = dict[int, Any]()
    server = make_server(listening, sockets)
    listening = listening._replace(port=server.effective_port)  # another one, where 0 was asked for
    when_stopped(lambda: server.trigger.pull_trigger(sockets.clear))  # `run` ends where it has none to wait for
    announce(_LISTENING[lang].format(address=f"http://{listening}/"))
    if also:
        announce(also)
    try:
        with beating("web"):
            server.run()
            server.task_dispatcher.shutdown()
    finally:
        server.close()
