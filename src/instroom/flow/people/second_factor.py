"""Sets up, confirms and removes the second factor (RFC 6238). The setting INSTROOM_SECOND_FACTOR makes it off,
optional, or required for operators and approvers. Each change ends all sessions of the user."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import pyotp
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from instroom.core.errors import NotAllowed
from instroom.flow import audit
from instroom.flow.news import account_news
from instroom.flow.people import codes, sessions, sign_in
from instroom.store.models import RecoveryCode, Role, User
from instroom.store.sealing import SealBroken, seal, unseal

REQUIRED_OF: Final = (Role.OPERATOR, Role.APPROVER)
SET_UP_WITHIN: Final = 10 * 60  # seconds between the password and the first code
_BEGUN: Final = "second-factor-begun"


def is_used() -> bool:
    """Whether this site uses second factors."""
    return bool(settings.INSTROOM_SECOND_FACTOR != "off")


def is_asked_of(user: User) -> bool:
    """Whether this user must enter a code after the password."""
    return is_used() and user.totp_since is not None


def must_set_up(user: User) -> bool:
    """Whether this user must set one up before doing anything else."""
    if settings.INSTROOM_SECOND_FACTOR != "required" or user.totp_since is not None:
        return False
    return user.is_superuser or Role.objects.filter(user=user, name__in=REQUIRED_OF).exists()


def begin(user: User, password: str, address: str) -> str:
    """A new secret for the app, sealed: who asks keeps it until `confirm`, so that no other session sees it.

    Raises NotAllowed, also if there is a second factor already.
    """
    _refuse_another(user)
    sign_in.confirm_password(user, password, address)
    return seal(pyotp.random_base32(), _BEGUN)


def begun_secret(user: User, begun: str) -> str:
    """The secret that `begin` gave, in base 32; "" where it gave none, or too long ago. Raises NotAllowed if there is a
    second factor already."""
    _refuse_another(user)
    try:
        return unseal(begun, _BEGUN, SET_UP_WITHIN)
    except SealBroken:
        return ""


def address_of(user: User, begun: str) -> str:
    """The otpauth address in the QR code. Raises NotAllowed where nothing has been begun."""
    if not (secret := begun_secret(user, begun)):
        raise NotAllowed("second-factor-not-begun")
    return pyotp.TOTP(secret, interval=codes.STEP).provisioning_uri(name=user.username, issuer_name="Instroom")


@transaction.atomic
def confirm(user: User, begun: str, code: str) -> list[str]:
    """Turn the second factor on. Returns the recovery codes, which are shown only now. Raises NotAllowed."""
    user = sign_in.hold(user)
    if not (secret := begun_secret(user, begun)):
        raise NotAllowed("second-factor-not-begun")
    step = codes.matching_step(secret, code.replace(" ", ""), user.totp_step)
    if step is None:
        raise NotAllowed("wrong-code-clock")
    user.totp_secret, user.totp_since, user.totp_step = seal(secret, codes.PURPOSE), timezone.now(), step
    user.save(update_fields=["totp_secret", "totp_since", "totp_step"])
    audit.note(None, "second-factor-on", user)
    account_news.tell(user, "second-factor-on")
    sessions.end_all(user)
    return codes.new_recovery_codes(user)


def renew_recovery_codes(user: User, password: str, code: str, address: str) -> list[str]:
    """Replace the recovery codes, after a check of password and code. Raises NotAllowed."""
    with _proven(user, password, code, address):
        audit.note(None, "recovery-codes-made", user)
        account_news.tell(user, "recovery-codes")
        sessions.end_all(user)
        return codes.new_recovery_codes(user)


def remove(user: User, password: str, code: str, address: str) -> None:
    """Remove one's own second factor, after a check of password and code. Raises NotAllowed."""
    with _proven(user, password, code, address):
        take_off(user, by=user)


def confirm_person(user: User, proof: str, address: str) -> None:
    """Ask a signed-in user for the password, or for a code of the second factor if there is one. Raises NotAllowed."""
    if is_asked_of(user) and re.fullmatch(r"[0-9]{6}", proof.replace(" ", "")):
        codes.check(user, proof, address)
    else:
        sign_in.confirm_password(user, proof, address)


@contextmanager
def _proven(user: User, password: str, code: str, address: str) -> Iterator[None]:
    """A transaction of who knows both. They are checked before it, so that failures stay counted, and must still hold
    within it."""
    if user.totp_since is None:
        raise NotAllowed("second-factor-off")
    sign_in.confirm_password(user, password, address)
    codes.check(user, code, address)
    with transaction.atomic():
        if sign_in.hold(user).totp_secret != user.totp_secret:
            raise NotAllowed("second-factor-off")
        yield


@transaction.atomic
def take_off(user: User, *, by: User | None = None) -> None:
    """Remove a second factor: one's own or, without `by`, that of a user who has lost phone and recovery codes."""
    User.objects.filter(pk=user.pk).update(totp_secret="", totp_since=None)  # the step stays: no code works twice
    RecoveryCode.objects.filter(user=user).delete()
    audit.note(None, "second-factor-off", by, of=user.username)
    account_news.tell(user, "second-factor-off")
    sessions.end_all(user)


def _refuse_another(user: User) -> None:
    if not is_used():
        raise NotAllowed("second-factor-not-used")
    if user.totp_since is not None:
        raise NotAllowed("second-factor-on")
