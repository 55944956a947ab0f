"""Writes a mail in the transaction of what it tells of: it goes out if that is committed, and only then (E4)."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final, cast

from django.utils import timezone

from instroom.core.language import Language
from instroom.flow.news.mail_text import render
from instroom.store.models import Customer, Delivery, Mail, User

OPENING: Final = frozenset({"invitation", "new-password", "new-email"})
"""Kinds with a link that opens something once: of those no text is kept longer than it is needed."""


def write(
    kind: str,
    to: User | str,
    language: str,
    facts: Mapping[str, Any],
    *,
    customer: Customer | None,
    delivery: Delivery | None = None,
    once: str | None = None,
    held_until: datetime | None = None,
    parts: Sequence[Mapping[str, Any]] = (),
    said: str = "",
) -> Mail | None:
    """Put a mail in the outbox, in `nl` or `en`; the worker sends it (`flow.mails.mailing`).

    `once` names what may be told but once: a second mail of that name is not written. A user without an address gets
    none. `customer` says whose operators see it; None: nobody's. Until `held_until` it waits to be gathered in an
    overview (`flow.mails.daily_overviews`), whose `parts` are what such mails say. `said` names its sentences, where
    they are not those of its kind.
    """
    user, address = (to, to.email) if isinstance(to, User) else (None, to)
    if not address:
        return None
    written, now = render(said or kind, cast(Language, language), facts, parts, customer=customer), timezone.now()
    mail = Mail(
        customer=customer,
        delivery=delivery,
        kind=kind,
        user=user,
        to=address,
        language=language,
        subject=written.subject,
        text=written.text,
        html=written.html,
        facts=facts if held_until else None,
        held_until=held_until,
        once=once,
        made_at=now,
        due_at=held_until or now,
    )
    Mail.objects.bulk_create([mail], ignore_conflicts=once is not None)
    return mail
