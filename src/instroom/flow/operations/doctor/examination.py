"""Looks at all subjects at once: each in a thread of its own and within a time, so that what hangs or breaks, such as a
disk of another machine, keeps nothing else from being told."""

import importlib
import time
from collections.abc import Collection, Iterator
from threading import Thread
from typing import Final

from instroom.core.errors import SettingsError
from instroom.core.language import Language
from instroom.flow.operations.doctor import site_settings
from instroom.flow.operations.doctor.diagnosis import CODES, SENTENCES, Asked, Diagnosis

LIMIT: Final = 10.0
"""Seconds for each subject; a thorough look at the database and the files takes as long as it takes."""
LONGER: Final = frozenset({"database", "kept"})
_FIRST: Final = ("program", "home")  # before the settings, which need the home folder and its key
_NEED_DATABASE: Final = frozenset({"database", "clock", "files", "work", "kept"})
_NEED_SETTINGS: Final = _NEED_DATABASE | {"mail"}
_MODULES: Final = {"settings": "site_settings"}  # of the others the subject is the module


def examine(asked: Asked, subjects: Collection[str] = tuple(CODES)) -> list[Diagnosis]:
    """All that is found, by subject in the order of CODES. Raises nothing."""
    found = _look([one for one in _FIRST if one in subjects], asked)
    wants_settings = "settings" in subjects or not _NEED_SETTINGS.isdisjoint(subjects)
    about_settings = _look(["settings"] if wants_settings else [], asked)
    if not site_settings.are_loaded():
        found += [_unexamined(one, "settings") for one in _NEED_SETTINGS if one in subjects]
        subjects = [one for one in subjects if one not in _NEED_SETTINGS]
    found += [one for one in about_settings if "settings" in subjects or one.level == "error"]
    found += _look([one for one in CODES if one in subjects and one not in (*_FIRST, "settings")], asked)
    return sorted(found, key=lambda one: list(CODES).index(one.subject))


def _look(subjects: Collection[str], asked: Asked) -> list[Diagnosis]:
    end = time.monotonic() + LIMIT
    looks = [_Look(one, asked._replace(until=end - LIMIT / 4)) for one in subjects]
    for look in looks:
        look.start()
    return [one for look in looks for one in look.result(end)]


class _Look(Thread):
    """At one subject. A thread that does not come back ends with the process."""

    def __init__(self, subject: str, asked: Asked) -> None:
        super().__init__(name=f"doctor {subject}", daemon=True)
        self._subject, self._asked, self._found = subject, asked, list[Diagnosis]()

    def run(self) -> None:
        try:
            for one in self._diagnoses():
                self._found.append(one)
        except Exception as error:
            self._found.append(_unexamined(self._subject, *_reason_of(error)))
        finally:
            if self._subject in _NEED_DATABASE:
                from django.db import connections  # noqa: PLC0415 - the settings may not load

                connections.close_all()

    def result(self, end: float) -> list[Diagnosis]:
        is_long = self._asked.thorough and self._subject in LONGER
        self.join(None if is_long else max(0.0, end - time.monotonic()))
        slow = [_unexamined(self._subject, "slow", seconds=round(LIMIT))] if self.is_alive() else []
        return [*self._found, *slow]

    def _diagnoses(self) -> Iterator[Diagnosis]:
        name = _MODULES.get(self._subject, self._subject)
        module = importlib.import_module(f"instroom.flow.operations.doctor.{name}")
        yield from module.look(self._asked)


def _reason_of(error: Exception) -> tuple[str, str]:
    """Why a look broke: by its class, and never by its text, which may hold a value."""
    from instroom.store.files.file_store import StoreAway  # noqa: PLC0415

    if isinstance(error, StoreAway):
        return "files", ""
    if isinstance(error, SettingsError):
        return "settings", ""
    if any(one.__module__.startswith(("django.db", "sqlite3", "psycopg")) for one in type(error).__mro__):
        return "database", ""
    return "broken", type(error).__name__


def _unexamined(subject: str, reason: str, kind: str = "", **facts: object) -> Diagnosis:
    told = {"subject": _SubjectName(subject), **facts} | ({"kind": kind} if reason == "broken" else {})
    return Diagnosis(subject, f"unexamined-{reason}", told)


class _SubjectName(str):
    """Said in the reader's language."""

    __slots__ = ()

    def sentence(self, lang: Language) -> str:
        return SENTENCES.text(f"subject-{self}", lang)
