"""The old site: closes a customer and writes its bundle, and lets it go once another site has it."""

import json
from collections.abc import Iterable, Iterator
from typing import Final

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from instroom.core.errors import CustomerMoving, NotAllowed
from instroom.flow import audit, permissions
from instroom.flow.moving.bundle import FORMAT, MANIFEST, RECEIPT, RELEASE, Bundle, BundledFile, Manifest
from instroom.flow.moving.closing import close
from instroom.flow.moving.sameness import layouts_of, tables_version
from instroom.flow.operations.key_rotation import SITE_SEALED
from instroom.flow.queries.audit_verification import verify
from instroom.store.files import customer_files
from instroom.store.leases import KEYS, held_or_refused, reports_of
from instroom.store.models import AuditEntry, AuditHead, Connection, Customer, Delivery, FileAccount, Role, User
from instroom.store.sql import customer_rows
from instroom.store.sql.customer_rows import Digest

_CLOSED_ACCOUNT: Final = {
    "password": "!", "email": "", "new_email": "", "totp_secret": "", "totp_since": None, "is_active": False,
}  # fmt: skip
_PATIENCE: Final = 60.0  # seconds for a step that is under way
_CHUNK: Final = 1024 * 1024


def write_bundle(customer: Customer, bundle: Bundle, *, by: User) -> None:
    """Close a customer, and write all of it into a folder without a bundle. What was broken off begins anew; of a
    complete bundle nothing is written again. Raises NotAllowed and OSError."""
    permissions.check_site_operator(by)
    if customer.arrived:
        raise CustomerMoving()
    if bundle.is_complete():
        if str(customer.move) != bundle.manifest().move:
            raise NotAllowed("bundle-of-another-move", folder=bundle.folder)
        return
    if verify(customer).fault:
        raise NotAllowed("move-audit-broken", name=customer.name)
    with (
        held_or_refused(customer.pk, _PATIENCE),
        held_or_refused(reports_of(customer.pk), _PATIENCE),
        held_or_refused(KEYS, _PATIENCE),  # no key comes or goes while rows and files are read
    ):
        move = close(customer, by=by)
        number, last = AuditHead.objects.values_list("number", "hash").get(pk=customer.pk)
        rows = dict(_write_rows(customer, bundle))
        manifest = Manifest(
            FORMAT,
            str(move),
            str(customer.pk),
            customer.name,
            settings.INSTROOM_ADDRESS,
            tables_version(),
            layouts_of(_layouts_named(customer)),
            (number, last),
            rows,
            list(_write_files(customer, bundle)),
        )
        bundle.write(MANIFEST, [json.dumps(manifest._asdict()).encode()])


def finish(name: str, bundle: Bundle, *, by: User) -> None:
    """Delete the customer here, as the receipt says that another site has all of it, and release it there. Doing it
    again changes nothing. Raises NotAllowed where it was cancelled, or something has come in since."""
    permissions.check_site_operator(by)
    manifest, receipt = bundle.manifest(), bundle.told(RECEIPT)
    if name != manifest.name:
        raise NotAllowed("move-not-of-site")
    if receipt.get("move") != manifest.move:
        raise NotAllowed("move-no-receipt")
    customer = Customer.objects.filter(pk=manifest.customer).first()
    if customer:
        _let_go(customer, manifest, receipt["arrival"], by)
    else:
        gone = AuditEntry.objects.filter(customer=None, action="customer-moved-away", facts__move=manifest.move)
        if not gone.filter(facts__arrival=receipt["arrival"]).exists():
            raise NotAllowed("move-not-of-site")
    bundle.tell(RELEASE, move=manifest.move, arrival=receipt["arrival"])
    if not Customer.objects.filter(name=manifest.name).exists():  # another one may have the name by now
        for file in manifest.files:
            customer_files.file_named(file.name).delete()


def _write_rows(customer: Customer, bundle: Bundle) -> Iterator[tuple[str, tuple[int, int]]]:
    rows = {model: customer_rows.rows_of(model, customer.pk) for model in customer_rows.tables()}
    rows[Role] = _roles(customer)
    tables = {model.__name__: customer_rows.lines(found, SITE_SEALED) for model, found in rows.items()}
    for name, lines in {**tables, "User": _users(customer)}.items():
        digest = Digest()

        def counted(lines: Iterable[bytes]) -> Iterator[bytes]:
            nonlocal digest
            for line in lines:
                digest = digest.plus(line)
                yield line

        bundle.write(f"rows/{name}", counted(lines))
        yield name, digest


def _roles(customer: Customer) -> QuerySet[Role]:
    """Without those of site operators, who have them as they run this site."""
    return Role.objects.filter(customer=customer, user__is_superuser=False)


def _users(customer: Customer) -> Iterator[bytes]:
    """Who works for the customer moves with password and second factor. All others, site operators among them, are
    accounts that nobody can use: names in the history."""
    names = [field.attname for field in customer_rows.columns_of(User)]
    able = {str(one) for one in _roles(customer).values_list("user", flat=True)}
    for line in customer_rows.lines(customer_rows.users_of(customer.pk), SITE_SEALED):
        row = dict(zip(names, json.loads(line), strict=True)) | {"is_superuser": False, "is_staff": False}
        row |= {} if row["id"] in able else _CLOSED_ACCOUNT
        yield json.dumps(list(row.values())).encode() + b"\n"


def _write_files(customer: Customer, bundle: Bundle) -> Iterator[BundledFile]:
    for number, (name, file) in enumerate(customer_files.kept_files(customer.name, _accounts(customer)), 1):
        part = f"files/{number:06}"
        with file.store.open(file.key) as source:
            size, digest = bundle.write(part, iter(lambda: source.read(_CHUNK), b""))
        yield BundledFile(name, part, size, digest)


def _accounts(customer: Customer) -> set[str]:
    return {pk.hex for pk in FileAccount.ever.filter(customer=customer).values_list("pk", flat=True)}


def _layouts_named(customer: Customer) -> set[str]:
    named = (model.objects.filter(customer=customer) for model in (Delivery, Connection))
    return {layout for rows in named for layout in rows.order_by().values_list("layout", flat=True).distinct()}


@transaction.atomic
def _let_go(customer: Customer, manifest: Manifest, arrival: str, by: User) -> None:
    held = Customer.objects.select_for_update().get(pk=customer.pk)
    end = AuditHead.objects.values_list("number", "hash").get(pk=held.pk)
    if held.arrived or str(held.move) != manifest.move or end != tuple(manifest.audit_end):
        raise NotAllowed("move-not-of-site")
    bundled = {file.name for file in manifest.files}
    since = [name for name, _ in customer_files.kept_files(held.name, _accounts(held)) if name not in bundled]
    if since:
        raise NotAllowed("move-files-since", count=len(since))
    audit.delete_all(held)
    customer_rows.delete(held.pk)
    audit.note(None, "customer-moved-away", by, name=manifest.name, move=manifest.move, arrival=arrival)
