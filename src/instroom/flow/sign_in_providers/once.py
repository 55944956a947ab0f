"""What works once: the answer to a sign-in, and a logout token."""

import hashlib
from datetime import timedelta

from django.utils import timezone

from instroom.store.models import UsedOnce


def use(kind: str, value: str, expires_in: timedelta) -> bool:
    """Whether this is the first time; until it expires there is no second one. What has expired is deleted."""
    now = timezone.now()
    UsedOnce.objects.filter(expires_at__lt=now).delete()
    key = hashlib.sha256(f"{kind}\0{value}".encode("utf-8", "surrogatepass")).hexdigest()
    return UsedOnce.objects.get_or_create(key_hash=key, defaults={"expires_at": now + expires_in})[1]
