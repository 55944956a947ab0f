"""`instroom backup`: a copy of all of the site, made while it works."""

from pathlib import Path

import click

from instroom.doors.cli.context import Invocation
from instroom.doors.cli.database import refuse_other_tables
from instroom.doors.cli.input_file import shown
from instroom.doors.cli.options import text_or_json
from instroom.doors.cli.output.streams import answer, write_json
from instroom.doors.cli.output.words import phrase
from instroom.flow.backup.making import make

_MB = 1_000_000


@click.command(name="backup")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.option(
    "--with-secret-key",
    is_flag=True,
    help="Put the secret key in the backup too: whoever has the backup can then read everything in it.",
)
@text_or_json
@click.pass_obj
def command(invocation: Invocation, folder: Path, with_secret_key: bool, form: str) -> int:
    """Copy the database and the files of this site into FOLDER, while everything goes on.

    FOLDER is empty, or has the backup of an earlier run: then only new files are copied, and the new backup replaces
    that one when it is whole. One that is broken off is no backup: run the command again.
    """
    refuse_other_tables()
    made = make(folder.absolute(), with_key=with_secret_key)
    if form == "json":
        write_json(made._asdict())
    else:
        facts = {"folder": shown(folder), "files": made.files, "copied": made.copied}
        answer(phrase("backup-made", invocation.lang, megabytes=-(-made.bytes // _MB), **facts))
        if made.gone:
            answer(phrase("backup-gone", invocation.lang, gone=made.gone))
        answer(phrase("backup-with-key" if with_secret_key else "backup-without-key", invocation.lang))
    return 0
