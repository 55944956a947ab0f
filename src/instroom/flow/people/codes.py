"""Checks the codes of the second factor (RFC 6238), and the recovery codes that replace a lost one.

Each works once. Failed attempts are throttled per user (`flow.throttle`).
"""

import hmac
import re
import secrets
import time
from typing import Final

import pyotp
from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac

from instroom.core.errors import NotAllowed
from instroom.flow import audit, throttle
from instroom.flow.news import account_news
from instroom.flow.people.sign_in import too_many_attempts
from instroom.store import data_keys
from instroom.store.models import RecoveryCode, User
from instroom.store.sealing import SealBroken, unseal

STEP: Final = 30  # seconds
DRIFT: Final = 1  # steps that a clock may be off, either way
RECOVERY_CODES: Final = 10
PURPOSE: Final = "second-factor"
_LETTERS: Final = "abcdefghjkmnpqrstuvwxyz23456789"  # without look-alikes
_LENGTH: Final = 10


def check(user: User, code: str, address: str) -> None:
    """Check a code of the app, or a recovery code. Raises NotAllowed if it is neither or has been used, and after too
    many failures."""
    with transaction.atomic():
        one = User.objects.select_for_update().get(pk=user.pk)  # two attempts at once take turns
        if until := throttle.banned_until(throttle.SECOND_FACTOR, name=one.pk.hex):
            raise too_many_attempts(until)
        plain = re.sub(r"[\s-]", "", code).lower()
        current = re.fullmatch(r"[0-9]{6}", plain)
        right = _is_current_code(one, plain) if current else _is_recovery_code(one, plain)
        if not right:
            throttle.count(throttle.SECOND_FACTOR, name=one.pk.hex)
            audit.note(None, "code-failed", one, address=address)
    if not right:
        raise NotAllowed("wrong-code")


def matching_step(secret: str, code: str, after: int) -> int | None:
    """The time step after `after` whose code this is, if any."""
    now = int(time.time()) // STEP
    totp = pyotp.TOTP(secret, interval=STEP)
    steps = [step for step in range(now - DRIFT, now + DRIFT + 1) if step > after]
    return next((step for step in steps if constant_time_compare(totp.at(step * STEP), code)), None)


def new_recovery_codes(user: User) -> list[str]:
    """Replace the user's recovery codes. Returns the new ones, such as `abcde-fghjk`; only their hashes are stored."""
    plain = ["".join(secrets.choice(_LETTERS) for _ in range(_LENGTH)) for _ in range(RECOVERY_CODES)]
    RecoveryCode.objects.filter(user=user).delete()
    RecoveryCode.objects.bulk_create(RecoveryCode(user=user, code_hash=_hash(user, code)) for code in plain)
    return [f"{code[:5]}-{code[5:]}" for code in plain]


def recovery_codes_left(user: User) -> int:
    """How many are still unused."""
    return RecoveryCode.objects.filter(user=user, used_at=None).count()


def _is_current_code(user: User, code: str) -> bool:
    try:
        step = matching_step(unseal(user.totp_secret, PURPOSE), code, user.totp_step)
    except SealBroken as error:
        raise NotAllowed("second-factor-unreadable") from error
    return step is not None and User.objects.filter(pk=user.pk, totp_step__lt=step).update(totp_step=step) == 1


def _is_recovery_code(user: User, code: str) -> bool:
    hashes = [_hash(user, code), *_older_hashes(user, code)]
    spare = RecoveryCode.objects.filter(user=user, code_hash__in=hashes, used_at=None)
    if spare.update(used_at=timezone.now()) != 1:
        return False
    audit.note(None, "recovery-code-used", user, left=recovery_codes_left(user))
    account_news.tell(user, "recovery-code")
    return True


def _hash(user: User, code: str) -> str:
    return hmac.digest(data_keys.lookup_key(None), f"{user.pk.hex}:{code}".encode(), "sha256").hex()


def _older_hashes(user: User, code: str) -> list[str]:
    """As older versions made them, with the site's secret key itself."""
    return [
        salted_hmac("instroom.recovery-code", f"{user.pk.hex}:{code}", key, algorithm="sha256").hexdigest()
        for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    ]
