"""Every file that is kept of one customer, under the name that it has on any site (see `flow.moving`).

    files/<customer>/…        deliveries with their reports
    accounts/<account>/…      what an account of the file server sees
    handover/…                uploads that are no delivery yet, with their notes

Uploads under way or broken off are not among them: they last a day, and their program sends them again.
"""

import shutil
from collections.abc import Collection, Iterator
from typing import BinaryIO

from instroom.store.files import delivered_files, sealed_file, uploads
from instroom.store.files.folder_store import UNFINISHED
from instroom.store.files.sealed_file import SealedFile
from instroom.store.files.site_store import site_store, upload_folder
from instroom.store.files.unnamed_files import UnnamedFile, unnamed_files


def kept_files(customer: str, accounts: Collection[str]) -> Iterator[tuple[str, SealedFile]]:
    """The files of a customer with these accounts, by name, in an order in which they can be placed one by one: a note
    of the hand-over comes behind its file."""
    for stored in site_store().list(f"{customer}/"):
        yield f"files/{stored.key}", delivered_files.kept(stored.key)
    if not accounts:
        return
    own = upload_folder()
    for account in sorted(accounts):
        shown = uploads.AccountFolders(own, account).folder
        for path in sorted(shown.rglob("*")):
            if path.suffix not in UNFINISHED and path.is_file():
                yield f"accounts/{account}/{path.relative_to(shown)}", sealed_file.at(path)
    for base in (own, *own.glob("watch/*")):
        handed_over: list[uploads.WaitingFile | UnnamedFile] = [*uploads.waiting(base), *unnamed_files(base)]
        for one in handed_over:
            if one.facts["account"] in accounts:
                for path in (one.file, one.note):
                    yield f"handover/{path.name}", sealed_file.at(path)


def is_note(name: str) -> bool:
    """Whether it is about the file beside it, and in the clear."""
    kind, _, rest = name.partition("/")
    return (kind == "files" and rest.endswith(".json")) or (kind == "handover" and not rest.endswith(".file"))


def file_named(name: str) -> SealedFile:
    """Where a file of that name is kept on this site."""
    kind, _, rest = name.partition("/")
    if kind == "files":
        return delivered_files.kept(rest)
    if kind == "handover":
        return sealed_file.at(upload_folder() / "handover" / rest)
    account, _, rest = rest.partition("/")
    return sealed_file.at(uploads.AccountFolders(upload_folder(), account).folder / rest)


def place(name: str, content: BinaryIO) -> None:
    """Write a file as it was kept on another site: whole or not at all. Raises OSError."""
    file = file_named(name)
    with file.store.writing(file.key) as out:
        shutil.copyfileobj(content, out)
