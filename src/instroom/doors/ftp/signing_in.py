"""USER and PASS: asked of the accounts beside the loop, so that a hash holds up nobody else."""

import ipaddress
import logging
from collections import Counter
from typing import Final

from instroom.core.errors import NotAllowed
from instroom.doors.ftp.background import Background
from instroom.doors.ftp.tls_commands import TlsSession
from instroom.flow.file_server.account_sign_in import Banned, Sight, may_come_plain, sign_in
from instroom.store.files.uploads import AccountFolders

_AT_ONCE: Final = 2  # passwords of one address that are looked at
_ASK_AGAIN: Final = 0.05  # seconds: twenty programs behind one address come in one after the other
_log = logging.getLogger("instroom.ftp")


class Rights:
    """What pyftpdlib asks before a command. Whoever has signed in may do what its own directory lets it do."""

    def has_perm(self, username: str, perm: str, path: str | None = None) -> bool:
        """Whether the command may be tried."""
        return True

    def get_perms(self, username: str) -> str:
        """As pyftpdlib names them."""
        return "elradfmwMT"

    def get_msg_quit(self, username: str) -> str:
        """The last word."""
        return "Goodbye."

    def impersonate_user(self, username: str, password: str) -> None:
        """All files are ours."""

    def terminate_impersonation(self, username: str) -> None:
        """All files are ours."""


class FileSession(TlsSession):
    """A session of the file server."""

    authorizer = Rights()
    door: Background
    looking: Counter[str]
    """How many passwords of an address are being looked at."""

    @property
    def address(self) -> str:
        """Where the program is, in one way of writing."""
        found = ipaddress.ip_address(self.remote_ip.partition("%")[0])
        return str(getattr(found, "ipv4_mapped", None) or found)

    def ftp_USER(self, line: str) -> None:
        """Without TLS only the accounts that are named may go on: the others must not send their password."""
        if self.secured:
            super().ftp_USER(line)
        elif self.mode != "ftp":
            self.respond("550 TLS is required: send AUTH TLS first.")
        else:
            self.beside(self.door, lambda: may_come_plain(line), lambda may, error: self._named(line, may))

    def _named(self, line: str, may: bool | None) -> None:
        if may:
            super().ftp_USER(line)
        else:
            self.respond("550 TLS is required: connect by FTPES or FTPS.")

    def ftp_PASS(self, line: str) -> None:
        """Whether the password is right is told later."""
        if self.authenticated:
            self.respond("503 User already authenticated.")
        elif not self.username:
            self.respond("503 Login with USER first.")
        elif self.looking[self.address] >= _AT_ONCE:
            self.pause()
            self.call_later(_ASK_AGAIN, self._ask_later, line)
        else:
            self._ask(self.username, line)

    def _ask_later(self, line: str) -> None:
        if self.go_on():
            self.ftp_PASS(line)

    def _ask(self, name: str, password: str) -> None:
        address, secured, looking = self.address, self.secured, self.looking

        def asked() -> Sight:
            return sign_in(name, password, address, tls=secured)

        def told(sight: Sight | None, error: BaseException | None) -> None:
            looking.subtract([address])
            if looking[address] <= 0:
                del looking[address]
            if self.go_on():
                self._told(sight, error)

        looking[address] += 1
        self.pause()
        if not self.door.run(asked, told):
            told(None, Banned("Too much is going on.", "Er gebeurt nu te veel."))

    def _told(self, sight: Sight | None, error: BaseException | None) -> None:
        if sight:
            self._begin_session(sight)
        elif isinstance(error, Banned):
            _log.warning("%s: refused, too many failed sign-ins", self.remote_ip)
            self.respond("421 Too many failed attempts; try again later.")
            self.close_when_done()
        elif isinstance(error, NotAllowed):
            _log.warning("%s: sign-in failed", self.remote_ip)
            self.pause()
            self.handle_auth_failed("", "")
        else:
            _log.error("signing in broke: %s", type(error).__name__)
            self.respond("421 Service not available; try again later.")
            self.close_when_done()

    def _begin_session(self, sight: Sight) -> None:
        folders = AccountFolders(self.base, sight.id)
        folders.make()
        self.sight, self.username = sight, sight.name
        self.handle_auth_success(str(folders.folder), "", "Signed in.")
        self.fs.folders = folders
        self.sessions.joined(self)
        tls = self.socket.version() if self.secured else "no TLS"
        _log.info("%s %s: signed in (%s, %s)", self.remote_ip, sight.name, self.mode.upper(), tls)
