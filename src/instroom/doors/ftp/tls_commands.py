"""AUTH, PBSZ and PROT (RFC 4217): a session switches to TLS, and its data connections with it."""

from typing import Any, Final

from instroom.doors.ftp.control import DATA_COMMANDS, TRANSFER_COMMANDS
from instroom.doors.ftp.data import NOT_RESUMED
from instroom.doors.ftp.uploading import UploadSession

_COMMANDS: Final = {
    "AUTH": "Syntax: AUTH <SP> TLS (set up secure control channel).",
    "PBSZ": "Syntax: PBSZ <SP> 0 (negotiate TLS buffer).",
    "PROT": "Syntax: PROT <SP> P (set up secure data channel).",
}


class TlsSession(UploadSession):
    """A session that can switch to TLS, and recognises its data connections by it."""

    proto_cmds = UploadSession.proto_cmds | {
        name: {"perm": None, "auth": False, "arg": True, "help": text} for name, text in _COMMANDS.items()
    }

    _data_handshakes = 0
    _data_refused = False

    def __init__(self, conn: Any, server: Any, ioloop: Any = None) -> None:
        super().__init__(conn, server, ioloop)
        self._extra_feats = ["AUTH SSL", "AUTH TLS", "PBSZ", "PROT"]

    def flush_account(self) -> None:
        """The data connections of the next account count from the first."""
        super().flush_account()
        self._data_handshakes, self._data_refused = 0, False

    def accepts_handshake(self, *, resumed: bool) -> bool:
        """Whether a data connection may be used. `resumed` is whether it proved to come from this session's program."""
        number = self._data_handshakes + 1
        if self.signed_in is None:
            return True
        if not resumed and number <= self.signed_in.must_resume:
            self._data_refused = True
            return False
        self._data_handshakes = number
        self.sessions.note_handshake(self, number, resumed)
        return True

    def process_command(self, cmd: str, *args: Any, **kwargs: Any) -> None:
        """Tell a transfer why its data connection was refused."""
        refused = self._data_refused and self.data_channel is None
        if cmd in TRANSFER_COMMANDS or cmd in DATA_COMMANDS:
            self._data_refused = False
        if refused and cmd in TRANSFER_COMMANDS:
            self.respond(f"425 {NOT_RESUMED}")
        else:
            super().process_command(cmd, *args, **kwargs)

    def ftp_AUTH(self, line: str) -> None:
        """Switch to TLS. Discard plain text that follows the command: an attacker may have injected it."""
        if self.secured:
            self.respond("503 Already using TLS.")
        elif line.upper() not in ("TLS", "TLS-C", "SSL", "TLS-P"):
            self.respond("504 Use AUTH TLS.")
        elif not self.tls:
            self.respond("431 The server has no certificate.")
        else:
            if self.authenticated:
                self.flush_account()
            self.respond(f"234 AUTH {line.upper()} successful.")
            self.ac_in_buffer = b""
            self.lines_behind.clear()
            self.begin_tls(self.tls)

    def ftp_PBSZ(self, line: str) -> None:
        """Always answers 0, the only size that TLS has."""
        if not self.secured:
            self.respond("503 PBSZ not allowed on insecure control connection.")
            return
        self._buffer_size_agreed = True
        self.respond("200 PBSZ=0 successful.")

    def ftp_PROT(self, line: str) -> None:
        """Accept only P (private): data connections always use TLS."""
        if not self.secured:
            self.respond("503 PROT not allowed on insecure control connection.")
        elif not self._buffer_size_agreed:
            self.respond("503 You must issue the PBSZ command prior to PROT.")
        elif line.upper() == "P":
            self.private_data = True
            self.respond("200 Protection set to Private")
        elif line.upper() in ("C", "S", "E"):
            self.respond("536 Data connections must use TLS: use PROT P.")
        else:
            self.respond("504 Unrecognized PROT type: use PROT P.")
