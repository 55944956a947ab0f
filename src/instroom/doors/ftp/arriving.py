"""A connection before its greeting: which client it is, also behind a load balancer, and whether there is a place."""

import logging
import socket
from collections.abc import Sequence
from typing import Final

from instroom.config.listening import Network, is_among
from instroom.doors.ftp import proxy_header
from instroom.doors.ftp.places import Places
from instroom.doors.ftp.tls_commands import TlsSession

_HEADER_WITHIN: Final = 5.0  # seconds
_log = logging.getLogger("instroom.ftp")


class ArrivingSession(TlsSession):
    """A session that is greeted once it has a place."""

    places: Places
    balancers: Sequence[Network] = ()
    """The load balancers, which must begin with a PROXY header. Nobody else may."""
    remote_ip: str
    _header: bytes | None = None
    """What has been received of the PROXY header; None if none is expected."""

    def handle(self) -> None:
        if is_among(self.client_address, self.balancers):
            self._header = b""
            self.call_later(_HEADER_WITHIN, self._close_without_header)
        else:
            self._take_place()

    def handle_read_event(self) -> None:
        if self._header is None:
            super().handle_read_event()
        else:
            self._read_header(self._header)

    def _read_header(self, header: bytes) -> None:
        try:
            while wanted := proxy_header.missing(header):
                chunk = self.socket.recv(wanted)
                if not chunk and not header:  # it looked whether we are here
                    self.close()
                    return
                if not chunk:
                    raise ValueError("it ended")
                header += chunk
            source = proxy_header.source_of(header)
        except BlockingIOError:
            self._header = header
            return
        except (OSError, ValueError) as error:
            _log.warning("%s: no PROXY header, as INSTROOM_FTP_PROXY asks of it: %s", self.remote_ip, str(error))
            self.close()
            return
        self._header = None
        if source:
            self._count_as(source)
        self._take_place()

    def _count_as(self, source: proxy_header.Source) -> None:
        """Count as that client, also in pyftpdlib, which writes the IPv4 client of an IPv6 socket in another way."""
        self.server.ip_map.remove(self.remote_ip)
        mapped = self.socket.family == socket.AF_INET6 and ":" not in source.address
        self.remote_ip, self.remote_port = f"::ffff:{source.address}" if mapped else source.address, source.port
        self.server.ip_map.append(self.remote_ip)

    def _close_without_header(self) -> None:
        if self._header is not None:
            self.close()

    def _take_place(self) -> None:
        if self.places.take(self):
            super().handle()
        else:
            self.respond_w_warning("421 Too many connections from this address or its network; try again in a moment.")
            self.close_when_done()

    def end_unsigned(self) -> None:
        """Make room: others need the place."""
        self.end_with("421 Others need this place; sign in sooner.")

    def flush_account(self) -> None:
        super().flush_account()
        self.places.wait_again(self)

    def close(self) -> None:
        self.places.leave(self)
        super().close()
