"""Connections (koppelingen): made, renamed and changed by an operator (product.md E1, E3)."""

import copy
from collections.abc import Mapping
from typing import Any, Final

from django.db import transaction
from django.utils import timezone

from instroom.core.errors import NotAllowed
from instroom.core.file_pattern import file_pattern, is_pattern, may_both_match, pattern_in
from instroom.core.keys import file_key
from instroom.core.model import Limits
from instroom.core.plan.guards import NAMES
from instroom.core.safeguards import relaxed
from instroom.core.schedule import ON_CLOSED, schedule_of, time_zones
from instroom.flow import audit, find, permissions
from instroom.flow.connections import runs
from instroom.flow.file_server import accounts
from instroom.flow.file_server.file_names import is_delivery
from instroom.flow.names import hold_names, refuse_bad_name, refuse_renamed
from instroom.flow.news.mail_choice import checked_choice
from instroom.flow.policies import refuse_bad_policy
from instroom.flow.safeguards.reach import judge_left_files, measured_from, relaxed_for_left_files
from instroom.flow.safeguards.relaxing import is_standing, needs_second_person, safeguards_of, settle
from instroom.flow.source_limits import checked_sources, sees_connection
from instroom.flow.waits import look_at_once
from instroom.store.models import Connection, Customer, FileAccount, User

MOST_MINUTES: Final = 31 * 24 * 60  # of the grace
MOST_FOLDERS: Final = 5  # one in the other
MOST_RECORDS: Final = Limits().records
FIELDS: Final = (
    *("file_name", "folder", "account", "schedule", "zone", "on_closed", "late_after", "missing_after", "on_late"),
    *("on_correction", "same_is_normal", "layout", "policies", "guards", "mails", "standing", "sources"),
)
"""What can be given and changed. `account` is a name, or "" for none; `standing` whether there is a standing approval;
the rest is as `store.models.Connection` has it."""


@transaction.atomic
def add(name: str, customer: Customer, *, by: User, **given: Any) -> Connection:
    """Make a connection, of what is given of FIELDS. Raises NotFound, NotAllowed and WrongSchedule.

    What relaxes a safeguard of its customer or of a connection that had its file, or is a standing approval, waits for
    a second person where two-person approval is agreed on.
    """
    permissions.check(by, "configure", customer)
    hold_names(customer)
    _refuse_name(name, customer)
    connection = Connection(customer=customer, name=name)
    connection.save(force_insert=True)  # first: a proposal refers to it
    unset = copy.copy(connection)
    _set_fields(connection, by, {"zone": "Europe/Amsterdam", **given})
    settle(connection, measured_from(unset, connection), by=by)
    connection.save()
    runs.plan_next(connection)
    audit.note(customer, "connection-added", by, connection=name, **_audit_view(connection))
    return connection


@transaction.atomic
def change(connection: Connection, *, by: User, **given: Any) -> list[str]:
    """Change what is given of FIELDS and the `name`, from now on: what has come in is not judged again. Gives what
    differs.

    A date that has had its time is not due again under another schedule. What relaxes a safeguard waits for a second
    person where two-person approval is agreed on. Raises NotFound, WrongSchedule, and NotAllowed also where files that
    it leaves to others would need one person less.
    """
    permissions.check(by, "configure", connection.customer)
    hold_names(connection.customer)
    held = find.hold_connection(connection)
    unchanged, before = copy.copy(held), {"name": held.name, **_audit_view(held)}
    name = given.pop("name", held.name)
    if name != held.name:
        refuse_renamed(connection.name, held.name, name)
        _refuse_name(name, held.customer)
        held.name = name
    _set_fields(held, by, given)
    settle(held, measured_from(unchanged, held), by=by)
    after = {"name": held.name, **_audit_view(held)}
    changed = {name: [before[name], after[name]] for name in after if before[name] != after[name]}
    if changed:
        held.save()
        judge_left_files(unchanged, held, by=by)
        if changed.keys() & {"schedule", "zone", "on_closed"}:
            runs.plan_anew(held)
        audit.note(held.customer, "connection-changed", by, connection=before["name"], changed=changed)
    connection.refresh_from_db()
    return list(changed)


@transaction.atomic
def relaxes_of(connection: Connection, *, by: User, **given: Any) -> tuple[dict[str, Any], bool]:
    """What a change, or a new connection that is not kept yet, would relax (`core.safeguards`), and whether that waits
    for a second person. Changes nothing; raises as `change` does."""
    changed = copy.copy(connection)
    changed.name = given.pop("name", connection.name)
    _set_fields(changed, by, given)
    before = measured_from(connection, changed)
    relaxes = relaxed(safeguards_of(before), safeguards_of(changed))
    _, of_left_files = relaxed_for_left_files(connection, changed)
    return {**of_left_files, **relaxes}, bool(relaxes) and needs_second_person(before)


@transaction.atomic
def pause(connection: Connection, *, by: User) -> None:
    """From now on nothing is expected or taken; what comes in is kept, and waits. Raises NotFound and NotAllowed."""
    permissions.check(by, "configure", connection.customer)
    changed = Connection.objects.filter(pk=connection.pk, paused_at=None).update(
        paused_at=timezone.now(), trouble="", told_at=None
    )
    if changed:
        runs.stop(connection)
        audit.note(connection.customer, "connection-paused", by, connection=connection.name)
    connection.refresh_from_db()


