"""Keeps sessions of the web: for an hour without a request, and never longer than a working day.

The database has a SHA-256 of each key, so a copy of it opens no session. A key is 165 random bits: a plain hash does.
"""

import hashlib
from datetime import datetime, timedelta
from typing import Any, Final

from django.contrib.sessions.backends.db import SessionStore as DatabaseSessionStore
from django.utils import timezone

from instroom.store.models import Customer, WebSession

LONGEST: Final = timedelta(hours=10)
"""From sign-in on, whatever is done."""
IDLE: Final = timedelta(hours=1)
"""Without a request."""
SEARCHES: Final = "searches"
"""Under which a session keeps what was sought, which names persons."""
_SEEN_AGAIN_AFTER: Final = timedelta(minutes=1)
_BEGUN: Final = "begun"


class SessionStore(DatabaseSessionStore):
    """The sessions of Django, with an end that no request moves."""

    @classmethod
    def get_model_class(cls) -> type[WebSession]:
        return WebSession

    def load(self) -> dict[str, Any]:
        """What the session holds; nothing where it has ended. A request in it is noted, once a minute."""
        now = timezone.now()
        found = WebSession.objects.filter(session_key=key_hash(self.session_key or ""), expire_date__gt=now).first()
        if found is None:
            self._session_key = None
            return {}
        if now - found.seen_at > _SEEN_AGAIN_AFTER:
            WebSession.objects.filter(pk=found.pk).update(seen_at=now, expire_date=_ends(found.begun_at, now))
        return dict(self.decode(found.session_data))

    def seconds_left(self) -> int:
        """How long the session lasts if nothing more is asked in it."""
        now = timezone.now()
        begun = datetime.fromisoformat(self.get(_BEGUN, now.isoformat()))
        return int((_ends(begun, now) - now).total_seconds())

    def exists(self, session_key: str) -> bool:
        return WebSession.objects.filter(session_key=key_hash(session_key)).exists()

    def delete(self, session_key: str | None = None) -> None:
        WebSession.objects.filter(session_key=key_hash(session_key or self.session_key or "")).delete()

    def create_model_instance(self, data: dict[str, Any]) -> WebSession:
        """The row to write. The session holds when it began, so that this stays through each change of its key."""
        now = timezone.now()
        begun = datetime.fromisoformat(data.setdefault(_BEGUN, now.isoformat()))
        return WebSession(
            session_key=key_hash(self._get_or_create_session_key()),  # type: ignore[attr-defined]  # stubs lack it
            session_data=self.encode(data),
            user_id=data.get("_auth_user_id"),
            identity_id=data.get("identity"),
            provider_session=data.get("provider_session", ""),
            begun_at=begun,
            seen_at=now,
            expire_date=_ends(begun, now),
        )


def forget_searches(customer: Customer) -> None:
    """Take what was sought out of all sessions of who work for this customer."""
    store = SessionStore()
    for row in WebSession.objects.filter(user__roles__customer=customer).distinct():
        data = store.decode(row.session_data)
        if data.pop(SEARCHES, None):
            WebSession.objects.filter(pk=row.pk).update(session_data=store.encode(data))


def key_hash(session_key: str) -> str:
    """Under which a session is kept."""
    return hashlib.sha256(session_key.encode("utf-8", "surrogatepass")).hexdigest()


def _ends(begun: datetime, seen: datetime) -> datetime:
    return min(begun + LONGEST, seen + IDLE)
