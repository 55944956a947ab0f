"""`instroom serve`: the web, the file server and the worker in one process. The only module that starts several
doors."""

from collections.abc import Iterator
from threading import Event, Thread
from typing import Any

import click

from instroom.config.file_server import file_server
from instroom.config.watching import watched_folder
from instroom.doors.ftp.command import listening_line
from instroom.doors.ftp.server import FileServer
from instroom.doors.watch.loop import watch
from instroom.doors.web.command import serve_web
from instroom.doors.worker.loop import work_until
from instroom.flow.file_server.watched_folder import Watcher, WatchOptions

_LAST_STEP = 60.0  # seconds that a step gets to finish; an interrupted step is resumed at the next start


@click.command(name="serve")
@click.pass_obj
def command(asked: Any) -> int:
    """Serve the web pages on INSTROOM_HTTP (default 127.0.0.1:8000) and the file server on INSTROOM_FTP_PORT,
    INSTROOM_FTPES_PORT and INSTROOM_FTPS_PORT, watch the folder INSTROOM_WATCH where that is set, and carry deliveries
    on, until it is stopped."""
    files = FileServer(file_server())
    stop = Event()
    threads = [
        Thread(target=work_until, args=(stop,), name="worker", daemon=True),
        Thread(target=files.run, name="ftp", daemon=True),
        *_watching(stop),
    ]
    for thread in threads:
        thread.start()
    try:
        serve_web(asked.lang, listening_line(files, asked.lang))
    finally:
        stop.set()
        files.stop()
        for thread in threads:
            thread.join(_LAST_STEP)
    return 0


def _watching(stop: Event) -> Iterator[Thread]:
    if folder := watched_folder():
        yield Thread(target=watch, args=(Watcher(WatchOptions(folder), file_server()), stop), name="watch", daemon=True)
