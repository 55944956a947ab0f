"""The accounts of the file server, which operators create, rename and change (product.md F2)."""

import re
import secrets
from collections.abc import Collection, Mapping
from typing import Any, Final

from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction
from django.utils import timezone

from instroom.core.errors import NotAllowed, NotFound
from instroom.flow import audit, permissions, throttle
from instroom.flow.file_server.account_bans import lift_bans
from instroom.flow.file_server.tls_resumption import CHOICES, STRICTEST_FIRST
from instroom.flow.names import refuse_renamed
from instroom.flow.people import password_strength
from instroom.flow.safeguards import reach
from instroom.flow.source_limits import checked_sources, limit_facts
from instroom.store.models import AccountManager, Customer, FileAccount, User

_NAME: Final = re.compile(r"[a-z0-9][a-z0-9._-]{0,59}")
_LETTERS: Final = "abcdefghjkmnpqrstuvwxyz23456789"  # without look-alikes


def add(
    name: str,
    customer: Customer,
    password: str,
    *,
    by: User,
    plain_ftp: bool = False,
    sources: Collection[str] = (),
) -> FileAccount:
    """Create an account. With `plain_ftp` it may sign in without TLS, which sends the password in the clear. With
    `sources` it delivers from those alone.

    Raises NotFound and NotAllowed; the latter also if the name is taken or the password is too weak.
    """
    permissions.check(by, "configure", customer)
    name = free_name(name, customer)
    _refuse_weak(password, name, customer)
    account = FileAccount(customer=customer, name=name, plain_ftp=plain_ftp, made_at=timezone.now(), made_by=by)
    account.password, account.sources = make_password(password), checked_sources(sources)
    with transaction.atomic():
        _save(account)
        facts = {"account": name, "plain_ftp": plain_ftp, **limit_facts(account.sources)}
        audit.note(customer, "account-made", by, **facts)
    return account


def change(
    account: FileAccount,
    *,
    by: User,
    name: str | None = None,
    password: str | None = None,
    plain_ftp: bool | None = None,
    allow_missing_close_notify: bool | None = None,
    active: bool | None = None,
    tls_resumption: str | None = None,
    contact: str | None = None,
    sources: Collection[str] | None = None,
) -> bool:
    """Change what is given. Returns whether anything changed. Where the account is switched off or has another
    password, its open sessions end; else they continue, and the next sign-in follows the new rules. A new password
    lifts the account's bans: they were for trying the old one. Under another `name` its directory and password stay:
    those are kept by its id. `contact` is the name of the user whose program it is, "" for none. Who changes the
    account, and its contact, manage it from then on (`flow.two_persons`); with a new password, those before them no
    longer.

    Raises NotFound and NotAllowed; the latter also where what goes to live by a standing approval is protected less,
    and `by` may not approve or two persons are agreed on.
    """
    permissions.check(by, "configure", account.customer)
    name = free_name(name, account.customer) if name not in (None, account.name) else name
    with transaction.atomic():
        held = hold(account)
        before, name = held.name, held.name if name is None else name
        refuse_renamed(account.name, before, name)
        limit = None if sources is None else checked_sources(sources)
        given: dict[str, Any] = {"name": name, "plain_ftp": plain_ftp, "active": active, "sources": limit}
        given |= {"allow_missing_close_notify": allow_missing_close_notify, "tls_resumption": tls_resumption}
        if tls_resumption not in (None, *CHOICES):
            raise NotAllowed("tls-resumption-choice", choices=list(CHOICES))
        changed = {word: value for word, value in given.items() if value not in (None, getattr(held, word))}
        reach.weaken_account(held, weakened(held, changed), by=by)
        for word, value in changed.items():
            setattr(held, word, value)
        if contact is not None and contact != (held.contact.username if held.contact else ""):
            held.contact = _user_of(held.customer, contact) if contact else None
            changed["contact"] = contact
        held.former_name = before if "name" in changed else held.former_name
        if password is not None:
            _refuse_weak(password, held.name, held.customer)
            held.password = make_password(password)
            held.tls_resumed_in_row = held.tls_resumed_depth = 0  # often another program gets it
        if changed or password is not None:
            _save(held)
            _note_managers(held, by, anew=password is not None)
            facts: dict[str, Any] = {"account": before, "password": password is not None, **changed}
            audit.note(held.customer, "account-changed", by, **facts)
        if password is not None:
            lift_bans(held, by=by)
    account.refresh_from_db()
    return bool(changed) or password is not None


