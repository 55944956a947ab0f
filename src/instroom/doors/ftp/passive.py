"""A passive data port out of the range that the firewall lets through, and never another one (product.md F1)."""

from typing import Any

from pyftpdlib.handlers.ftp.dispatchers import PassiveDTP


class NoPassivePort(OSError):
    """All ports of the range are taken."""


class PassivePort(PassiveDTP):
    """Where one data connection is waited for."""

    timeout = 10  # seconds: there are few ports
    backlog = 5
    _asking_family = False

    def bind_af_unspecified(self, addr: tuple[str, int]) -> Any:
        """Only asked for the family of the address; the socket is thrown away."""
        self._asking_family = True
        try:
            return super().bind_af_unspecified(addr)
        finally:
            self._asking_family = False

    def bind(self, addr: tuple[Any, ...]) -> None:
        """Take a port. Raises NoPassivePort instead of taking whichever is free."""
        if not addr[1] and self.cmd_channel.passive_ports is not None and not self._asking_family:
            raise self._none()
        super().bind(addr)

    def listen(self, num: int) -> None:
        """Wait for the connection. Raises NoPassivePort where no port of the range may be taken, or another process was
        first."""
        if self.cmd_channel.passive_ports is not None and self.socket.getsockname()[1] == 0:
            raise self._none()
        try:
            super().listen(num)
        except OSError as error:
            raise self._none() from error

    def _none(self) -> NoPassivePort:
        self.close()
        return NoPassivePort("no passive port is free")
