"""The mail server: whether it lets us in; nothing is sent, unless a test mail is asked for."""

import smtplib
import ssl
from collections.abc import Iterator
from typing import Any, Final

from django.conf import settings
from django.core.mail import EmailMessage, get_connection

from instroom.flow.operations.doctor.diagnosis import SENTENCES, Asked, Diagnosis, diagnosis
from instroom.flow.operations.doctor.site_settings import is_loopback

_PATIENCE: Final = 6  # seconds


def look(asked: Asked) -> Iterator[Diagnosis]:
    if not settings.INSTROOM_SMTP:
        yield diagnosis("mail-off")
        return
    facts = {"host": settings.EMAIL_HOST, "port": settings.EMAIL_PORT}
    if not (settings.EMAIL_USE_TLS or settings.EMAIL_USE_SSL or is_loopback(settings.EMAIL_HOST)):
        yield diagnosis("mail-in-clear", **facts)
    server = get_connection(timeout=_PATIENCE)
    try:
        server.open()
        yield diagnosis("mail", **facts)
        if asked.mail_to:
            _send(server, asked)
            yield diagnosis("mail-sent")
    except smtplib.SMTPAuthenticationError as error:
        yield diagnosis("mail-sign-in", **facts, status=error.smtp_code)
    except (ssl.SSLError, smtplib.SMTPNotSupportedError) as error:
        yield diagnosis("mail-tls", **facts, reason=getattr(error, "verify_message", "") or type(error).__name__)
    except (smtplib.SMTPRecipientsRefused, smtplib.SMTPResponseException) as error:
        yield diagnosis("mail-refused", **facts, status=_status_of(error))
    except OSError as error:
        yield diagnosis("mail-unreachable", **facts, reason=error.strerror or type(error).__name__)
    finally:
        server.close()


def _send(server: Any, asked: Asked) -> None:
    subject, text = (SENTENCES.text(f"test-mail-{part}", asked.lang) for part in ("subject", "text"))
    EmailMessage(subject, text, to=[asked.mail_to], connection=server).send()


def _status_of(error: smtplib.SMTPRecipientsRefused | smtplib.SMTPResponseException) -> int:
    """Of the first address: there is one."""
    if isinstance(error, smtplib.SMTPResponseException):
        return error.smtp_code
    return int(next(iter(error.recipients.values()))[0])
