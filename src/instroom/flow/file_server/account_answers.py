"""The answer comes back where the file came in (product.md F4): `<name>.rapport.xlsx` and `.json`.

After the check, and whenever the delivery's state has changed since; the next delivery of that name replaces them.
"""

import json
import logging
from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path
from typing import BinaryIO, Final
from uuid import UUID

from django.db.models import F, Q, QuerySet
from django.utils import timezone

from instroom.core.errors import InstroomError, NotAllowed
from instroom.core.memory_file import memory_file
from instroom.core.report.files import write_report
from instroom.core.report.json_report import dump
from instroom.flow import audit, delivery_document, find
from instroom.flow.delivery.answer import answer_of
from instroom.flow.delivery.content import checked_of
from instroom.flow.delivery.forget import held_bsn
from instroom.flow.delivery.reports import BeingMade
from instroom.flow.delivery.room import NoRoom
from instroom.flow.delivery.states import CHECKABLE
from instroom.flow.file_server.account_sign_in import SignedIn
from instroom.flow.file_server.file_names import ANSWERS, is_answer
from instroom.flow.file_server.open_sessions import is_valid
from instroom.flow.file_server.throttled_log import DailyWarning, reason_of
from instroom.store import data_keys
from instroom.store.files import dropped_files, scratch, sealed_file
from instroom.store.files.delete_content import delete_content
from instroom.store.files.uploads import AccountFolders
from instroom.store.leases import ANSWERING, held
from instroom.store.models import Delivery, FileAccount

_RECENT: Final = timedelta(days=60)
_warning: Final = DailyWarning(logging.getLogger("instroom.ftp"))

Put = Callable[[BinaryIO, str], object]
"""Puts a file of this content and name in its place, in one step. Raises OSError."""


def answer_all(base: Path) -> int:
    """Write the answers of all deliveries by the file server whose state has changed since the last answer. Returns how
    many. An answer that cannot be written is logged and tried again."""

    def write(delivery: Delivery) -> None:
        folders = AccountFolders(base, delivery.account.pk.hex if delivery.account else "")
        landing = delivery.connection.folder if delivery.connection else ""
        folders.make([landing])
        key = data_keys.current(delivery.customer_id)
        _write(delivery, lambda content, name: sealed_file.at(folders.folder / landing / name).seal(content, key))

    due = _due().filter(watched=False)
    if not due.exists():
        return 0
    with held(ANSWERING) as lease:  # of two file servers one could put an older answer over a newer one
        return sum(_answered(delivery, write) for delivery in due) if lease else 0


def record_taken(folders: AccountFolders, path: Path, signed_in: SignedIn) -> None:
    """That the account takes one of its answers is in the audit log (product.md G2), before it gets it.

    Raises NotAllowed where the session is no longer valid.
    """
    account = FileAccount.ever.select_related("customer").get(pk=UUID(signed_in.id))
    if not is_valid(signed_in, account):
        raise NotAllowed("account-session-over", name=account.name)
    delivery = _answered_by(folders, path).order_by("-number").first()
    audit.note(account.customer, "answer-taken", None, delivery, account=account.name, file=path.name)


def delete_shown(base: Path, delivery: Delivery) -> None:
    """Delete what its account sees of a delivery: the file, and our answer unless it answers a newer delivery of that
    name. What lies in a watched folder is another program's."""
    if delivery.account_id and not delivery.watched:
        shown = AccountFolders(base, delivery.account_id.hex).folder
        delete_content(shown, delivery.bytes, delivery.sha256)
        if _is_newest(delivery):
            landing = delivery.connection.folder if delivery.connection else ""
            for suffix in ANSWERS:
                (shown / landing / f"{delivery.file_name}{suffix}").unlink(missing_ok=True)


def is_kept_answer(folders: AccountFolders, path: Path) -> bool:
    """Whether a file that the account sees is our answer to a delivery of which more than counts is kept."""
    return is_answer(path.name) and _answered_by(folders, path).filter(values_removed_at=None).exists()


def _answered_by(folders: AccountFolders, path: Path) -> QuerySet[Delivery]:
    """The deliveries to which it can be the answer."""
    landing = path.parent.relative_to(folders.folder).as_posix()
    file_name = path.name.removesuffix(".xlsx").removesuffix(".json").removesuffix(".rapport")
    deliveries = Delivery.objects.filter(account=UUID(folders.account), file_name=file_name, watched=False)
    of_folder = Q(connection__folder=landing) if landing != "." else Q(connection=None) | Q(connection__folder="")
    return deliveries.exclude(verdict="").filter(of_folder)


def answer_watched(folders: Mapping[UUID | None, Path]) -> int:
    """The same for deliveries from the watched folders of these accounts, in which another program reads them."""

    def write(delivery: Delivery) -> None:
        folder = folders[delivery.account_id]
        _write(delivery, lambda content, name: dropped_files.place(content, folder / name))

    return sum(_answered(delivery, write) for delivery in _due().filter(watched=True, account__in=list(folders)))


def _due() -> QuerySet[Delivery]:
    return (
        Delivery.objects.filter(account__isnull=False, received_at__gt=timezone.now() - _RECENT)
        .filter(account__removed_at=None)  # else nobody can fetch an answer
        .exclude(answered=F("state"))
        .exclude(state__in=CHECKABLE)
        .exclude(verdict="")  # ended before its check: superseded, withdrawn, or the same file as last time
        .filter(values_removed_at=None)
        .select_related("customer", "connection", "account")
        .order_by("account", "number")
    )


def _answered(delivery: Delivery, write: Callable[[Delivery], None]) -> bool:
    state = delivery.state
    try:
        if _is_newest(delivery):
            write(delivery)
    except BeingMade:
        return False  # the next round comes again
    except Exception as error:  # what is behind it goes on
        _warning.warn(f"the answer to delivery {delivery.pk}", f"it cannot be written: {reason_of(error)}")
        if not isinstance(error, InstroomError) or isinstance(error, NoRoom):
            return False
    Delivery.objects.filter(pk=delivery.pk).update(answered=state)
    return True


def _is_newest(delivery: Delivery) -> bool:
    same = {"account": delivery.account_id, "connection": delivery.connection_id, "file_name": delivery.file_name}
    later = Delivery.objects.filter(**same, number__gt=delivery.number)
    return not later.exclude(verdict="").exists()


def _write(delivery: Delivery, put: Put) -> None:
    if held_bsn(delivery):  # its file is gone: what was found, without its rows
        with scratch.folder() as folder:
            write_report("annotated", folder / "a.xlsx", checked_of(delivery), None, find.layout(delivery.layout))
            with (folder / "a.xlsx").open("rb") as content:
                put(content, f"{delivery.file_name}.rapport.xlsx")
    elif annotated := answer_of(delivery, patience=0).report("annotated", ".xlsx").opened():
        with annotated:
            put(annotated, f"{delivery.file_name}.rapport.xlsx")
    with memory_file() as draft:
        with draft.open("w", encoding="utf-8") as file:
            file.write(json.dumps(delivery_document.document(delivery), indent=2, ensure_ascii=False)[:-2])
            file.write(',\n"check": ')
            dump(checked_of(delivery), find.layout(delivery.layout), "nl", file)
            file.write("}\n")
        with draft.open("rb") as content:
            put(content, f"{delivery.file_name}.rapport.json")
