"""The site's mail server (INSTROOM_SMTP)."""

import re
from typing import Final, NamedTuple
from urllib.parse import unquote, urlsplit

from instroom.core.errors import SettingsError

_PORTS = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}
_ADDRESS: Final = r"[^\s@<>,]+@[^\s@<>,]+"
_SENDER: Final = re.compile(rf"{_ADDRESS}|[^<>\r\n]*<{_ADDRESS}>")


def sender(text: str) -> str:
    """INSTROOM_MAIL_FROM: an address, or `Name <address>`. Raises SettingsError."""
    if not _SENDER.fullmatch(text):
        raise SettingsError("setting-mail-from")
    return text


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
    try:
        parts = urlsplit(url)
        port = parts.port or _PORTS[parts.scheme]
    except (KeyError, ValueError) as error:
        raise SettingsError("setting-smtp") from error
    clear = parts.scheme == "smtp" and parts.password is not None
    if not parts.hostname or clear or parts.path.strip("/") or parts.query or parts.fragment:
        raise SettingsError("setting-smtp")
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    return MailServer(parts.hostname, port, user, password, parts.scheme == "smtp+starttls", parts.scheme == "smtps")
