"""Who is there now, and what of each other's files they see."""

from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any


class Sessions:
    """All sessions that have signed in, by account, and those that wait for us."""

    def __init__(self, hand_over: Callable[[Any], None]) -> None:
        """`hand_over` is told of what is to become a delivery."""
        self.hand_over = hand_over
        self._there: defaultdict[str, set[Any]] = defaultdict(set)
        self._paused: set[Any] = set()

    def paused(self, session: Any) -> None:
        """The loop does not look at it for now."""
        self._paused.add(session)

    def goes_on(self, session: Any) -> None:
        """The loop looks at it again."""
        self._paused.discard(session)

    def end_paused(self) -> None:
        """End those of which the loop does not know."""
        for one in list(self._paused):
            one.close()

    def joined(self, session: Any) -> None:
        """Somebody has signed in."""
        self._there[session.sight.id].add(session)

    def left(self, session: Any) -> None:
        """Somebody goes. What came in and nobody else sees is taken away: what it is needed for has its own copy."""
        self._paused.discard(session)
        if session.sight is None or session not in self._there[session.sight.id]:
            return
        here = self._there[session.sight.id]
        here.discard(session)
        for path in session.fs.seen.difference(*(other.fs.seen for other in here)):
            Path(path).unlink(missing_ok=True)
        if not here:
            del self._there[session.sight.id]

    def came_in(self, session: Any, path: str, *, delivered: bool) -> None:
        """Show a file to all that are there of the account."""
        for one in self._there[session.sight.id] | {session} if session.sight else {session}:
            if one.fs is not None:
                one.fs.seen.add(path)
                if delivered:
                    one.fs.delivered.add(path)

    def listening_of(self, session: Any) -> int:
        """On how many ports other sessions of the account wait for data."""
        if session.sight is None:
            return 0
        others = self._there[session.sight.id] - {session}
        return sum(one._dtp_acceptor is not None and not one._dtp_acceptor._closed for one in others)
