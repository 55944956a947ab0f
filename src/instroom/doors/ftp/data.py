"""A data connection, and the verdict on its upload: complete, or broken off (docs/adr).

A plain FTP upload ends with a FIN, and so does an upload whose program was killed. The end alone therefore proves
nothing. With TLS only close_notify counts. Without TLS we wait a moment and look whether the control connection is
still open.
"""

import errno
import socket
from typing import Any, Final

from pyftpdlib.exceptions import _RetryError
from pyftpdlib.handlers.ftp.data import DTPHandler
from pyftpdlib.log import logger

from instroom.doors.ftp.secure import SecureChannel, shut_down
from instroom.store.files.disk import is_about_room
from instroom.store.files.partial_upload import PartialUpload

_CHUNKS_PER_TURN: Final = 8  # then another session gets its turn
NOT_RESUMED: Final = "The data connection must resume the TLS session of the control connection."


class DataChannel(SecureChannel, DTPHandler):
    """One transfer. An upload that is closed before its verdict is broken off."""

    ac_in_buffer_size = 262144

    def __init__(self, sock: socket.socket, cmd_channel: Any) -> None:
        self.timeout = cmd_channel.stall
        self.failure_reason = ""
        """Why the upload was broken off."""
        self.failure_cause = ""
        """The same as its operator is told: a code of `flow.file_server.failed_attempts`."""
        self._judging = False
        super().__init__(sock, cmd_channel)
        if self.connected and cmd_channel.private_data:
            context = cmd_channel.tls_context
            # A program that only sends never reads tickets, and closing a connection with unread data loses the end of
            # its file (pyftpdlib issue 602).
            context.num_tickets = 0
            self.secure(context)

    def send(self, data: bytes) -> int:
        sent = super().send(data)
        self.tot_bytes_sent += sent
        return int(sent)

    def enable_receiving(self, type: str, cmd: str) -> None:
        """Store the bytes as they were sent, whatever the TYPE."""
        super().enable_receiving("i", cmd)

    def handle_secured(self) -> None:
        """Refuse a connection that cannot resume the session's TLS if its program can: it may be somebody else's."""
        if self.cmd_channel.accepts_handshake(resumed=bool(self.socket.session_reused)):
            return
        self.cmd_channel.note_failure("data-not-resumed")
        if self._initialized:
            self.abort("TLS not resumed", "", f"522 {NOT_RESUMED}")
        else:
            self.close()

    def handle_not_secured(self, error: Exception) -> None:
        """Answer 522 (RFC 4217, 10.2), unless no transfer was requested yet: then nobody waits for an answer."""
        if not self._initialized:
            self.close()
            return
        self.cmd_channel.note_failure("data-tls")
        self.abort("no TLS", "", "522 TLS handshake failed on the data connection.")

    def handle_read(self) -> None:
        for _ in range(_CHUNKS_PER_TURN):
            try:
                chunk = self.recv(self.ac_in_buffer_size)
            except _RetryError:
                return
            if not chunk:
                return
            self.tot_bytes_received += len(chunk)
            try:
                self.file_obj.write(chunk)
            except OSError as error:
                self._refuse_write(error)
                return

    def handle_close(self) -> None:
        """The client has ended the connection, or the connection was lost."""
        if self._closed or self._judging:
            return
        if not self.receive:
            if self._initialized:
                super().handle_close()
            else:
                self.close()
        elif self.ended in self._accepted_ends() or self.ended == "ragged":
            self._await_verdict()
        else:
            self.abort(f"data ended by {self.ended or 'reset'}", "reset")

    def handle_timeout(self) -> None:
        self.failure_reason = self.failure_cause = "stalled"
        super().handle_timeout()

    def close(self) -> None:
        """Close the connection. An upload without a verdict is broken off."""
        if not self._closed and self.receive and not self.transfer_finished and not self.failure_reason:
            self.failure_reason = "ended by the control connection"
            self.failure_cause = "aborted" if self.cmd_channel.is_client_connected() else "control-lost"
        super().close()

    def _accepted_ends(self) -> tuple[str, ...]:
        if not self.cmd_channel.private_data:
            return ("eof",)
        return ("notify", "ragged") if self.cmd_channel.allow_missing_close_notify else ("notify",)

    def _await_verdict(self) -> None:
        self._judging = True
        self.send_close_notify()
        shut_down(self.socket)
        self.del_channel()
        self._idler.cancel()
        self.call_later(self.cmd_channel.patience, self._judge)

    def _judge(self) -> None:
        """Accept the upload only if its client is still connected: RFC 959 takes a lost control connection as abort."""
        if not self.cmd_channel.is_client_connected():
            self.abort("the control connection was lost", "control-lost")
        elif self.ended not in self._accepted_ends():  # waited for all the same: only now it is known why
            self.abort(f"data ended by {self.ended}", "no-close-notify")
        elif isinstance(self.file_obj, PartialUpload):
            self.failure_reason = "the session ended while the file was stored; the file is complete"
            self.cmd_channel.commit_upload(self.file_obj, self._on_committed)
        else:
            self._on_committed(None)

    def _on_committed(self, error: BaseException | None) -> None:
        if self._closed:  # the session ended while we stored the file: nobody waits for an answer
            return
        if error:
            self.abort("could not be stored", "not-stored", "451 The file could not be stored; send it again.")
            return
        self.transfer_finished = True
        self._resp = ("226 Transfer complete.", logger.debug)
        self.close()

    def _refuse_write(self, error: OSError) -> None:
        if error.errno == errno.EFBIG and self.file_obj.most < self.cmd_channel.file_bytes:
            self.abort("no room", "customer-full", "552 There is no room for this file; transfer aborted.")
        elif error.errno == errno.EFBIG:
            self.abort("too large", "too-large", "552 The file is too large; transfer aborted.")
        elif is_about_room(error):
            self.abort("no room", "disk-full", "552 The disk is full; transfer aborted.")
        else:
            self.abort(f"could not be written: {error.strerror}", "not-stored", "451 Local error; transfer aborted.")

    def abort(
        self, failure_reason: str, cause: str, answer: str = "426 Transfer aborted; the file is not accepted."
    ) -> None:
        self.failure_reason, self.failure_cause = failure_reason, cause
        self.transfer_finished = False
        self._resp = (answer, logger.debug)
        self.close()
