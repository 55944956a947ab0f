"""Removes accounts of the file server of which nothing is under way.

Their deliveries stay, under the name that the account had. No complete upload is lost: one that ends at that very
moment is refused, or becomes a delivery that waits for a person.
"""

import shutil
from datetime import timedelta
from pathlib import Path
from typing import Final

from django.db import transaction
from django.utils import timezone

from instroom.core.errors import NotAllowed
from instroom.flow import audit, permissions
from instroom.flow.delivery.states import OUTCOMES
from instroom.flow.file_server import accounts
from instroom.flow.file_server.left_files import left_files
from instroom.store.files import uploads
from instroom.store.files.site_store import upload_folder
from instroom.store.models import Customer, Delivery, FileAccount, User

_SESSIONS_END: Final = timedelta(days=1)
"""What an open session still shows is not deleted under it."""


@transaction.atomic
def remove(account: FileAccount, *, by: User) -> None:
    """Remove an account, which frees its name. Raises NotFound, and NotAllowed while a connection uses it, or an upload
    of it is no delivery yet or is under way."""
    permissions.check(by, "configure", account.customer)
    held = accounts.hold(account)
    if names := list(held.connections.order_by("name").values_list("name", flat=True)):
        raise NotAllowed("account-in-use", name=held.name, connections=names)
    own = upload_folder()
    handed_over = [one for base in (own, *own.glob("watch/*")) for one in uploads.waiting(base)]
    if waiting := len(left_files(held)) + sum(one.facts["account"] == held.pk.hex for one in handed_over):
        raise NotAllowed("account-has-uploads", name=held.name, count=waiting)
    if under_way := Delivery.objects.filter(account=held, state__in=OUTCOMES["open"]).count():
        raise NotAllowed("account-under-way", name=held.name, count=under_way)
    held.removed_at, held.active = timezone.now(), False
    held.save(update_fields=["removed_at", "active"])
    held.addresses.all().delete()
    audit.note(held.customer, "account-removed", by, account=held.name)


def removed_of(customer: Customer) -> list[FileAccount]:
    """The removed accounts of a customer, the last one first."""
    return list(FileAccount.ever.filter(customer=customer).exclude(removed_at=None).order_by("-removed_at"))


def delete_folders(base: Path) -> None:
    """Delete the directories of removed accounts, with our answers in them; what is delivered is kept elsewhere."""
    for account in FileAccount.ever.filter(removed_at__lt=timezone.now() - _SESSIONS_END):
        shutil.rmtree(uploads.AccountFolders(base, account.pk.hex).folder.parent, ignore_errors=True)