@transaction.atomic
def resume(connection: Connection, *, by: User) -> None:
    """Expect files again, from the next time on. Raises NotFound and NotAllowed."""
    permissions.check(by, "configure", connection.customer)
    if Connection.objects.filter(pk=connection.pk).exclude(paused_at=None).update(paused_at=None):
        runs.plan_next(connection)
        look_at_once(connection.pk)
        audit.note(connection.customer, "connection-resumed", by, connection=connection.name)
    connection.refresh_from_db()


def of_customer(customer: Customer, *, by: User | None) -> list[Connection]:
    """The connections of a customer that somebody may see, by name."""
    found = Connection.objects.filter(customer=customer).select_related("customer", "account", "standing_by")
    return [one for one in found.order_by("name") if sees_connection(one, by)]


def _refuse_name(name: str, customer: Customer) -> None:
    refuse_bad_name(name)
    if Connection.objects.filter(customer=customer, name=name).exists():
        raise NotAllowed("connection-exists", name=name)


def _set_fields(connection: Connection, by: User, given: Mapping[str, Any]) -> None:
    """Judge what is given, and set it."""
    for name, value in given.items():
        if name == "account":
            connection.account = _account(connection.customer, value) if value else None
        elif name == "standing":
            _put_standing(connection, by, value)
        elif name == "schedule":
            connection.schedule = str(schedule_of(value))
        elif name == "folder":
            connection.folder = value.strip().strip("/")
        elif name == "mails":
            connection.mails = checked_choice(value, connection)
        elif name == "sources":
            connection.sources = checked_sources(value)
        elif name == "layout":
            connection.layout = find.layout(value, connection.customer).id
        else:
            setattr(connection, name, value)
    _refuse_bad_file(connection)
    _refuse_bad_hours(connection)
    _refuse_bad_guards(connection.guards)
    for name, value in connection.policies.items():
        refuse_bad_policy(name, value)


def _put_standing(connection: Connection, by: User, stands: bool) -> None:
    """Given again, it is renewed where who gave it may not approve any more."""
    if stands and not is_standing(connection):
        connection.standing_since, connection.standing_by = timezone.now(), by
    elif not stands:
        connection.standing_since = connection.standing_by = None


def _account(customer: Customer, name: str) -> FileAccount:
    account = accounts.hold(accounts.account(name))  # nobody removes it meanwhile
    if account.customer_id != customer.pk:
        raise NotAllowed("account-of-another", name=name, customer=customer.name)
    return account


def _refuse_bad_file(connection: Connection) -> None:
    name, account = connection.file_name, connection.account
    if (account and not file_key(name)) or "/" in name or "\\" in name or (name and not is_delivery(name)):
        raise NotAllowed("file-name-with-folder")
    _refuse_bad_folder(connection.folder)
    pattern = file_pattern(name) if is_pattern(name) else None
    beside = Connection.objects.filter(account=account, folder_key=file_key(connection.folder))
    for other in beside.exclude(pk=connection.pk) if account else ():
        if other.file_name_key == file_key(name):
            raise NotAllowed("file-name-taken", file=name, connection=other.name)
        others = pattern_in(other.file_name)
        if pattern and others and may_both_match(pattern, others):
            raise NotAllowed("file-patterns-meet", file=name, connection=other.name, other=other.file_name)


def _refuse_bad_folder(folder: str) -> None:
    """A folder is written with slashes between its parts, and none around them."""
    parts = folder.split("/") if folder else []
    if any(part in ("", ".", "..") or part != part.strip() or not part.isprintable() or "\\" in part for part in parts):
        raise NotAllowed("folder-name")
    if len(parts) > MOST_FOLDERS or any(not is_delivery(part) for part in parts):
        raise NotAllowed("folder-name")


def _refuse_bad_hours(connection: Connection) -> None:
    if connection.zone not in time_zones():
        raise NotAllowed("no-time-zone", zone=connection.zone)
    if not 0 <= connection.late_after <= connection.missing_after <= MOST_MINUTES:
        raise NotAllowed("grace-order")
    if connection.on_late not in ("take", "next"):
        raise NotAllowed("on-late")
    if connection.on_closed not in ON_CLOSED:
        raise NotAllowed("on-closed")
    if connection.on_correction not in ("take", "next"):
        raise NotAllowed("on-correction")


def _refuse_bad_guards(guards: Mapping[str, Any]) -> None:
    for name, limits in guards.items():
        good = name in NAMES and len(limits) in (2, 3) and all(isinstance(one, int) for one in limits)
        if not good or not (0 <= limits[0] <= 100 and all(0 <= one <= 2 * MOST_RECORDS for one in limits[1:])):
            raise NotAllowed("guard", most=2 * MOST_RECORDS)


def _audit_view(connection: Connection) -> dict[str, Any]:
    """What the audit log says of it."""
    return {
        "file": connection.file_name,
        "folder": connection.folder,
        "account": connection.account.name if connection.account else "",
        "schedule": connection.schedule,
        "zone": connection.zone,
        "on_closed": connection.on_closed,
        "late_after": connection.late_after,
        "missing_after": connection.missing_after,
        "on_late": connection.on_late,
        "same_is_normal": connection.same_is_normal,
        "on_correction": connection.on_correction,
        "layout": connection.layout,
        "sources": list(connection.sources),
        "policies": dict(connection.policies),
        "guards": {name: list(limits) for name, limits in connection.guards.items()},
        "mails": dict(connection.mails),
        "standing": connection.standing_since is not None,
        "standing_by": connection.standing_by.username if connection.standing_by else "",
    }
