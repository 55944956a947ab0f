"""A session: the commands that pyftpdlib does not know, or that mean something else here."""

import logging
import select
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from pyftpdlib.handlers.ftp.control import FTPHandler

from instroom.config.file_server import Mode
from instroom.doors.ftp.background import Background
from instroom.doors.ftp.data import DataChannel
from instroom.doors.ftp.folder import AccountFolder
from instroom.doors.ftp.passive import NoPassivePort, PassivePort
from instroom.doors.ftp.secure import SecureChannel
from instroom.doors.ftp.sessions import Sessions
from instroom.doors.ftp.tls import Tls
from instroom.flow.file_server.account_sign_in import Sight
from instroom.flow.file_server.take_in import facts_of, is_delivery, legible
from instroom.store.files import uploads
from instroom.store.files.partial_upload import PartialUpload

_TRANSFERS: Final = frozenset("STOR STOU APPE RETR LIST NLST MLSD".split())
_DATA: Final = frozenset("PASV EPSV PORT EPRT".split())
_PASSIVE_TRIES, _PASSIVE_PAUSE = 8, 0.25  # two seconds for a port to come free
_PASSIVE_PER_ACCOUNT: Final = 2
_log = logging.getLogger("instroom.ftp")


class Session(SecureChannel, FTPHandler):
    """What any session has: its limits, TLS, transfers with a verdict, and renaming. Who it is comes on top of this."""

    mode: Mode = "ftp"
    tls: Tls | None = None
    files: Background
    sessions: Sessions
    base: Path
    stall = 60.0
    patience = 0.25
    resume = 3600.0
    file_bytes = 64 * 1024 * 1024
    quota = 1 << 40
    free = 0

    dtp_handler = DataChannel
    passive_dtp = PassivePort
    abstracted_fs = AccountFolder
    banner = "Instroom"
    use_sendfile = False
    sign_in_within = 60.0

    sight: Sight | None = None
    private_data = False
    """Data goes over TLS."""
    _buffer_size_agreed = False

    def __init__(self, conn: Any, server: Any, ioloop: Any = None) -> None:
        super().__init__(conn, server, ioloop)
        self._current_type = "i"

    @property
    def allow_missing_close_notify(self) -> bool:
        """Its program ends data without close_notify, and that is put up with."""
        return bool(self.sight and self.sight.allow_missing_close_notify)

    def handle(self) -> None:
        """A connection has come: with implicit TLS the greeting waits for the handshake."""
        self.call_later(self.sign_in_within, self._refuse_idler)
        if self.mode == "ftps" and self.tls:
            self.secure(self.tls.for_control())
        else:
            super().handle()

    def handle_secured(self) -> None:
        """Implicit TLS protects data from the start: there are programs that never ask for it."""
        if self.mode == "ftps":
            self.private_data = self._buffer_size_agreed = True
            super().handle()

    def handle_timeout(self) -> None:
        """Nothing was asked for long."""
        if self._shaking_hands:
            self.close()
        else:
            super().handle_timeout()

    def decode(self, bytes: bytes) -> str:
        """A line, in whichever of the two ways its program writes."""
        return legible(bytes)

    def pre_process_command(self, line: str, cmd: str, arg: str) -> None:
        """No name holds control characters."""
        if any(ord(one) < 32 or ord(one) == 127 for one in line):
            self.respond("501 No control characters, please.")
        else:
            super().pre_process_command(line, cmd, arg)

    def flush_account(self) -> None:
        """Somebody else signs in on the same connection."""
        self.sessions.left(self)
        super().flush_account()
        self.sight, self._current_type = None, "i"
        self.private_data = self._buffer_size_agreed = self.mode == "ftps"

    def is_there(self) -> bool:
        """Whether the other side holds the control connection, also where it sent something before it went."""
        if self._closed:
            return False
        watch = select.poll()
        watch.register(self._fileno, select.POLLRDHUP | select.POLLHUP | select.POLLERR)
        return not watch.poll(0)

    def pause(self) -> None:
        """Read no commands for now."""
        self.sessions.paused(self)
        self.del_channel()

    def go_on(self) -> bool:
        """Read commands again. False: the session has ended meanwhile."""
        if self._closed:
            return False
        self.sessions.goes_on(self)
        if not self._quit_pending:
            self.add_channel()
        return True

    def beside(
        self, where: Background, job: Callable[[], Any], then: Callable[[Any, BaseException | None], None]
    ) -> None:
        """Do a job beside the loop, and read no commands until it is done."""

        def told(outcome: Any, error: BaseException | None) -> None:
            if self.go_on():
                then(outcome, error)

        self.pause()
        if not where.run(job, told) and self.go_on():
            self.respond("421 Too much is going on; try again later.")
            self.close_when_done()

    def process_command(self, cmd: str, *args: Any, **kwargs: Any) -> None:
        """Two transfers over one data connection would mix; and with TLS no data goes in the clear."""
        if cmd in _TRANSFERS and self.data_channel is not None and self.data_channel._initialized:
            self.respond("503 A transfer is going on.")
        elif cmd in _DATA and self.secured and not self.private_data:
            self.respond("521 Data goes over TLS alone: send PBSZ 0 and PROT P first.")
        else:
            super().process_command(cmd, *args, **kwargs)

    # What came in whole

    def put_in_place(self, part: PartialUpload, told: Callable[[BaseException | None], None]) -> None:
        """Commit an upload beside the loop, and tell how that went."""

        def then(handed_over: Any, error: BaseException | None) -> None:
            if error:
                _log.error("%s: an upload could not be put in its place: %s", self.username, error)
            else:
                self._came_in(part.name, handed_over)
            told(error)

        part.end()
        facts = self._facts(part.target)
        self.pause()
        self.files.run(lambda: uploads.commit(part.folders, part.path, part.target, facts), self._back_before(then))

    def _back_before(self, then: Callable[[Any, BaseException | None], None]) -> Callable[[Any, Any], None]:
        def told(outcome: Any, error: BaseException | None) -> None:
            self.go_on()
            then(outcome, error)

        return told

    def _facts(self, target: Path) -> Any:
        if self.sight and target.parent == Path(self.fs.root) and is_delivery(target.name):
            return facts_of(self.sight.id, self.remote_ip, target.name)
        return None

    def _came_in(self, name: str, handed_over: Any) -> None:
        """Whoever is there of this account sees the file; it becomes a delivery."""
        self.sessions.came_in(self, name, delivered=handed_over is not None)
        if handed_over:
            self.sessions.hand_over(handed_over)

    def ftp_RNTO(self, path: str) -> None:
        """A file that came in under a name of its own for the time being, and now gets its real one, has come in."""
        source: str | None = getattr(self, "_rnfr", None)
        facts = self._facts(Path(path))
        if not source or facts is None or source in self.fs.delivered or source not in self.fs.seen:
            super().ftp_RNTO(path)
            return
        self._rnfr = None

        def then(handed_over: Any, error: BaseException | None) -> None:
            if error:
                self.respond("451 The file could not be renamed.")
                return
            self.fs.forget(source)
            self._came_in(path, handed_over)
            self.respond("250 Renaming ok.")

        self.beside(self.files, lambda: uploads.commit(self.fs.folders, Path(source), Path(path), facts), then)

    # Data connections

    def _make_epasv(self, extmode: bool = False, tries: int = _PASSIVE_TRIES) -> None:
        """Wait a moment for a port where all are taken, or where the account has its share."""
        try:
            if self.sessions.listening_of(self) >= _PASSIVE_PER_ACCOUNT:
                raise NoPassivePort
            super()._make_epasv(extmode)
        except NoPassivePort:
            if tries <= 0:
                self.respond("425 All data ports are in use; try again.")
                return
            self.pause()
            self.call_later(_PASSIVE_PAUSE, self._try_epasv, extmode, tries - 1)

    def _try_epasv(self, extmode: bool, tries: int) -> None:
        if self.go_on():
            self._make_epasv(extmode, tries)

    def ftp_TYPE(self, line: str) -> None:
        """Bytes go as they are in both types."""
        super().ftp_TYPE(line)
        self._current_type = "i"

    def ftp_ALLO(self, line: str) -> None:
        """Who says beforehand how large a file is, is told beforehand that it is too large (RFC 959)."""
        size = line.split(" ")[0]
        if size.isdecimal() and int(size) > self.file_bytes:
            self.respond(f"552 A file has at most {self.file_bytes} bytes.")
        else:
            self.respond("200 There is room for it.")

    def log_transfer(self, cmd: str, filename: str, receive: bool, completed: bool, elapsed: float, bytes: int) -> None:
        """A line of the access log."""
        how = "complete" if completed else f"broken off ({self.data_channel.why or 'aborted'})"
        kind = "upload" if receive else "download"
        _log.info("%s %s: %s of %r, %d bytes, %s", self.remote_ip, self.username, kind, Path(filename).name, bytes, how)

    def _refuse_idler(self) -> None:
        """Who does not sign in takes the place of somebody who does."""
        if not self.authenticated and not self._closed:
            self.close() if self._shaking_hands else super().handle_timeout()

    def close(self) -> None:
        """The session ends; what nobody else sees any more is taken away."""
        if not self._closed:
            self.sessions.left(self)
        super().close()
