"""Sets up, confirms and removes the second factor (RFC 6238). The setting INSTROOM_SECOND_FACTOR makes it off,
optional, or required for operators and approvers."""

import re
from typing import Final

import pyotp
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from instroom.core.errors import NotAllowed
from instroom.flow import audit
from instroom.flow.news import account_news
from instroom.flow.people import codes, sign_in
from instroom.store.models import RecoveryCode, Role, User
from instroom.store.sealing import SealBroken, seal, unseal

REQUIRED_OF: Final = (Role.OPERATOR, Role.APPROVER)


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


def begin(user: User) -> str:
    """The secret for the app, in base 32: the same until it is confirmed. Raises NotAllowed if there is one already."""
    if not is_used():
        raise NotAllowed("second-factor-not-used")
    if user.totp_since is not None:
        raise NotAllowed("second-factor-on")
    try:
        if user.totp_secret:
            return unseal(user.totp_secret, codes.PURPOSE)
    except SealBroken:
        user.totp_secret = ""  # sealed with an earlier key and never confirmed: make a new one
    secret = pyotp.random_base32()
    user.totp_secret = seal(secret, codes.PURPOSE)
    user.save(update_fields=["totp_secret"])
    return secret


def address_of(user: User) -> str:
    """The otpauth address in the QR code. Raises as `begin`."""
    return pyotp.TOTP(begin(user), interval=codes.STEP).provisioning_uri(name=user.username, issuer_name="Instroom")


@transaction.atomic
def confirm(user: User, code: str) -> list[str]:
    """Turn the second factor on. Returns the recovery codes, which are shown only now. Raises NotAllowed."""
    user = User.objects.select_for_update().get(pk=user.pk)
    step = codes.matching_step(begin(user), code.replace(" ", ""), user.totp_step)
    if step is None:
        raise NotAllowed("wrong-code-clock")
    user.totp_since, user.totp_step = timezone.now(), step
    user.save(update_fields=["totp_since", "totp_step"])
    audit.note(None, "second-factor-on", user)
    account_news.tell(user, "second-factor-on")
    return codes.new_recovery_codes(user)


def renew_recovery_codes(user: User, password: str, code: str, address: str) -> list[str]:
    """Replace the recovery codes, after a check of password and code. Raises NotAllowed."""
    _prove(user, password, code, address)
    with transaction.atomic():
        audit.note(None, "recovery-codes-made", user)
        account_news.tell(user, "recovery-codes")
        return codes.new_recovery_codes(user)


def remove(user: User, password: str, code: str, address: str) -> None:
    """Remove one's own second factor, after a check of password and code. Raises NotAllowed."""
    _prove(user, password, code, address)
    take_off(user, by=user)


def confirm_person(user: User, proof: str, address: str) -> None:
    """Ask a signed-in user for the password, or for a code of the second factor if there is one. Raises NotAllowed."""
    if is_asked_of(user) and re.fullmatch(r"[0-9]{6}", proof.replace(" ", "")):
        codes.check(user, proof, address)
    else:
        sign_in.confirm_password(user, proof, address)


def _prove(user: User, password: str, code: str, address: str) -> None:
    if user.totp_since is None:
        raise NotAllowed("second-factor-off")
    sign_in.confirm_password(user, password, address)
    codes.check(user, code, address)


@transaction.atomic
def take_off(user: User, *, by: User | None = None) -> None:
    """Remove a second factor: one's own or, without `by`, that of a user who has lost phone and recovery codes."""
    User.objects.filter(pk=user.pk).update(totp_secret="", totp_since=None)  # the step stays: no code works twice
    RecoveryCode.objects.filter(user=user).delete()
    audit.note(None, "second-factor-off", by, of=user.username)
    account_news.tell(user, "second-factor-off")
