"""The new site: takes a customer in from its bundle, closed, and opens it once the old site has let it go."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from instroom.core.errors import NotAllowed
from instroom.flow import audit, erasures, permissions
from instroom.flow.moving.bundle import CANCELLED, MANIFEST, RECEIPT, RELEASE, Bundle, Manifest
from instroom.flow.moving.closing import reopen
from instroom.flow.moving.sameness import layouts_of, tables_version
from instroom.flow.operations.key_rotation import SITE_SEALED
from instroom.flow.queries.audit_verification import verify
from instroom.store import audit_chain
from instroom.store.files import customer_files
from instroom.store.ids import new_id
from instroom.store.models import ApiToken, AuditEntry, AuditHead, Connection, Customer, FileAccount, Mail, User
from instroom.store.sql import customer_rows
from instroom.store.sql.customer_rows import Digest


def take_in(bundle: Bundle, names: Mapping[str, str], *, by: User) -> Customer:
    """Make a customer of a bundle: first its files, then all its rows in one transaction. It stays closed.

    `names` gives users another name here, where somebody else has theirs; who moved here before stays as is. Doing it
    again only writes the receipt.
    Raises NotAllowed where the bundle is not whole, or this site cannot have it.
    """
    permissions.check_site_operator(by)
    manifest = bundle.manifest()
    customer = Customer.objects.filter(pk=manifest.customer).first()
    if customer is None:
        _refuse_other(bundle, manifest)
        rows = list(_named(User, bundle.lines("rows/User")))
        here = dict(User.objects.filter(pk__in=[row["id"] for row in rows]).values_list("pk", "username"))
        names = {
            row["username"]: here.get(UUID(row["id"]), names.get(row["username"], row["username"])) for row in rows
        }
        never = {"is_superuser": False, "is_staff": False}  # whatever the other site says
        new = [row | never | {"username": names[row["username"]]} for row in rows if UUID(row["id"]) not in here]
        _refuse_conflicts(bundle, manifest, [row["username"] for row in new])
        for file in manifest.files:
            with bundle.verified(file) as content:
                customer_files.place(file.name, content)
        customer = _store(bundle, manifest, new, names, by)
    elif not came_by(customer, manifest):
        raise NotAllowed("move-customer-known", name=customer.name)
    bundle.tell(RECEIPT, move=manifest.move, arrival=str(customer.move))
    return customer


def open_customer(bundle: Bundle, *, by: User) -> Customer:
    """Let a customer go on here, now that the old site has let it go. Doing it again changes nothing.

    Raises NotAllowed where it has not.
    """
    permissions.check_site_operator(by)
    manifest, release = bundle.manifest(), bundle.told(RELEASE)
    with transaction.atomic():
        customer = Customer.objects.select_for_update(no_key=True).filter(pk=manifest.customer).first()
        if customer is None or (customer.move is None and not _was_opened(customer, manifest)):
            raise NotAllowed("move-not-of-site")
        if customer.move:
            if not customer.arrived or release.get("arrival") != str(customer.move):
                raise NotAllowed("move-no-release")
            reopen(customer)
            audit.note(customer, "customer-moved-here", by, move=manifest.move)
    return customer


def came_by(customer: Customer, manifest: Manifest) -> bool:
    """Whether it is here by this very bundle, and not open yet."""
    known = AuditEntry.objects.filter(customer=None, action="customer-taken-in", facts__move=manifest.move)
    return customer.arrived and known.filter(facts__arrival=str(customer.move)).exists()


def _was_opened(customer: Customer, manifest: Manifest) -> bool:
    done = AuditEntry.objects.filter(customer=customer, action="customer-moved-here", facts__move=manifest.move)
    return done.exists()


def _refuse_other(bundle: Bundle, manifest: Manifest) -> None:
    """Raises NotAllowed where it was cancelled, is of another version, is not whole, or has files of somebody else."""
    if bundle.told(CANCELLED).get("move") == manifest.move:
        raise NotAllowed("move-cancelled")
    if manifest.tables != tables_version():
        raise NotAllowed("bundle-of-other-version")
    for name, digest in manifest.rows.items():
        if Digest.of(bundle.lines(f"rows/{name}")) != Digest(*digest):
            raise NotAllowed("bundle-unreadable", part=f"rows/{name}")
    accounts = {UUID(row["id"]).hex for row in _named(FileAccount, bundle.lines("rows/FileAccount"))}
    if FileAccount.ever.filter(pk__in=accounts).exists():
        raise NotAllowed("bundle-unreadable", part="rows/FileAccount")
    own = (f"files/{manifest.name}/", "handover/", *(f"accounts/{one}/" for one in accounts))
    for file in manifest.files:
        if not file.name.startswith(own) or ".." in file.name.split("/"):
            raise NotAllowed("bundle-unreadable", part=MANIFEST)
        if file.name.startswith("handover/") and customer_files.is_note(file.name):
            with bundle.verified(file) as note:
                if not {json.load(note)["account"], *file.name.split(".")[1:-1]} <= accounts:
                    raise NotAllowed("bundle-unreadable", part=file.part)


def _refuse_conflicts(bundle: Bundle, manifest: Manifest, users: list[str]) -> None:
    """Raises NotAllowed where something of this site is in the way, or lacks."""
    if Customer.objects.filter(name=manifest.name).exists():
        raise NotAllowed("customer-exists", name=manifest.name)
    here = layouts_of(manifest.layouts)
    if other := [name for name, digest in manifest.layouts.items() if here.get(name) != digest]:
        raise NotAllowed("move-layouts", layouts=other)
    taken = User.objects.filter(username__in=users).values_list("username", flat=True)
    if conflicts := sorted({*taken, *(name for name, times in Counter(users).items() if times > 1)}):
        raise NotAllowed("move-user-names", names=conflicts)
    accounts = _named(FileAccount, bundle.lines("rows/FileAccount"))
    current = [row["name"] for row in accounts if row["removed_at"] is None]
    if conflicts := sorted(FileAccount.objects.filter(name__in=current).values_list("name", flat=True)):
        raise NotAllowed("move-account-names", names=conflicts)


def _named(model: Any, lines: Iterable[bytes]) -> Iterator[dict[str, Any]]:
    columns = [field.attname for field in customer_rows.columns_of(model)]
    return (dict(zip(columns, json.loads(line), strict=True)) for line in lines)


@transaction.atomic
def _store(
    bundle: Bundle, manifest: Manifest, users: list[dict[str, Any]], names: Mapping[str, str], by: User
) -> Customer:
    """Raises NotAllowed where what is stored is not what the old site had."""
    customer_rows.insert(User, (json.dumps(list(row.values())).encode() for row in users), SITE_SEALED)
    for model in customer_rows.tables():
        customer_rows.insert(model, bundle.lines(f"rows/{model.__name__}"), SITE_SEALED)
        stored = customer_rows.digest_of(model, UUID(manifest.customer), SITE_SEALED)
        if stored != Digest(*manifest.rows[model.__name__]):
            raise NotAllowed("move-not-equal", table=model._meta.db_table)
    customer = Customer.objects.get(pk=manifest.customer)
    number, last = manifest.audit_end
    AuditHead.objects.create(chain=customer.pk, number=0, hash="", seal="", closed=True)
    audit_chain.set_head(customer.pk, number, last)
    if verify(customer).fault or customer.name != manifest.name:
        raise NotAllowed("move-not-equal", table=AuditEntry._meta.db_table)
    customer.move, customer.arrived = new_id(), True
    customer.save(update_fields=["move", "arrived"])
    programs = ApiToken.objects.filter(customer=customer, user__is_superuser=True, ended_at=None)
    programs.update(ended_at=timezone.now())  # else who had the old site would have all of this one by them
    _lead_mails_here(customer, manifest.address)
    _choose_renamed(customer, names)
    audit.note(None, "customer-taken-in", by, name=customer.name, move=manifest.move, arrival=str(customer.move))
    transaction.on_commit(lambda: erasures.write_missing(customer), robust=True)
    return customer


def _choose_renamed(customer: Customer, names: Mapping[str, str]) -> None:
    """Who is chosen for the mails of a connection stands there by name."""
    for connection in Connection.ever.filter(customer=customer, mails__has_key="people"):
        connection.mails["people"] = [names.get(one, one) for one in connection.mails["people"]]
        connection.save(update_fields=["mails"])


def _lead_mails_here(customer: Customer, before: str) -> None:
    """Links of mails that are still to be sent lead to the pages of this site."""
    for mail in Mail.objects.filter(customer=customer, sent_at=None, given_up_at=None):
        mail.text = mail.text.replace(before, settings.INSTROOM_ADDRESS)
        mail.html = mail.html.replace(before, settings.INSTROOM_ADDRESS)
        mail.save(update_fields=["text", "html"])
