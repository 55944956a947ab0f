"""The site's mail server (INSTROOM_SMTP), and how long mails are stored (INSTROOM_MAIL_DAYS)."""

from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from instroom.core.errors import SettingsError

_PORTS = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}
_MOST_DAYS = 3660


def kept_days(text: str) -> int:
    """INSTROOM_MAIL_DAYS: how many days a mail can be read in the web. Raises SettingsError."""
    if not (text.isascii() and text.isdecimal() and 1 <= int(text) <= _MOST_DAYS):
        raise SettingsError("setting-mail-days", most=_MOST_DAYS)
    return int(text)


class MailServer(NamedTuple):
    """The server that sends the mails. With TLS, its certificate is verified."""

    host: str
    port: int
    user: str
    password: str
    starttls: bool
    tls: bool


def mail_server(url: str) -> MailServer:
    """Parse `smtp://`, `smtp+starttls://` or `smtps://`, then `user:password@host:port`. User and port are optional.

    Raises SettingsError if the form is another, or if the password would be sent unencrypted.
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
