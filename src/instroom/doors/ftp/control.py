"""A session: the commands that pyftpdlib lacks, or that behave differently here."""

import ipaddress
import logging
import select
import ssl
from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from pyftpdlib.handlers.ftp.control import FTPHandler

from instroom.config.file_server import Mode
from instroom.config.listening import plain_address
from instroom.doors.ftp.background import Background
from instroom.doors.ftp.data import DataChannel
from instroom.doors.ftp.folder import AccountFolder
from instroom.doors.ftp.listing import PatternListing
from instroom.doors.ftp.passive import NoPassivePort, PassivePort
from instroom.doors.ftp.secure import SecureChannel
from instroom.doors.ftp.sessions import Sessions
from instroom.doors.ftp.tls import Tls
from instroom.flow.delivery.room import UploadRoom
from instroom.flow.file_server.account_sign_in import SignedIn
from instroom.flow.file_server.file_names import legible

TRANSFER_COMMANDS: Final = frozenset("STOR STOU APPE RETR LIST NLST MLSD".split())
DATA_COMMANDS: Final = frozenset("PASV EPSV PORT EPRT".split())
_PORT_TRIES, _PORT_PAUSE = 8, 0.25  # together two seconds for a port to become free
_PORTS_PER_ACCOUNT: Final = 2
_log = logging.getLogger("instroom.ftp")


