"""`instroom watch`: takes in the files that another FTP server drops in a folder. The worker runs beside it."""

from pathlib import Path
from threading import Event
from typing import Any, Final

import click

from instroom.config.file_server import file_server
from instroom.config.log_lines import announce
from instroom.config.stopping import when_stopped
from instroom.doors.watch.loop import PAUSE, watch
from instroom.flow.file_server.watched_folder import SETTLE, Watcher, WatchOptions

_WATCHING: Final = {
    "nl": "De map {folder} wordt bewaakt. Stoppen: Ctrl+C.",
    "en": "Watching the folder {folder}. To stop: Ctrl+C.",
}


@click.command(name="watch")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option(
    "--account", default="", metavar="NAME", help="All of DIR belongs to this account; there are no folders in it."
)
@click.option("--customer", default="", metavar="NAME", help="Take the files of this customer's accounts alone.")
@click.option(
    "--settle",
    type=click.FloatRange(0, 86_400),
    default=SETTLE,
    show_default=True,
    metavar="SECONDS",
    help="How long a file must have stayed as it is. 0 where the other server only ever renames whole files into their"
    f" place; else take more than {PAUSE * 2:.0f}.",
)
@click.option(
    "--ok",
    "with_marker",
    is_flag=True,
    help="Take a file only when NAME.ok or NAME.done stands beside it, made after it; then at once.",
)
@click.pass_obj
def command(asked: Any, folder: Path, account: str, customer: str, settle: float, with_marker: bool) -> int:
    """Take in the files that another server drops in DIR, until it is stopped.

    Each account of `instroom account` has a folder of its name in DIR. A file in it becomes a delivery as one that
    comes to the file server does, once it is complete: under its final name, open to nobody who writes, and unchanged
    for --settle seconds. It is taken away; the answers, NAME.rapport.xlsx and NAME.rapport.json, come in its place.

    Never taken: hidden files, names such as x.part, x.tmp, x.filepart, x.crdownload and x~, files of systems such as
    Thumbs.db, links, and what lies in folders further down. A file that is left alone is reported once. A name that no
    connection of the account has waits ten minutes for a rename. INSTROOM_FTP_FILE_MB, INSTROOM_FTP_FREE_MB and
    INSTROOM_FTP_FOLDER hold here too.
    """
    watcher = Watcher(WatchOptions(folder, account, customer, settle, with_marker), file_server())
    ending = Event()
    when_stopped(ending.set)
    announce(_WATCHING[asked.lang].format(folder=click.format_filename(folder)))
    watch(watcher, ending)
    return 0
