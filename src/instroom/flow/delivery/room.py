"""Whether there is room for what a customer delivers: its quota, the disk of this site, and its queue.

Every door asks before it takes a file in. The quota is of all that is kept: delivered files and their reports, and what
stands or is under way in the folders of its accounts.
"""

from pathlib import Path
from typing import Final, NamedTuple
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Sum

from instroom.core.errors import NotAllowed
from instroom.flow import audit, permissions
from instroom.flow.delivery.states import AT_WORK
from instroom.store import data_keys
from instroom.store.data_keys import DataKey
from instroom.store.files import disk
from instroom.store.files.site_store import upload_folder
from instroom.store.files.uploads import AccountFolders
from instroom.store.models import Customer, Delivery, FileAccount, User

MB: Final = 1024 * 1024
DEFAULT_QUOTA: Final = 20 * 1024 * MB
"""Bytes of a customer for which a site operator has not set another quota."""
MOST_QUOTA: Final = 1024 * 1024 * 1024 * MB  # a petabyte
MOST_WAITING: Final = 1_000
"""Deliveries of a customer that wait for us, or for an hour, a name or a date."""
MOST_WAITING_OF_ACCOUNT: Final = 500


class NoRoom(NotAllowed):
    """The quota of the customer is used, or the disk is full."""


class TooManyWaiting(NotAllowed):
    """So many deliveries wait already that another one has to come later."""


class Usage(NamedTuple):
    used: int
    quota: int

    @property
    def left(self) -> int:
        return max(self.quota - self.used, 0)


def usage_of(customer: Customer, base: Path | None = None) -> Usage:
    """`base` is the folder of the file server, where that is not the one of the settings. Raises StoreAway."""
    kept = Delivery.objects.filter(customer=customer, kept_bytes__gt=0).aggregate(bytes=Sum("kept_bytes"))["bytes"] or 0
    accounts = FileAccount.objects.filter(customer=customer).values_list("pk", flat=True)
    uploads = sum(AccountFolders(upload_folder(base), account.hex).used() for account in accounts)
    return Usage(kept + uploads, DEFAULT_QUOTA if customer.quota is None else customer.quota)


def refuse_without_room(
    customer: Customer, size: int, *, account: FileAccount | None = None, base: Path | None = None
) -> Usage:
    """How much the customer has, where a file of this size may come now, by an `account` of the file server or not.

    Raises NoRoom and TooManyWaiting.
    """
    waiting = Delivery.objects.filter(customer=customer, state__in=AT_WORK)
    if waiting.count() >= MOST_WAITING:
        raise TooManyWaiting("too-many-waiting", most=MOST_WAITING)
    if account and waiting.filter(account=account).count() >= MOST_WAITING_OF_ACCOUNT:
        raise TooManyWaiting("too-many-waiting", most=MOST_WAITING_OF_ACCOUNT)
    usage = usage_of(customer, base)
    if size > usage.left:
        raise _customer_full(customer, usage)
    _refuse_full_disk(size)
    return usage


def refuse_report(customer: Customer) -> None:
    """A report may go a tenth over the quota: what was taken in has a right to its answer. Raises NoRoom."""
    usage = usage_of(customer)
    if usage.used > usage.quota + usage.quota // 10:
        raise _customer_full(customer, usage)
    _refuse_full_disk(0)


def _customer_full(customer: Customer, usage: Usage) -> NoRoom:
    return NoRoom("customer-full", customer=customer.name, used=usage.used // MB, quota=usage.quota // MB)


def _refuse_full_disk(size: int) -> None:
    if not disk.has_room(Path(settings.INSTROOM_HOME), settings.INSTROOM_FREE_BYTES, size):
        raise NoRoom("no-room-on-disk")


class UploadRoom(NamedTuple):
    """What an account of the file server may send now."""

    bytes: int
    key: DataKey
    """Under which it is encrypted."""


def room_for_upload(account_id: UUID, base: Path) -> UploadRoom:
    """Raises NoRoom and TooManyWaiting."""
    account = FileAccount.objects.select_related("customer").get(pk=account_id)
    permissions.refuse_moving(account.customer)
    left = refuse_without_room(account.customer, 1, account=account, base=base).left
    return UploadRoom(left, data_keys.current(account.customer_id))


@transaction.atomic
def set_quota(customer: Customer, quota: int | None, *, by: User) -> None:
    """Set how many bytes a customer may take; None for the default. Raises NotAllowed."""
    permissions.check_site_operator(by)
    if quota is not None and not 0 <= quota <= MOST_QUOTA:
        raise NotAllowed("quota", most=MOST_QUOTA // MB)
    if quota != customer.quota:
        before, customer.quota = customer.quota, quota
        customer.save(update_fields=["quota"])
        audit.note(customer, "quota-changed", by, before=before, after=quota)
