"""What the program of a supplier must know to deliver at the file server, in words (product.md F1)."""

from collections.abc import Sequence
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from instroom.config.file_server import Mode
from instroom.core.errors import SettingsError
from instroom.flow.file_server.ways_in import ways_in
from instroom.store.models import FileAccount

_BEST_FIRST: Final[tuple[Mode, ...]] = ("ftpes", "ftps", "ftp")
_MODES: Final = {
    "ftpes": gettext_lazy("FTPES (FTP with explicit TLS), recommended"),
    "ftps": gettext_lazy("FTPS (FTP with implicit TLS)"),
    "ftp": gettext_lazy("FTP without TLS, only for programs that do not support TLS"),
}


def lines_of(account: FileAccount, file_names: Sequence[str] = ()) -> list[tuple[str, str]]:
    """What each is called and what it is, in the order in which a program asks for them; nothing where this site's file
    server cannot be."""
    try:
        server = ways_in()
    except SettingsError:
        return []
    modes = [mode for mode in _BEST_FIRST if mode in server.ports and (mode != "ftp" or account.plain_ftp)]
    first, last = server.passive
    lines = [
        (_("Server"), server.host),
        *((str(_MODES[mode]), _("port %(port)s") % {"port": server.ports[mode]}) for mode in modes),
        (_("Data connections"), _("passive, ports %(first)s to %(last)s") % {"first": first, "last": last}),
        (_("Account"), account.name),
        (_("Password"), _("as given by the operator")),
        (_("Folder"), _("the folder that you see after signing in, and no other")),
    ]
    if file_names:
        lines.append((_("File name"), ", ".join(sorted(set(file_names)))))
    if server.fingerprint and modes != ["ftp"]:
        lines.append((_("SHA-256 of the certificate"), server.fingerprint))
    return lines
