"""The name at the end decides whose delivery an upload is (product.md F3): programs send under a name of their own, and
rename.

An upload under a name that may still change waits in the hand-over for its rename. What gets none becomes a delivery
under the name that it has; a name of an unfinished file, which nobody may have meant, is left for a person.
"""

import logging
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final, NamedTuple
from uuid import UUID

from django.db import DatabaseError, InterfaceError, transaction
from django.utils import timezone

from instroom.core.errors import NotAllowed, NotFound
from instroom.core.keys import file_key
from instroom.flow import audit, find, policies
from instroom.flow.file_server import failed_attempts
from instroom.flow.file_server.account_sign_in import SignedIn
from instroom.flow.file_server.file_names import is_delivery, is_final
from instroom.flow.file_server.open_sessions import is_valid
from instroom.flow.file_server.take_in import facts_of
from instroom.flow.file_server.throttled_log import DailyWarning, reason_of
from instroom.flow.waits import look_at_once
from instroom.store.files import unnamed_files, uploads
from instroom.store.files.unnamed_files import UnnamedFile
from instroom.store.files.uploads import AccountFolders
from instroom.store.models import Delivery, FileAccount
from instroom.store.states import State

RENAME_WITHIN: Final = timedelta(minutes=10)
KEPT: Final = timedelta(days=14)
"""How long an upload is kept that was left under the name of an unfinished file."""

_log = logging.getLogger("instroom.ftp")
_warning: Final = DailyWarning(_log)


class Committed(NamedTuple):
    """An upload that is complete and kept."""

    id: UUID
    is_unnamed: bool
    """Whether it waits for its name; else it becomes a delivery."""


def commit(folders: AccountFolders, part: Path, target: Path, *, signed_in: SignedIn | None = None) -> Committed:
    """Commit a complete upload. If the database is down, whose name it has is decided later.

    Raises OSError, NotFound where the account has been removed, and NotAllowed where the session of `signed_in` is no
    longer valid; then it is not kept.
    """
    folder = _folder_of(folders, target)
    try:
        account = _account(folders.account)
        if signed_in and not is_valid(signed_in, account):
            raise NotAllowed("account-session-over", name=account.name)
        is_unnamed = not is_final(target.name, account, folder)
    except (DatabaseError, InterfaceError):
        is_unnamed = True
    facts = facts_of(folders.account, target.name, folder)
    kept = uploads.commit(folders, part, target, facts, is_unnamed=is_unnamed)
    with suppress(DatabaseError, InterfaceError):  # only mails about failures depend on it
        failed_attempts.record_upload(UUID(folders.account))
    return Committed(kept, is_unnamed)


def _account(account_id: str) -> FileAccount:
    found = FileAccount.objects.filter(pk=account_id).select_related("customer").first()
    if found is None:
        raise NotFound("no-account", name=account_id)
    return found


class Renamable(NamedTuple):
    """An upload that its program may still rename: nobody has looked at it yet."""

    file: UnnamedFile | None = None
    stranger: UUID | None = None
    """Its delivery, which waits for a person since no connection has its name."""


def renamable(folders: AccountFolders, path: Path, waiting_id: UUID | None = None) -> Renamable | None:
    """The upload with this id; without one the newest under this name, if it can still be renamed."""
    waiting = unnamed_files.unnamed_files(folders.base, folders.account)
    asked = (file_key(path.name), file_key(_folder_of(folders, path)))
    same = (one for one in waiting if (file_key(one.name), file_key(one.folder)) == asked)
    mine = [one for one in waiting if one.id == waiting_id] if waiting_id else list(same)
    if mine:
        return Renamable(file=mine[-1])
    strangers = Delivery.objects.filter(
        account=UUID(folders.account), state=State.RECEIVED, waits_for="name", watched=False
    )
    found = strangers.filter(pk=waiting_id) if waiting_id else strangers.filter(file_name=path.name)
    pk = found.order_by("-number").values_list("pk", flat=True).first()
    return Renamable(stranger=pk) if pk else None


def rename(folders: AccountFolders, one: Renamable, path: Path) -> Committed | None:
    """Rename an upload, and pass it to the connection that has the new name. None if somebody has looked at it in the
    meantime. Raises OSError, FileNotFoundError if it is gone."""
    name, folder = path.name, _folder_of(folders, path)
    if one.file:
        is_unnamed = not is_final(name, _account(one.file.account), folder)
        if is_unnamed:
            one.file.rename(name, folder)
        else:
            one.file.release(name, folder)
        return Committed(one.file.id, is_unnamed)
    return _rename_stranger(one.stranger, name, folder) if one.stranger else None


def _folder_of(folders: AccountFolders, path: Path) -> str:
    """Where it lies below the account's own folder; "" for that one."""
    return path.parent.relative_to(folders.folder).as_posix().removeprefix(".")


@transaction.atomic
def _rename_stranger(pk: UUID, name: str, folder: str) -> Committed | None:
    waits = Delivery.objects.select_for_update(of=("self",)).filter(pk=pk, state=State.RECEIVED, waits_for="name")
    delivery = waits.select_related("customer", "account").first()
    if delivery is None or delivery.account is None:
        return None
    connection = find.connection_with_file(delivery.account, name, folder)
    before, delivery.file_name = delivery.file_name, name
    fields = ["file_name"]
    if connection:
        connection = find.hold_connection(connection)
        delivery.connection, delivery.waits_for, delivery.layout = connection, "hour", connection.layout
        delivery.policies = policies.file_policies(delivery.customer, connection, {})._asdict()
        fields += ["connection", "waits_for", "layout", "policies"]
    delivery.save(update_fields=fields)
    if connection:
        look_at_once(connection.pk)
    audit.record(delivery, "renamed", before=before, after=name, connection=connection.name if connection else "")
    return Committed(pk, connection is None)


def withdraw(folders: AccountFolders, waiting_id: UUID) -> None:
    """Delete an upload that waits for its name, as its program asks. Does nothing if it is a delivery by now."""
    with suppress(FileNotFoundError):
        unnamed_files.get_unnamed(folders.base, folders.account, waiting_id).delete()


def settle_names(base: Path) -> int:
    """Release uploads that have their final name or have waited long enough, and delete those that were left long ago.
    Returns how many were released."""
    count = 0
    for one in unnamed_files.unnamed_files(base):
        try:
            count += _settle(one)
        except Exception as error:  # what is behind it goes on
            _warning.warn(f"upload {one.id}", f"its name cannot be settled: {reason_of(error)}")
    unnamed_files.delete_remains(base)
    return count


def _settle(one: UnnamedFile) -> bool:
    if one.is_left:
        if timezone.now() > kept_until(one):
            _log.info("%r, left by its program, is deleted after %d days", one.name, KEPT.days)
            one.delete()
        return False
    is_due = one.age() > RENAME_WITHIN.total_seconds()
    if not is_delivery(one.name):
        if is_due:
            one.leave()
        return False
    if is_due or is_final(one.name, FileAccount.ever.get(pk=one.account), one.folder):
        one.release(one.name, one.folder)
        return True
    return False


def received_at(one: UnnamedFile) -> datetime:
    return datetime.fromisoformat(one.facts["at"])


def kept_until(one: UnnamedFile) -> datetime:
    return received_at(one) + KEPT
