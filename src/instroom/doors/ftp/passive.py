"""Passive data ports, only from the range that the firewall lets through (product.md F1)."""

from typing import Any

from pyftpdlib.handlers.ftp.dispatchers import PassiveDTP


class NoPassivePort(OSError):
    """All ports of the range are in use."""


class PassivePort(PassiveDTP):
    """A port that waits for one data connection."""

    timeout = 10  # seconds: there are few ports
    backlog = 5
    _finding_family = False

    def bind_af_unspecified(self, addr: tuple[str, int]) -> Any:
        """Called only to find the family of the address; pyftpdlib discards the socket."""
        self._finding_family = True
        try:
            return super().bind_af_unspecified(addr)
        finally:
            self._finding_family = False

    def bind(self, addr: tuple[Any, ...]) -> None:
        """Bind to a port of the range. Raises NoPassivePort where pyftpdlib would take any free port."""
        if not addr[1] and self.cmd_channel.passive_ports is not None and not self._finding_family:
            raise self._no_port()
        super().bind(addr)

    def listen(self, num: int) -> None:
        """Listen for the connection. Raises NoPassivePort if no port of the range is free, or another process took the
        port first."""
        if self.cmd_channel.passive_ports is not None and self.socket.getsockname()[1] == 0:
            raise self._no_port()
        try:
            super().listen(num)
        except OSError as error:
            raise self._no_port() from error

    def handle_timeout(self) -> None:
        """Nobody came: usually a firewall stops the ports for data."""
        self.cmd_channel.note_failure("no-data-connection")
        super().handle_timeout()

    def _no_port(self) -> NoPassivePort:
        self.close()
        return NoPassivePort("no passive port is free")
