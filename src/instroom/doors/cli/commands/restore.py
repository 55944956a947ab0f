"""`instroom restore`: the site of a backup, on a machine that has no site yet.

Django needs the secret key, and would make another one: so the key comes first, and what needs Django is loaded later.
"""

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from instroom.config import secret, setup
from instroom.config.home import home
from instroom.core.errors import NotFound, SettingsError
from instroom.doors.cli.context import Invocation
from instroom.doors.cli.options import text_or_json
from instroom.doors.cli.output.streams import answer, say, write_json
from instroom.doors.cli.output.words import phrase

if TYPE_CHECKING:
    from instroom.flow.backup.restoring import Restored


@click.command(name="restore")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.option("--verify", is_flag=True, help="Also compare all rows and the audit log with those of the backup.")
@click.option(
    "--newer",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="FOLDER",
    help="A newer backup of the same site: who had been erased when it was made is erased again.",
)
@text_or_json
@click.pass_obj
def command(invocation: Invocation, folder: Path, verify: bool, newer: Path | None, form: str) -> int:
    """Make the site of the backup in FOLDER: its database, brought to this version, and its files.

    INSTROOM_HOME is empty, but for the file secret-key, or not there yet. The database that INSTROOM_DATABASE_URL names
    and the places of INSTROOM_FILES and INSTROOM_FTP_FOLDER are empty too. The secret key is that of the backup, or
    else the one of INSTROOM_SECRET_KEY or of the file secret-key.
    """
    os.umask(0o077)
    folder = folder.absolute()
    _bring_key(folder)
    setup()
    from instroom.doors.cli.database import telling  # noqa: PLC0415 - see above
    from instroom.flow.backup.restoring import restore  # noqa: PLC0415

    with telling():
        restored = restore(folder, verify=verify, newer=newer and newer.absolute())
    if form == "json":
        write_json(restored._asdict())
    else:
        _print(invocation, restored, verify)
    say(phrase("restored-next", invocation.lang))
    return 0


def _bring_key(folder: Path) -> None:
    """Put the secret key of a backup in the home folder, where there is none. Raises SettingsError where it has none
    either, and NotFound where it is no backup."""
    place = home()
    if secret.chosen_keys() or (place / "secret-key").exists():
        return
    if not (folder / "manifest.json").is_file():
        raise NotFound("no-backup", folder=folder)
    if not (folder / "secret-key").is_file():
        raise SettingsError("restore-needs-key", name=place / "secret-key")
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    secret.keep(place, (folder / "secret-key").read_text(encoding="ascii").strip())


def _print(invocation: Invocation, restored: "Restored", verified: bool) -> None:
    facts, lang = restored._asdict(), invocation.lang
    answer(phrase("restored", lang, **facts))
    chosen = {
        "restored-gone": restored.gone,
        "restored-verified": verified,
        "restored-upgraded": restored.migrations,
        "restored-erased": restored.erased,
    }
    for code, holds in chosen.items():
        if holds:
            answer(phrase(code, lang, **facts))
