"""A data connection, and the verdict on what came over it: whole, or broken off (docs/adr).

A plain FTP upload ends with a FIN, and so does one whose program was killed. So the end alone is not believed: with TLS
only close_notify will do, and without it we wait a moment and look whether the control connection is still there.
"""

import errno
import socket
from typing import Any, Final

from pyftpdlib.exceptions import _RetryError
from pyftpdlib.handlers.ftp.data import DTPHandler
from pyftpdlib.log import logger

from instroom.doors.ftp.secure import SecureChannel, hang_up
from instroom.store.files.partial_upload import PartialUpload

_PIECES: Final = 8  # read at one go, before another session gets its turn
_NO_ROOM: Final = {errno.ENOSPC, errno.EDQUOT}


class DataChannel(SecureChannel, DTPHandler):
    """One transfer. Whoever closes it before the verdict makes an upload broken off."""

    ac_in_buffer_size = 262144

    def __init__(self, sock: socket.socket, cmd_channel: Any) -> None:
        self.timeout = cmd_channel.stall
        self.why = ""
        """For what an upload broke off."""
        self._judging = False
        super().__init__(sock, cmd_channel)
        if self.connected and cmd_channel.private_data:
            self.secure(cmd_channel.tls.for_data())

    def use_sendfile(self) -> bool:
        """Only what goes as it is can go that way."""
        return bool(not self.secured and not self._shaking_hands and super().use_sendfile())

    def send(self, data: bytes) -> int:
        """As the channel, and counted."""
        sent = super().send(data)
        self.tot_bytes_sent += sent
        return int(sent)

    def enable_receiving(self, type: str, cmd: str) -> None:
        """Bytes are stored as they were sent, whatever the TYPE: a file is the supplier's own."""
        super().enable_receiving("i", cmd)

    def handle_not_secured(self, error: Exception) -> None:
        """RFC 4217, 10.2; where no transfer was asked for yet, nobody waits for an answer."""
        if not self._initialized:
            self.close()
            return
        self._break_off("no TLS", "522 TLS handshake failed on the data connection.")

    def handle_read(self) -> None:
        """Bytes of an upload."""
        for _ in range(_PIECES):
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
                self._refuse(error)
                return

    def handle_close(self) -> None:
        """The other side has ended, or the line did."""
        if self._closed or self._judging:
            return
        if not self.receive:
            if self._initialized:
                super().handle_close()
            else:
                self.close()
        elif self.ended in self._good_ends():
            self._await_verdict()
        else:
            self._break_off(f"data ended by {self.ended or 'reset'}")

    def handle_timeout(self) -> None:
        """Nothing has come for long."""
        self.why = "stalled"
        super().handle_timeout()

    def close(self) -> None:
        """End it; an upload that has no verdict yet is broken off."""
        if not self._closed and self.receive and not self.transfer_finished and not self.why:
            self.why = "ended by the control connection"
        super().close()

    def _good_ends(self) -> tuple[str, ...]:
        if not self.cmd_channel.private_data:
            return ("eof",)
        return ("notify", "ragged") if self.cmd_channel.allow_missing_close_notify else ("notify",)

    def _await_verdict(self) -> None:
        self._judging = True
        self.say_goodbye()
        hang_up(self.socket)
        self.del_channel()
        self._idler.cancel()
        self.call_later(self.cmd_channel.patience, self._judge)

    def _judge(self) -> None:
        """Only who is still there to hear of it can have meant it: RFC 959 takes a lost control connection as abort."""
        if not self.cmd_channel.is_there():
            self._break_off("the control connection had gone")
        elif isinstance(self.file_obj, PartialUpload):
            self.why = "the session ended while the file was put in its place; it is complete"
            self.cmd_channel.put_in_place(self.file_obj, self._told)
        else:
            self._told(None)

    def _told(self, error: BaseException | None) -> None:
        """It is in its place now, or could not be put there."""
        if self._closed:  # the session ended while we wrote; nobody is there to be told
            return
        if error:
            self._break_off("could not be stored", "451 The file could not be stored; send it again.")
            return
        self.transfer_finished = True
        self._resp = ("226 Transfer complete.", logger.debug)
        self.close()

    def _refuse(self, error: OSError) -> None:
        if error.errno == errno.EFBIG:
            self._break_off("too large", "552 The file is larger than is accepted; transfer aborted.")
        elif error.errno in _NO_ROOM:
            self._break_off("no room", "452 There is no room; transfer aborted.")
        else:
            self._break_off(f"could not be written: {error.strerror}", "451 Local error; transfer aborted.")

    def _break_off(self, why: str, answer: str = "426 Transfer aborted; the file is not accepted.") -> None:
        self.why = why
        self.transfer_finished = False
        self._resp = (answer, logger.debug)
        self.close()
