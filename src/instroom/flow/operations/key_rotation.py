"""Replaces the keys under which data is encrypted, while everything runs (product.md G3).

A new key writes at once; what is under an older one is encrypted anew, row by row and file by file, and can be read all
the time. The worker goes on with it each day, and deletes an older key once nothing is under it any more.
"""

import logging
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import timedelta
from typing import Final, NamedTuple

from django.conf import settings
from django.db import transaction
from django.db.models import Model, QuerySet
from django.utils import timezone

from instroom.config import secret
from instroom.flow import audit
from instroom.flow.people import codes
from instroom.flow.sign_in_providers.signing_in import SECRET
from instroom.flow.webhooks import signing
from instroom.store import data_keys
from instroom.store.files import customer_files
from instroom.store.files.sealed_file import SealedFile
from instroom.store.files.sealed_stream import FileChanged, KeyGone
from instroom.store.leases import KEYS, held, held_or_refused, reports_of
from instroom.store.models import Customer, DataKey, FileAccount, SignInProvider, User, Webhook
from instroom.store.sealing import SealBroken, seal, unseal
from instroom.store.sql import sealed_columns

_PATIENCE: Final = 5.0  # seconds that the command waits for another change of keys
_READ_FOR: Final = timedelta(days=3)  # longer than what began under a key takes, such as an upload that breaks off
SITE_SEALED: Final[Mapping[type[Model], Mapping[str, str]]] = {
    User: {"totp_secret": codes.PURPOSE},
    Webhook: dict.fromkeys(("secret", "old_secret"), signing.PURPOSE),
    SignInProvider: {"client_secret": SECRET},
}
"""Model → column that is sealed with the site's secret key itself → for which purpose."""
_log = logging.getLogger(__name__)


class Rotated(NamedTuple):
    """What a change of keys has done."""

    site_key: bool
    """Whether the site has a new secret key too; no where the settings give the keys."""
    keys: int
    values: int
    files: int


def rotate() -> Rotated:
    """Replace the site's secret key, where it is a file of the home, and the data key of each customer and of the site;
    encrypt all that is stored anew. Where it is broken off, the worker goes on, or the next call."""
    with held_or_refused(KEYS, _PATIENCE):
        has_site_key = secret.add(settings.INSTROOM_HOME)
        data_keys.rewrap_all()
        audit.seal_ends()
        values = _reseal_secrets()
        secret.drop_older(settings.INSTROOM_HOME)
        owners = [None, *Customer.objects.values_list("pk", flat=True)]
        with transaction.atomic():
            for owner in owners:
                data_keys.replace(owner)
            audit.note(None, "keys-rotated", None, keys=len(owners))
    values += reseal_values()
    files = sum(map(reseal_files, Customer.objects.all()))
    return Rotated(has_site_key, len(owners), values, files)


def reseal_values() -> int:
    """Encrypt values under older keys with the present one. Gives how many: none the second time."""
    older = _older_keys()
    return sealed_columns.reseal({key.pk: data_keys.current(key.customer_id) for key in older})


def delete_unused_keys() -> int:
    """Delete keys that were replaced days ago, if nothing is under them. Gives how many."""
    unused = _older_keys().filter(replaced_at__lt=timezone.now() - _READ_FOR)
    count = 0
    for key in unused.select_related("customer"):
        in_files = key.customer and any(_key_id_of(one) == key.pk for one in files_of(key.customer))
        if not in_files and not sealed_columns.is_used(key.pk):
            count += key.delete()[0]
    return count


def _older_keys() -> QuerySet[DataKey]:
    return DataKey.objects.filter(replaced_at__isnull=False)


def _key_id_of(file: SealedFile) -> int | None:
    try:
        return file.key_id()
    except FileNotFoundError:  # deleted in the meantime
        return None


def _reseal_secrets() -> int:
    """Encrypt what is under the site's own key with its first one. A secret that none of them opens stays."""
    count = 0
    columns = [(model, *one) for model, purposes in SITE_SEALED.items() for one in purposes.items()]
    for model, column, purpose in columns:
        for row in model._default_manager.exclude(**{column: ""}).only(column):
            sealed = getattr(row, column)
            with suppress(SealBroken):
                same = model._default_manager.filter(pk=row.pk, **{column: sealed})
                count += same.update(**{column: seal(unseal(sealed, purpose), purpose)})
    return count


def reseal_files(customer: Customer) -> int:
    """Encrypt what is plain or under another key than the present one. Gives how many files: none the second time.

    A file that was changed on the disk is logged, and stays as it is.
    """
    key, count = data_keys.current(customer.pk), 0
    for file in files_of(customer):
        try:
            with suppress(FileNotFoundError, KeyGone):  # deleted in the meantime, or of another database
                if file.key_id() != key.id:
                    with held(reports_of(customer.pk)) as lease:  # else what is being deleted could come back
                        if lease:
                            file.reseal(key)
                            count += 1
        except FileChanged:
            _log.error("%s cannot be encrypted anew: it was changed or damaged on the disk", file.key)
    return count


def files_of(customer: Customer) -> Iterator[SealedFile]:
    """All that is kept encrypted for a customer: deliveries with their reports, what its accounts see, and what waits
    to become a delivery. Uploads that are under way or broken off are not among them: they last a day."""
    accounts = {account.pk.hex for account in FileAccount.ever.filter(customer=customer)}
    files = customer_files.kept_files(customer.name, accounts)
    yield from (file for name, file in files if not customer_files.is_note(name))
