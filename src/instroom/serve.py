"""`instroom serve`: the web and the file server in one process, with a worker as its child. The only module that starts
several doors."""

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
from instroom.doors.worker.child import WorkerChild
from instroom.flow.file_server.watched_folder import Watcher, WatchOptions

_LAST_STEP = 60.0  # seconds that a step gets to finish; an interrupted step is resumed at the next start


@click.command(name="serve")
@click.pass_obj
def command(asked: Any) -> int:
    """Serve the web pages on INSTROOM_HTTP (default 127.0.0.1:8000) and the file server on INSTROOM_FTP_PORT,
    INSTROOM_FTPES_PORT and INSTROOM_FTPS_PORT, watch the folder INSTROOM_WATCH where that is set, and carry deliveries
    on with an `instroom worker` beside it, until it is stopped."""
    files = FileServer(file_server())
    stop = Event()
    worker = WorkerChild(asked.lang)
    threads = [
        Thread(target=files.run, name="ftp", daemon=True),
        *_watching(stop),
    ]
    worker.start()
    for thread in threads:
        thread.start()
    try:
        serve_web(asked.lang, listening_line(files, asked.lang))
    finally:
        stop.set()
        files.stop()
        worker.end(_LAST_STEP)
        for thread in threads:
            thread.join(_LAST_STEP)
    return 0


def _watching(stop: Event) -> Iterator[Thread]:
    if folder := watched_folder():
        yield Thread(target=watch, args=(Watcher(WatchOptions(folder), file_server()), stop), name="watch", daemon=True)
