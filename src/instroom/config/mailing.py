"""The mail server of the site (INSTROOM_SMTP), and how long mails are kept."""

from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from instroom.core.errors import SettingsError

_PORTS = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}
_MOST_DAYS = 3660


def kept_days(text: str) -> int:
    """INSTROOM_MAIL_DAYS: how long a mail can be read in the web. Raises SettingsError."""
    if not (text.isascii() and text.isdecimal() and 1 <= int(text) <= _MOST_DAYS):
        raise SettingsError("setting-mail-days", most=_MOST_DAYS)
    return int(text)


class MailServer(NamedTuple):
    """Where mails are handed over. Certificates are verified, where TLS is asked for."""

    host: str
    port: int
    user: str
    password: str
    starttls: bool
    tls: bool


def mail_server(url: str) -> MailServer:
    """`smtp://`, `smtp+starttls://` or `smtps://`, then `user:password@host:port`; user and port may be left out.

    Raises SettingsError where it is not of that form, or would send a password in the clear.
    """
    parts = urlsplit(url)
    try:
        port = parts.port or _PORTS[parts.scheme]
    except (KeyError, ValueError):
        port = 0
    clear = parts.scheme == "smtp" and parts.password is not None
    if not port or not parts.hostname or clear:
        raise SettingsError("setting-smtp")
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    return MailServer(parts.hostname, port, user, password, parts.scheme == "smtp+starttls", parts.scheme == "smtps")
