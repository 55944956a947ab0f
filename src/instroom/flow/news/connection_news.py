"""Tells by mail and by webhooks that a file is late or missing, and that it is over (product.md E2, E4)."""

from datetime import datetime
from typing import Any, cast

from django.utils import timezone

from instroom.core.language import Language
from instroom.flow import audit
from instroom.flow.news import links, mail_choice, outbox
from instroom.flow.news.events import announce_run
from instroom.flow.news.mail_text import MAILS
from instroom.flow.news.notifications import on_its_clock, people_with
from instroom.store.models import Connection, ConnectionRun, Role
from instroom.store.states import ConnectionState


def tell_trouble(connection: Connection, run: ConnectionRun, trouble: str, now: datetime) -> None:
    """The file is `late`, or `missing`; of one time and day, each is told once."""
    connection.trouble, connection.told_at = trouble, now
    connection.save(update_fields=["trouble", "told_at"])
    name, date = connection.name, str(run.local_date)
    if trouble == ConnectionState.LATE:
        audit.note(connection.customer, "file-late", None, connection=name, date=date)
    else:
        audit.note(connection.customer, "file-missing", None, connection=name, date=date)
    _write_mails(connection, run, trouble, f"{(now - run.due_at).days}", trouble)


def tell_file_arrived(connection: Connection, run: ConnectionRun, state: str) -> None:
    """A file has come. Of one with the same bytes as last time another mail says so."""
    if trouble := connection.trouble:
        connection.trouble, connection.told_at = "", None
        connection.save(update_fields=["trouble", "told_at"])
        if state == ConnectionState.TAKEN:
            _write_mails(connection, run, "over", "", trouble)


def _write_mails(connection: Connection, run: ConnectionRun, kind: str, which: str, trouble: str) -> None:
    """That it is over goes to whom, and when, the `trouble` was told."""
    announce_run(connection, run, kind, which)
    held_until = mail_choice.held_until(connection, trouble, timezone.now())
    people = people_with(connection.customer, Role.SUPPLIER, Role.OPERATOR)
    for user in mail_choice.readers(connection, trouble, people, ()):
        lang = cast(Language, user.language)
        facts: dict[str, Any] = {
            "connection": connection.name,
            "customer": connection.customer.title,
            "name": connection.file_name or connection.name,
            "at": on_its_clock(run.due_at, connection, lang),
            "came": MAILS.texts(lang)["came"]["badly" if run.delivery_id else "nothing"],
            "link": links.connection(connection),
        }
        once = f"{kind}:{run.pk}:{which}:{user.pk}"
        outbox.write(kind, user, lang, facts, customer=connection.customer, once=once, held_until=held_until)