def weakened(account: FileAccount, given: Mapping[str, Any]) -> dict[str, list[Any]]:
    """Old and new values of what is given and protects an account less, where files of it go to live by a standing
    approval: others might put files in by it."""
    switches = ("plain_ftp", "allow_missing_close_notify")
    found: dict[str, list[Any]] = {
        name: [False, True] for name in switches if given.get(name) and not getattr(account, name)
    }
    old, new = account.tls_resumption, given.get("tls_resumption")
    if new in CHOICES and STRICTEST_FIRST.index(new) > STRICTEST_FIRST.index(old):
        found["tls_resumption"] = [old, new]
    return found if found and reach.stands_for_account(account) else {}


def new_password() -> str:
    """A strong password that is easy to read aloud and type: 99 bits, such as abcde-fghjk-mnpqr-stuvw."""
    return "-".join("".join(secrets.choice(_LETTERS) for _ in range(5)) for _ in range(4))


def account(name: str, customer: Customer | None = None) -> FileAccount:
    """The account of that name, of `customer` if given. Raises NotFound."""
    own = {"customer": customer} if customer else {}
    asked = name.strip().lower().replace("\0", "\ufffd")  # PostgreSQL cannot store NUL
    found = FileAccount.objects.filter(name=asked, **own).select_related("customer").first()
    if found is None:
        raise NotFound("no-account", name=name)
    return found


def hold(seen: FileAccount) -> FileAccount:
    """An account as it is now, for this transaction alone. Raises NotFound where it has been removed."""
    found = FileAccount.objects.select_for_update(of=("self",)).select_related("customer").filter(pk=seen.pk).first()
    if found is None:
        raise NotFound("no-account", name=seen.name)
    return found


def of_customer(customer: Customer) -> list[FileAccount]:
    """The accounts of a customer, by name."""
    return list(FileAccount.objects.filter(customer=customer).order_by("name"))


def _save(account: FileAccount) -> None:
    """Under its name, which is unique over all customers. Raises NotAllowed."""
    try:
        with transaction.atomic():
            account.save()
    except IntegrityError as error:
        raise NotAllowed("account-exists", name=account.name) from error
    FileAccount.objects.filter(former_name=account.name).exclude(pk=account.pk).update(former_name="")


def _note_managers(account: FileAccount, by: User, anew: bool) -> None:
    """Who changes it and its contact manage it; `anew`: those before them no longer, as they have an old password."""
    if anew:
        account.managers.all().delete()
    for manager in {by, account.contact} - {None}:
        AccountManager.objects.get_or_create(account=account, user=manager)


def _user_of(customer: Customer, name: str) -> User:
    found = User.objects.filter(username=name, is_active=True, roles__customer=customer).first()
    if found is None:
        raise NotFound("no-user-here")
    return found


def free_name(name: str, customer: Customer) -> str:
    """As it is stored. Raises NotAllowed for one that will not do, or that is an account's of another customer: to be
    asked before a transaction in which an account is made, whose end would forget the attempt."""
    name = name.strip().lower()
    if not _NAME.fullmatch(name):
        raise NotAllowed("account-name")
    others = FileAccount.objects.filter(name=name).exclude(customer=customer)
    throttle.refuse_taken(others.exists(), NotAllowed("account-exists", name=name), customer=customer.pk)
    return name


def _refuse_weak(password: str, name: str, customer: Customer) -> None:
    """Raise NotAllowed. What `new_password` made is judged too, and always passes."""
    about = (name, customer.name, customer.title)
    password_strength.refuse_weak(password, least=password_strength.LEAST_OF_ACCOUNT, about=about)
