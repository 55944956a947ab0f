"""Either site can cancel a move until the old one has let the customer go; the old site does so first."""

from django.db import transaction

from instroom.core.errors import NotAllowed
from instroom.flow import audit, find, permissions
from instroom.flow.moving.arriving import came_by
from instroom.flow.moving.bundle import CANCELLED, RELEASE, Bundle, Manifest
from instroom.flow.moving.closing import reopen
from instroom.store.files import customer_files
from instroom.store.models import AuditEntry, Customer, User
from instroom.store.sql import customer_rows


def cancel(name: str, bundle: Bundle, *, by: User) -> None:
    """On the old site: let the customer go on here; the bundle is good for nothing any more. On the new one: forget a
    customer that was taken in, or its files where that broke off. Doing it again changes nothing. Raises NotFound and
    NotAllowed."""
    permissions.check_site_operator(by)
    manifest = bundle.manifest() if bundle.is_complete() else None
    is_here = Customer.objects.filter(name=name).exists()
    if manifest and manifest.name == name and not is_here and (_is_kept(bundle, manifest) or _was_forgotten(manifest)):
        _delete_files(manifest)
        return
    customer = find.customer(name)
    if manifest and manifest.customer != str(customer.pk):
        raise NotAllowed("bundle-of-another-move", folder=bundle.folder)
    if customer.arrived:
        _forget(customer, bundle, by)
        return
    with transaction.atomic():
        held = Customer.objects.select_for_update(no_key=True).get(pk=customer.pk)
        if held.move and (manifest is None or str(held.move) == manifest.move):
            reopen(held)
            audit.note(held, "customer-move-cancelled", by)
    if manifest:
        bundle.tell(CANCELLED, move=manifest.move)


def _forget(customer: Customer, bundle: Bundle, by: User) -> None:
    """Raises NotAllowed unless the old site says that it keeps the customer, or has let another site have it."""
    manifest, release = bundle.manifest(), bundle.told(RELEASE)
    is_elsewhere = bool(release) and release["arrival"] != str(customer.move)
    if not (_is_kept(bundle, manifest) or is_elsewhere) or not came_by(customer, manifest):
        raise NotAllowed("move-not-cancelled")
    with transaction.atomic():
        audit.delete_all(customer)
        customer_rows.delete(customer.pk)
        audit.note(None, "customer-move-cancelled", by, name=manifest.name, move=manifest.move)
    _delete_files(manifest)


def _is_kept(bundle: Bundle, manifest: Manifest) -> bool:
    """Whether the old site says that it keeps the customer."""
    return bool(bundle.told(CANCELLED).get("move") == manifest.move)


def _was_forgotten(manifest: Manifest) -> bool:
    over = AuditEntry.objects.filter(customer=None, action="customer-move-cancelled", facts__move=manifest.move)
    return over.exists()


def _delete_files(manifest: Manifest) -> None:
    for file in manifest.files:
        customer_files.file_named(file.name).delete()