class Session(PatternListing, SecureChannel, FTPHandler):
    """The part of a session that does not depend on its account: limits, TLS, data connections. `UploadSession` adds
    what becomes of uploads, and `FileSession` signing in."""

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
    room: UploadRoom
    """What the customer's quota leaves for the next upload."""
    active = True
    active_to_own_host = False

    dtp_handler = DataChannel
    passive_dtp = PassivePort
    abstracted_fs = AccountFolder
    banner = "Instroom"
    use_sendfile = False  # it would send what is on the disk, encrypted
    sign_in_within = 60.0

    signed_in: SignedIn | None = None
    tls_context: ssl.SSLContext
    private_data = False
    """Whether data connections use TLS."""
    _buffer_size_agreed = False
    _in_dtp_queue: Any
    _out_dtp_queue: Any
    _in_buffer: list[bytes]
    _in_buffer_len: int

    def __init__(self, conn: Any, server: Any, ioloop: Any = None) -> None:
        super().__init__(conn, server, ioloop)
        self._current_type = "i"
        self.lines_behind: deque[bytes] = deque()
        """Commands that came while another one was under way."""

    @property
    def allow_missing_close_notify(self) -> bool:
        """Whether this account may end its data without TLS close_notify."""
        return bool(self.signed_in and self.signed_in.allow_missing_close_notify)

    @property
    def client_address(self) -> str:
        """The client's IP address; an IPv4 address also when it arrives as `::ffff:192.0.2.1`."""
        return str(plain_address(self.remote_ip))

    def handle(self) -> None:
        """With implicit TLS the greeting waits for the handshake."""
        self.call_later(self.sign_in_within, self._close_if_not_signed_in)
        if self.mode == "ftps" and self.tls:
            self.begin_tls(self.tls)
        else:
            super().handle()

    def begin_tls(self, tls: Tls) -> None:
        self.tls_context = tls.context()
        self.secure(self.tls_context)

    def handle_secured(self) -> None:
        """Implicit TLS protects data from the start: some programs never ask for it."""
        if self.mode == "ftps":
            self.private_data = self._buffer_size_agreed = True
            super().handle()

    def handle_timeout(self) -> None:
        if self._shaking_hands:
            self.close()
        else:
            super().handle_timeout()

    def decode(self, bytes: bytes) -> str:
        """Accept both encodings that programs use: UTF-8, and else Windows-1252."""
        return legible(bytes)

    def pre_process_command(self, line: str, cmd: str, arg: str) -> None:
        """Refuse control characters: no file name has them."""
        if any(ord(character) < 32 or ord(character) == 127 for character in line):
            self.respond("501 No control characters, please.")
        else:
            super().pre_process_command(line, cmd, arg)

    def flush_account(self) -> None:
        """Forget the account: somebody else signs in on the same connection. What is under way is not theirs."""
        if self.data_channel is not None and self.data_channel._initialized:
            self.data_channel.abort("another account signs in", "session-ended")
        self._drop_waiting_transfer()
        self.sessions.remove(self)
        super().flush_account()
        self.signed_in, self._current_type = None, "i"
        self.private_data = self._buffer_size_agreed = self.mode == "ftps"

    def is_client_connected(self) -> bool:
        """Whether the client still holds the control connection. Bytes that it sent before it left do not count."""
        if self._closed:
            return False
        watch = select.poll()
        watch.register(self._fileno, select.POLLRDHUP | select.POLLHUP | select.POLLERR)
        return not watch.poll(0)

    def found_terminator(self) -> None:
        """Commands take turns, also those that were sent in one go."""
        if self._closed or self._quit_pending:
            return
        if self.lines_behind or self.sessions.is_paused(self):
            self.lines_behind.append(b"".join(self._in_buffer))
            self._in_buffer, self._in_buffer_len = [], 0
        else:
            super().found_terminator()

    def _take_lines_behind(self) -> None:
        while self.lines_behind and not (self._closed or self._quit_pending or self.sessions.is_paused(self)):
            begun = self._in_buffer, self._in_buffer_len  # of a command that has not come whole
            self._in_buffer = [self.lines_behind.popleft()]
            super().found_terminator()
            self._in_buffer, self._in_buffer_len = begun

    def pause_reading(self) -> None:
        self.sessions.add_paused(self)
        self.del_channel()

    def resume_reading(self) -> bool:
        """Read commands again. Returns False if the session has ended in the meantime."""
        if self._closed:
            return False
        self.sessions.remove_paused(self)
        if not self._quit_pending:
            self.add_channel()
        if self.lines_behind:
            self.ioloop.call_later(0, self._take_lines_behind)
        return True

    def run_in_background(
        self, pool: Background, job: Callable[[], Any], on_done: Callable[[Any, BaseException | None], None]
    ) -> None:
        """Run a job in a thread, and read no commands until it is done."""

        def resume(outcome: Any, error: BaseException | None) -> None:
            if self.resume_reading():
                on_done(outcome, error)

        self.pause_reading()
        if not pool.run(job, resume) and self.resume_reading():
            self.respond("421 The server is too busy; try again later.")
            self.close_when_done()

    def process_command(self, cmd: str, *args: Any, **kwargs: Any) -> None:
        """Refuse a second transfer over one data connection, since they would mix, and plain data in a TLS session."""
        if cmd in TRANSFER_COMMANDS and self.data_channel is not None and self.data_channel._initialized:
            self.respond("503 A transfer is in progress.")
        elif cmd in DATA_COMMANDS and self.secured and not self.private_data:
            self.note_failure("data-without-tls")
            self.respond("521 Data connections must use TLS: send PBSZ 0 and PROT P first.")
        else:
            if cmd in TRANSFER_COMMANDS:
                self._drop_waiting_transfer()
            super().process_command(cmd, *args, **kwargs)

    def _drop_waiting_transfer(self) -> None:
        """Close the file of a transfer that never got a data connection: what is there of an upload can be resumed."""
        upload, download = self._in_dtp_queue, self._out_dtp_queue
        for file in (upload and upload[0], download and download[2]):
            if file is not None:
                file.close()
        self._in_dtp_queue = self._out_dtp_queue = None

    def note_failure(self, cause: str, file_name: str = "") -> None:
        """Tell the account's operators what failed; see `UploadSession`."""

    # Data connections

    def _make_eport(self, ip: str, port: int) -> None:
        """Connect to the client, but never to our own host: behind a relay there, that would be its address."""
        client, own = self.client_address, self.socket.getsockname()[0].removeprefix("::ffff:")
        if not self.active:
            self.respond("502 Active mode is switched off; use passive mode (PASV or EPSV).")
        elif not self.active_to_own_host and (client == own or ipaddress.ip_address(client).is_loopback):
            self.respond("501 No data connections to this host; use passive mode (PASV or EPSV).")
        else:
            super()._make_eport(ip, port)

    def _make_epasv(self, extmode: bool = False, tries: int = _PORT_TRIES) -> None:
        """Wait up to two seconds for a port if all are in use, or if the account already listens on two."""
        try:
            if self.sessions.count_listening(self) >= _PORTS_PER_ACCOUNT:
                raise NoPassivePort
            super()._make_epasv(extmode)
        except NoPassivePort:
            if tries <= 0:
                self.note_failure("no-data-port")
                self.respond("425 All data ports are in use; try again.")
                return
            self.pause_reading()
            self.call_later(_PORT_PAUSE, self._try_epasv, extmode, tries - 1)

    def _try_epasv(self, extmode: bool, tries: int) -> None:
        if self.resume_reading():
            self._make_epasv(extmode, tries)

    def ftp_TYPE(self, line: str) -> None:
        """Accept both types, and transfer the bytes unchanged in either."""
        super().ftp_TYPE(line)
        self._current_type = "i"

    def ftp_ALLO(self, line: str) -> None:
        """Refuse a file that is announced as too large before it is sent (RFC 959)."""
        size = line.split(" ")[0]
        if size.isdecimal() and int(size) > self.file_bytes:
            self.note_failure("too-large")
            self.respond(f"552 A file can be at most {self.file_bytes} bytes.")
        else:
            self.respond("200 There is enough room.")

    def log_transfer(self, cmd: str, filename: str, receive: bool, completed: bool, elapsed: float, bytes: int) -> None:
        how = "complete" if completed else f"broken off ({self.data_channel.failure_reason or 'aborted'})"
        kind = "upload" if receive else "download"
        if receive and not completed and self.data_channel.failure_cause:
            self.note_failure(self.data_channel.failure_cause, Path(filename).name)
        _log.info("%s %s: %s of %r, %d bytes, %s", self.remote_ip, self.username, kind, Path(filename).name, bytes, how)

    def end_for_account(self) -> None:
        """The account was switched off, removed or given another password: break off what is under way, and say why."""
        channel = self.data_channel
        if channel is not None and not channel.failure_reason:
            channel.failure_reason, channel.failure_cause = "the account was switched off or changed", "session-ended"
        _log.info("%s %s: ended, since the account was switched off or changed", self.remote_ip, self.username)
        self.end_with("421 The account was switched off or changed by its operator; sign in again.")

    def end_with(self, answer: str) -> None:
        """End the session at once, whatever it is doing."""
        if self.sessions.is_paused(self):
            self.resume_reading()
        if not self._shaking_hands:
            self.respond(answer)
        self.close()

    def _close_if_not_signed_in(self) -> None:
        """A client that does not sign in keeps others out: connections are limited."""
        if not self.authenticated and not self._closed:
            self.close() if self._shaking_hands else super().handle_timeout()

    def close(self) -> None:
        """End the session, and remove the files that no other session shows."""
        if not self._closed:
            self.sessions.remove(self)
        super().close()
