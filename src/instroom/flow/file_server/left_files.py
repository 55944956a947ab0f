"""Complete uploads that have not become deliveries, because their programs never renamed them (product.md F3).

A person delivers them as they are, or deletes them. Otherwise they are deleted after `upload_names.KEPT`.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db import transaction

from instroom.core.errors import NotFound
from instroom.flow import audit, permissions
from instroom.flow.file_server.take_in import take_in
from instroom.flow.file_server.upload_names import kept_until, received_at
from instroom.store.files import sealed_file, unnamed_files
from instroom.store.files.site_store import upload_folder
from instroom.store.files.unnamed_files import UnnamedFile
from instroom.store.models import Delivery, FileAccount, User


class LeftFile(NamedTuple):
    """An upload that waits for its name, or for a person."""

    id: UUID
    name: str
    bytes: int
    received_at: datetime
    kept_until: datetime
    may_be_renamed: bool
    """Whether its program still has time to rename it."""


def left_files(account: FileAccount) -> list[LeftFile]:
    """Those of an account, the oldest first."""
    found = []
    for one in unnamed_files.unnamed_files(upload_folder(), account.pk.hex):
        try:
            size = sealed_file.at(one.file).size()
        except FileNotFoundError:  # it is a delivery by now
            continue
        found.append(LeftFile(one.id, one.name, size, received_at(one), kept_until(one), not one.is_left))
    return found


def document(one: LeftFile) -> dict[str, Any]:
    """How an upload that was left stands in the API."""
    moments = {"received_at": one.received_at.isoformat(), "kept_until": one.kept_until.isoformat()}
    return {"id": str(one.id), "name": one.name, "bytes": one.bytes, **moments, "may_be_renamed": one.may_be_renamed}


def deliver(account: FileAccount, file_id: UUID, *, by: User) -> Delivery:
    """Make it a delivery under the name that it has. Raises NotFound and NotAllowed."""
    permissions.check(by, "configure", account.customer)
    one = _left(account, file_id)
    with _transaction():  # the record first: nothing is done without it
        audit.note(account.customer, "left-file-delivered", by, account=account.name, name=one.name)
        one.release(one.name, one.folder)
    return take_in(one.base, one.id) or Delivery.objects.get(pk=one.id)


def delete(account: FileAccount, file_id: UUID, *, by: User) -> None:
    """Raises NotFound and NotAllowed."""
    permissions.check(by, "configure", account.customer)
    one = _left(account, file_id)
    with _transaction():
        audit.note(account.customer, "left-file-deleted", by, account=account.name, name=one.name)
        one.delete()


@contextmanager
def _transaction() -> Iterator[None]:
    """Raises NotFound where the file is gone."""
    try:
        with transaction.atomic():
            yield
    except FileNotFoundError as error:
        raise NotFound("no-left-file") from error


def _left(account: FileAccount, file_id: UUID) -> UnnamedFile:
    try:
        return unnamed_files.get_unnamed(upload_folder(), account.pk.hex, file_id)
    except FileNotFoundError as error:
        raise NotFound("no-left-file") from error
