"""USER and PASS. Passwords are checked in a thread, since hashing is slow and other sessions must not wait for it."""

import logging
from collections import Counter
from functools import partial
from typing import Final

from instroom.core.errors import CustomerMoving, NotAllowed
from instroom.doors.ftp.arriving import ArrivingSession
from instroom.doors.ftp.background import Background
from instroom.flow.file_server.account_sign_in import Banned, SignedIn, may_come_plain, sign_in
from instroom.flow.people.hashing import Busy
from instroom.store.files.uploads import AccountFolders

_MAX_PER_ADDRESS: Final = 2  # passwords of one address that are checked at once
_RETRY_AFTER: Final = 0.05  # seconds; so twenty programs behind one address sign in one after the other
_log = logging.getLogger("instroom.ftp")


class AllowAllAuthorizer:
    """Allows each command to everybody who has signed in: `AccountFolder` decides what happens to a path."""

    def has_perm(self, username: str, perm: str, path: str | None = None) -> bool:
        return True

    def get_perms(self, username: str) -> str:
        return "elradfmwMT"

    def get_msg_quit(self, username: str) -> str:
        return "Goodbye."

    def impersonate_user(self, username: str, password: str) -> None:
        """Does nothing: one system user owns all files."""

    def terminate_impersonation(self, username: str) -> None:
        """Does nothing: see `impersonate_user`."""


class FileSession(ArrivingSession):
    """A session of the file server: a `Session` that can sign in."""

    authorizer = AllowAllAuthorizer()
    sign_in_pool: Background
    sign_ins_in_progress: Counter[str]
    """How many passwords are being checked, by client address."""

    def ftp_USER(self, line: str) -> None:
        """Without TLS, accept only accounts that may use plain FTP: the others must not send their password."""
        if self.secured:
            super().ftp_USER(line)
        elif self.mode != "ftp":
            self.respond("550 TLS is required: send AUTH TLS first.")
        else:
            ask = partial(may_come_plain, line, self.client_address)
            self.run_in_background(self.sign_in_pool, ask, partial(self._answer_user, line))

    def _answer_user(self, line: str, may: bool | None, error: BaseException | None) -> None:
        if may:
            super().ftp_USER(line)
        elif error:
            self._answer_pass(None, error)
        else:
            self.respond("550 TLS is required: connect by FTPES or FTPS.")

    def ftp_PASS(self, line: str) -> None:
        """Check the password in a thread, and answer when that is done."""
        if self.authenticated:
            self.respond("503 User already authenticated.")
            return
        if not self.username:
            self.respond("503 Login with USER first.")
            return
        self.places.settle(self)
        if self.sign_ins_in_progress[self.client_address] >= _MAX_PER_ADDRESS:
            self.pause_reading()
            self.call_later(_RETRY_AFTER, self._retry_pass, line)
        else:
            self._check_password(self.username, line)

    def _retry_pass(self, line: str) -> None:
        if self.resume_reading():
            self.ftp_PASS(line)

    def _check_password(self, name: str, password: str) -> None:
        address, secured, sign_ins_in_progress = self.client_address, self.secured, self.sign_ins_in_progress

        def check() -> SignedIn:
            return sign_in(name, password, address, tls=secured)

        def on_done(signed_in: SignedIn | None, error: BaseException | None) -> None:
            sign_ins_in_progress.subtract([address])
            if sign_ins_in_progress[address] <= 0:
                del sign_ins_in_progress[address]
            if self.resume_reading():
                self._answer_pass(signed_in, error)

        sign_ins_in_progress[address] += 1
        self.pause_reading()
        if not self.sign_in_pool.run(check, on_done):
            on_done(None, Busy("too-busy"))

    def _answer_pass(self, signed_in: SignedIn | None, error: BaseException | None) -> None:
        if signed_in:
            self._begin_session(signed_in)
        elif isinstance(error, Banned):
            facts = {"kind": "sign-in-banned", "address": self.remote_ip}
            _log.warning("%s: refused, too many failed sign-ins", self.remote_ip, extra=facts)
            self.respond("421 Too many failed attempts; try again later.")
            self.close_when_done()
        elif isinstance(error, Busy):
            self.respond("421 Too many programs are signing in at once; try again in a few seconds.")
            self.close_when_done()
        elif isinstance(error, CustomerMoving):
            self.respond(f"421 {error.sentence('en')}")
            self.close_when_done()
        elif isinstance(error, NotAllowed):
            facts = {"kind": "sign-in-failed", "address": self.remote_ip}
            _log.warning("%s: sign-in failed", self.remote_ip, extra=facts)
            self.places.wait_again(self)
            self.pause_reading()
            self.call_later(self.auth_failed_timeout, self._refuse_pass)
        else:
            _log.error("sign-in failed because of an error: %s", type(error).__name__)
            self.respond("421 Service not available; try again later.")
            self.close_when_done()

    def _refuse_pass(self) -> None:
        """Some seconds later: who guesses has to wait."""
        if self.resume_reading():
            self.attempted_logins += 1
            is_last = self.attempted_logins >= self.max_login_attempts
            self.respond(f"530 Authentication failed.{' Disconnecting.' if is_last else ''}")
            if is_last:
                self.close_when_done()

    def _begin_session(self, signed_in: SignedIn) -> None:
        folders = AccountFolders(self.base, signed_in.id)
        folders.make(signed_in.landing_folders)
        self.signed_in, self.username = signed_in, signed_in.name
        self.handle_auth_success(str(folders.folder), "", "Signed in.")
        self.fs.folders = folders
        self.sessions.add(self)
        tls = self.socket.version() if self.secured else "no TLS"
        _log.info("%s %s: signed in (%s, %s)", self.remote_ip, signed_in.name, self.mode.upper(), tls)
