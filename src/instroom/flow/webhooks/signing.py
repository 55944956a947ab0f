"""Secrets of webhooks, and how a call is signed: symmetric, as Standard Webhooks 1.0 has it."""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from instroom.store.models import Webhook, WebhookCall
from instroom.store.sealing import seal, unseal

PREFIX: Final = "whsec_"
BOTH: Final = timedelta(hours=24)
"""How long the secret before a new one goes on signing beside it."""
_BYTES: Final = 32
PURPOSE: Final = "webhook"


def new_secret() -> str:
    """A secret in the form in which it is shown: `whsec_` and 256 random bits as base64."""
    return PREFIX + base64.b64encode(secrets.token_bytes(_BYTES)).decode()


def sealed(secret: str) -> str:
    """A secret as it is stored."""
    return seal(secret, PURPOSE)


def headers(webhook: Webhook, call: WebhookCall, now: datetime) -> dict[str, str]:
    """The headers by which the receiver knows the call, and that it is ours and of this moment. Raises SealBroken."""
    stored = [webhook.secret]
    if webhook.old_secret_until and webhook.old_secret_until > now:
        stored.append(webhook.old_secret)
    at = int(now.timestamp())
    return {
        "webhook-id": str(call.pk),
        "webhook-timestamp": str(at),
        "webhook-signature": " ".join(_signatures((unseal(one, PURPOSE) for one in stored), call, at)),
    }


def _signatures(known: Iterable[str], call: WebhookCall, at: int) -> Iterable[str]:
    content = f"{call.pk}.{at}.{call.body}".encode()
    for secret in known:
        key = base64.b64decode(secret.removeprefix(PREFIX))
        yield "v1," + base64.b64encode(hmac.digest(key, content, hashlib.sha256)).decode()
