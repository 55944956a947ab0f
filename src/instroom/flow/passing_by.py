"""What breaks of the many that a loop does: it is passed by for a while that grows, and the others go on.

Each trouble is said once in the log, and once more when it is over: by the class of the exception and its place in our
code, never by its text, which may hold a value of somebody's dossier.
"""

import logging
from collections.abc import Hashable, Iterator
from contextlib import contextmanager
from threading import Lock
from time import monotonic
from typing import Final, Generic, NamedTuple, TypeVar

from instroom.config.log_lines import FACTS
from instroom.store import tallies
from instroom.store.troubles import of_the_site, where_of

One = TypeVar("One", bound=Hashable)
_LONGEST: Final = 60.0  # seconds
_QUIET: Final = 1.5 * _LONGEST  # seconds without a trouble of the site, after which it is over
_IN_A_ROW: Final = 3  # that fail by a trouble of the site: then the others need not be tried now
_log = logging.getLogger(__name__)
_site: dict[str, float] = {}  # kind of trouble → when it was last met
_site_lock = Lock()


def pause_after(failures: int) -> float:
    """How many seconds to wait after so many failures in a row: 1, 2, 4, … 60."""
    return min(_LONGEST, 2.0 ** min(failures - 1, 10))


def is_site_trouble(error: Exception) -> bool:
    """Whether it is the site's and no row's, which is then said once, whoever meets it."""
    if kind := of_the_site(error):
        tallies.add("troubles", kind)
        with _site_lock:
            if kind not in _site:
                facts = {"kind": f"site-{kind}", "code": kind}
                _log.error("trouble of the site (%s): %s; what is due waits for it", kind, where_of(error), extra=facts)
            _site[kind] = monotonic()
    return bool(kind)


def was_met(kind: str) -> bool:
    """Whether this process has met a trouble of the site, which is not known to be over."""
    return monotonic() - _site.get(kind, -_QUIET) < _QUIET


def say_what_is_over() -> None:
    """Of the troubles of the site."""
    with _site_lock:
        for kind in [kind for kind, met in _site.items() if monotonic() - met > _QUIET]:
            del _site[kind]
            _log.warning("the trouble of the site (%s) is over", kind, extra={"kind": f"over-{kind}", "code": kind})


class _Broken(NamedTuple):
    failures: int
    until: float
    said: str


class PassedBy(Generic[One]):
    """Of one loop: which ones broke, until when each is passed by, and what was said of it."""

    def __init__(self, what: str) -> None:
        self._what, self._broken, self._in_a_row = what, dict[One, _Broken](), 0
        self._noun = what.split()[-1]

    def now(self) -> list[One]:
        """Which to pass by now."""
        return [one for one, broken in list(self._broken.items()) if broken.until > monotonic()]

    @contextmanager
    def where_it_breaks(self, one: One) -> Iterator[None]:
        """Nothing that happens to this one stops the others, unless it is the site's trouble and has struck some in a
        row."""
        try:
            yield
        except Exception as error:
            self._breaks(one, error)
            if self._in_a_row >= _IN_A_ROW:
                self._in_a_row = 0
                raise
        else:
            self._in_a_row = 0
            if (before := self._broken.pop(one, None)) and before.said:
                _log.warning("%s %s goes on again", self._what, one, extra=self._facts(one))

    def _breaks(self, one: One, error: Exception) -> None:
        before = self._broken.get(one)
        failures = before.failures + 1 if before else 1
        if is_site_trouble(error):
            self._in_a_row, said = self._in_a_row + 1, ""
        else:
            said = where_of(error)
            if before is None or before.said != said:
                _log.error(
                    "%s %s broke and is passed by: %s; it is tried again", self._what, one, said, extra=self._facts(one)
                )
        self._broken[one] = _Broken(failures, monotonic() + pause_after(failures), said)

    def _facts(self, one: One) -> dict[str, object]:
        return {"about": (self._what, one)} | ({self._noun: one} if self._noun in FACTS else {})
