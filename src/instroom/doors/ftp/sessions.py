"""The open sessions, and which of each other's files they show."""

from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID

from instroom.flow.file_server.account_sign_in import SignedIn
from instroom.flow.file_server.tls_resumption import DataHandshake


class Sessions:
    """All sessions that have signed in, by account, and the sessions that wait for a background job."""

    def __init__(self, hand_over: Callable[[Any], None]) -> None:
        """`hand_over` gets the id of each file that is to become a delivery."""
        self.hand_over = hand_over
        self._by_account: defaultdict[str, set[Any]] = defaultdict(set)
        self._paused: set[Any] = set()
        self._handshakes: list[DataHandshake] = []

    def add_paused(self, session: Any) -> None:
        self._paused.add(session)

    def remove_paused(self, session: Any) -> None:
        self._paused.discard(session)

    def close_paused(self) -> None:
        """Close the paused sessions: the loop does not know them, and would not close them."""
        for session in list(self._paused):
            session.close()

    def is_paused(self, session: Any) -> bool:
        return session in self._paused

    def signed_in(self) -> set[SignedIn]:
        return {session.signed_in for of_account in self._by_account.values() for session in of_account}

    def end(self, signed_in: set[SignedIn]) -> None:
        """End these sessions: their accounts have changed."""
        for of_account in list(self._by_account.values()):
            for session in [session for session in of_account if session.signed_in in signed_in]:
                session.end_for_account()

    def note_handshake(self, session: Any, number: int, resumed: bool) -> None:
        """Remember a data connection over TLS, to be counted."""
        self._handshakes.append(DataHandshake(session.signed_in.id, number, resumed))

    def take_handshakes(self) -> list[DataHandshake]:
        """Those that have not been counted yet."""
        taken, self._handshakes = self._handshakes, []
        return taken

    def add(self, session: Any) -> None:
        """Register a session that has signed in."""
        self._by_account[session.signed_in.id].add(session)

    def remove(self, session: Any) -> None:
        """Forget a session, and delete its uploads that no other session shows. Deliveries have copies of their own."""
        self._paused.discard(session)
        if session.signed_in is None or session not in self._by_account[session.signed_in.id]:
            return
        of_account = self._by_account[session.signed_in.id]
        of_account.discard(session)
        for path in session.fs.visible.difference(*(other.fs.visible for other in of_account)):
            Path(path).unlink(missing_ok=True)
        if not of_account:
            del self._by_account[session.signed_in.id]

    def show_file(self, session: Any, path: str, waiting_id: UUID | None) -> None:
        """Show an uploaded file in all sessions of the account, with the id under which it waits for its name."""
        for member in self._members(session):
            member.fs.show(path, waiting_id)

    def hide_file(self, session: Any, path: str) -> None:
        """The file has another name now."""
        for member in self._members(session):
            member.fs.forget(path)

    def _members(self, session: Any) -> list[Any]:
        of_account = self._by_account[session.signed_in.id] | {session} if session.signed_in else {session}
        return [member for member in of_account if member.fs is not None]

    def count_listening(self, session: Any) -> int:
        """The number of ports on which other sessions of the account wait for data."""
        if session.signed_in is None:
            return 0
        others = self._by_account[session.signed_in.id] - {session}
        return sum(other._dtp_acceptor is not None and not other._dtp_acceptor._closed for other in others)
