"""Which files the safeguards of a connection hold for. One that is removed, or gets another name, account, folder or
file name, leaves its files to another connection or to none, and takes those of others: there they may be asked less.
Where files go to live by a standing approval, how their account is protected is a safeguard too."""

import copy
from collections.abc import Mapping
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import QuerySet

from instroom.core.errors import NotAllowed
from instroom.core.file_pattern import pattern_in
from instroom.core.keys import file_key
from instroom.core.safeguards import relaxed
from instroom.flow import find, permissions
from instroom.flow.news import safeguard_news
from instroom.flow.safeguards.relaxing import Guarded, is_standing, needs_second_person, safeguards_of
from instroom.store.models import Connection, FileAccount, User


class _WayIn(NamedTuple):
    """Where the files of a connection come in at the file server."""

    account: UUID
    folder: str
    file: str


def measured_from(before: Connection, changed: Connection) -> Connection:
    """What a change of a connection is measured against: the connection as it was, and where other files come in on it
    than before, what held for these. A standing approval was not given for them."""
    one, way_in = copy.copy(before), _way_in(changed)
    takes_files = way_in is not None and way_in != _way_in(before)
    held_for: list[Guarded] = [before.customer] if changed.name != before.name else []
    if takes_files:
        one.standing_since = one.standing_by = None
        held_for += _patterns_for(changed) or [before.customer]
    if any(safeguards_of(one).approval.approver_differs for one in held_for):
        one.policies = {**one.policies, "approver_differs": True}
    return one


def relaxed_for_left_files(before: Connection, after: Connection | None) -> tuple[Connection | None, dict[str, Any]]:
    """The connection by whose standing approval the files would go to live that another one leaves when it is changed,
    or removed where `after` is None, and what that relaxes. Raises NotAllowed where they would need one person less."""
    heirs: list[Guarded] = []
    if after is None or after.name != before.name:
        heirs.append(before.customer)
    if before.account and (after is None or _way_in(after) != _way_in(before)):
        beside = [*_beside(before)]
        if after and (after.account, file_key(after.folder)) == (before.account, file_key(before.folder)):
            beside.append(after)
        heir = find.with_file(beside, before.file_name) or before.customer
        if heir != before:
            heirs.append(heir)
    for heir in heirs:
        relaxes = relaxed(safeguards_of(before), safeguards_of(heir))
        if "approver_differs" in relaxes:
            raise NotAllowed("two-persons-stay", name=before.name)
        if relaxes and isinstance(heir, Connection) and is_standing(heir):
            return heir, relaxes
    return None, {}


def judge_left_files(before: Connection, after: Connection | None, *, by: User) -> None:
    """Judge that, in the transaction that does it. Raises NotAllowed also where the standing approval takes two
    persons, or `by` may not give it."""
    heir, relaxes = relaxed_for_left_files(before, after)
    if heir:
        _let_more_in(heir, relaxes, by)


def stands_for_account(account: FileAccount) -> list[Connection]:
    """The connections by which files of an account go to live without a person."""
    return [one for one in account.connections.select_related("customer", "standing_by") if is_standing(one)]


def weaken_account(account: FileAccount, relaxes: Mapping[str, Any], *, by: User) -> None:
    """Judge what protects an account less, if anything: others might put files in by it. Raises NotAllowed where files
    of it go to live by a standing approval that takes two persons, or that `by` may not give."""
    for connection in stands_for_account(account) if relaxes else ():
        _let_more_in(connection, relaxes, by)


def _let_more_in(connection: Connection, relaxes: Mapping[str, Any], by: User) -> None:
    """More goes to live by its standing approval than it was given for."""
    permissions.check(by, "approve", connection.customer)
    if needs_second_person(connection):
        raise NotAllowed("standing-first", name=connection.name)
    safeguard_news.tell("safeguards-relaxed", connection.customer, connection, relaxes, by)


def _way_in(one: Connection) -> _WayIn | None:
    return _WayIn(one.account_id, file_key(one.folder), file_key(one.file_name)) if one.account_id else None


def _patterns_for(changed: Connection) -> list[Connection]:
    """The connections that have had a file of this very name until now, by their pattern."""
    others = [(one, pattern_in(one.file_name)) for one in _beside(changed)]
    return [one for one, pattern in others if pattern and pattern.matches(changed.file_name)]


def _beside(one: Connection) -> QuerySet[Connection]:
    """The other connections of its account and folder."""
    others = Connection.objects.filter(account=one.account, folder_key=file_key(one.folder)).exclude(pk=one.pk)
    return others.select_related("customer", "standing_by")
