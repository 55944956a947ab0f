"""Sends what the outbox holds, through the mail server of the site (product.md E4).

A mail is claimed by a conditional UPDATE before it is sent, so that of two workers one sends it. A worker that is
killed in between leaves a doubt: the mail goes out again, under the same Message-ID, by which it is known again.
"""

import logging
from datetime import timedelta
from email.utils import format_datetime, formataddr, parseaddr
from smtplib import SMTPDataError, SMTPRecipientsRefused
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from instroom.config.traces import span
from instroom.flow.institute import help_desk, institute
from instroom.flow.mails.refused_addresses import record_refusal
from instroom.flow.news.outbox import OPENING
from instroom.flow.passing_by import PassedBy
from instroom.store.models import Mail

WAITS: Final = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=6),
    timedelta(hours=12),
    timedelta(hours=24),
)
"""How long after each failure it is tried again."""
MOST_ATTEMPTS: Final = len(WAITS) + 1
_CLAIMED: Final = timedelta(minutes=10)  # longer than handing over a mail can take
_STALE: Final = timedelta(days=3)  # older news is no news: a site that gets a mail server later does not flood people
_AT_ONCE: Final = 50
_passed_by = PassedBy[UUID]("mail")
_log = logging.getLogger(__name__)


def send_due() -> int:
    """Send the mails that are due; how many went out. Without INSTROOM_SMTP none do: they are read in the web."""
    if not settings.INSTROOM_SMTP:
        return 0
    mails = Mail.objects.filter(_waiting(), due_at__lte=timezone.now(), customer__move=None)
    mails = mails.exclude(pk__in=_passed_by.now())
    due = list(mails.order_by("due_at").values_list("pk", flat=True)[:_AT_ONCE])
    if not due:
        return 0
    connection, sent = get_connection(timeout=settings.EMAIL_TIMEOUT), 0
    try:
        for pk in due:
            with _passed_by.where_it_breaks(pk):
                mail = mails.select_related("customer").filter(pk=pk).first()
                if mail and _claim(mail):
                    if not _hand_over(mail, connection):
                        break
                    sent += mail.sent_at is not None
    finally:
        connection.close()
    return sent


def _waiting() -> Q:
    return Q(sent_at__isnull=True, given_up_at__isnull=True, held_until__isnull=True)


def _claim(mail: Mail) -> bool:
    """Make it ours for a while, and count the attempt; one that has been tried or has waited too long is given up."""
    now = timezone.now()
    if mail.attempts >= MOST_ATTEMPTS or mail.made_at < now - _STALE:
        _give_up(mail)
        return False
    same = Mail.objects.filter(_waiting(), pk=mail.pk, attempts=mail.attempts, due_at=mail.due_at)
    mail.attempts += 1
    return same.update(attempts=mail.attempts, due_at=now + _CLAIMED) == 1


def _hand_over(mail: Mail, connection: Any) -> bool:
    """Send a mail that is ours. False where the server cannot be reached: then the others need not be tried now."""
    try:
        with span("send mail", "CLIENT", mail=mail.pk):
            connection.open()
            connection.send_messages([_message(mail, connection)])
    except (OSError, ValueError) as error:  # what SMTP answers is an OSError too
        _failed(mail, error)
        return _is_of_the_mail(error)
    mail.sent_at = timezone.now()
    Mail.objects.filter(pk=mail.pk).update(sent_at=mail.sent_at, **_forgotten(mail))
    return True


def _message(mail: Mail, connection: Any) -> EmailMultiAlternatives:
    """From the institute, whose help desk gets the answers."""
    address = parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
    desk = help_desk(institute(), mail.customer)
    headers = {
        "Message-ID": f"<{mail.pk}@{address.rpartition('@')[2]}>",
        "Date": format_datetime(mail.made_at),
        "Auto-Submitted": "auto-generated",  # RFC 3834: no answers of people who are away
        "Content-Language": mail.language,
    }
    message = EmailMultiAlternatives(
        mail.subject,
        mail.text,
        formataddr((desk.institute, address)) if desk.institute else settings.DEFAULT_FROM_EMAIL,
        to=[mail.to],
        reply_to=[desk.email] if desk.email else None,
        headers=headers,
        connection=connection,
    )
    message.attach_alternative(mail.html, "text/html")
    return message


def _failed(mail: Mail, error: Exception) -> None:
    """Try again later, or not at all where the server says that it never will, or it has been often enough."""
    kind = type(error).__name__
    _log.warning("mail %s was not sent: %s", mail.pk, kind, extra={"kind": f"mail-{kind}"})
    if mail.attempts >= MOST_ATTEMPTS or _never(error):
        with transaction.atomic():
            _give_up(mail)
            if isinstance(error, SMTPRecipientsRefused) and _never(error):
                record_refusal(mail)
    else:
        Mail.objects.filter(pk=mail.pk).update(due_at=timezone.now() + WAITS[mail.attempts - 1])


def _is_of_the_mail(error: Exception) -> bool:
    """Whether this one mail is at fault. Anything else is between us and the server, and holds for the next one too."""
    return isinstance(error, SMTPRecipientsRefused | SMTPDataError) or _is_no_address(error)


def _is_no_address(error: Exception) -> bool:
    """A mail that cannot be written at all. A certificate that is not right is a ValueError too, but the server's."""
    return isinstance(error, ValueError) and not isinstance(error, OSError)


def _never(error: Exception) -> bool:
    """Whether the answer to this mail was a permanent no: 5xx (RFC 5321, section 4.2.1)."""
    if isinstance(error, SMTPRecipientsRefused):
        return all(code >= 500 for code, _ in error.recipients.values())
    return _is_no_address(error) or (isinstance(error, SMTPDataError) and error.smtp_code >= 500)


def _give_up(mail: Mail) -> None:
    Mail.objects.filter(_waiting(), pk=mail.pk).update(given_up_at=timezone.now(), **_forgotten(mail))


def _forgotten(mail: Mail) -> dict[str, str]:
    """A link that opens something is not kept beside the hash of its word."""
    return {"text": "", "html": ""} if mail.kind in OPENING else {}
