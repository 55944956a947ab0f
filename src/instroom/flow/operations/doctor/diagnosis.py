"""What the doctor can say: a stable code with its level, and the facts of its sentence in `diagnoses.nl.toml` and
`diagnoses.en.toml`.

Facts hold no secret and nothing of a person.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final, Literal, NamedTuple

from instroom.core.errors import SettingsError
from instroom.core.language import Language
from instroom.core.wording.catalogue import Catalogue

Level = Literal["ok", "warning", "error"]
LEVELS: Final[tuple[Level, ...]] = ("ok", "warning", "error")

SENTENCES: Final = Catalogue(Path(__file__).parent, "diagnoses")
CODES: Final[dict[str, dict[Level, str]]] = {
    "program": {"ok": "program", "warning": "open-files-few", "error": "time-zones-missing"},
    "home": {
        "ok": "home",
        "error": "home-missing home-is-a-file home-open home-not-ours home-not-writable home-holds-others key-missing"
        " key-open key-unreadable restore-unfinished",
    },
    "settings": {
        "ok": "settings",
        "warning": "url-missing url-without-tls proxy-is-everybody",
        "error": "setting-wrong settings-broken",
    },
    "database": {
        "ok": "database-sound database-unfinished server role-owner role-application tables",
        "warning": "connections-few role-superuser",
        "error": "database-missing database-damaged database-not-usable database-references database-unreachable"
        " server-old server-encoding server-not-durable server-read-only role-lacks-rights tables-missing tables-old"
        " tables-new",
    },
    "clock": {"ok": "clock", "warning": "clock-differs clock-behind"},
    "files": {
        "ok": "files",
        "warning": "files-clock",
        "error": "files-away files-not-ours files-not-writable files-open uploads-away key-wrong",
    },
    "room": {"ok": "room", "warning": "room-low", "error": "room-none names-none"},
    "ports": {"ok": "port-ours port-free", "warning": "port-taken", "error": "port-refused"},
    "certificate": {
        "ok": "certificate certificate-own certificate-later",
        "warning": "certificate-ends certificate-name",
        "error": "certificate-unusable certificate-ended certificate-early certificate-key-open",
    },
    "mail": {
        "ok": "mail mail-off mail-sent",
        "warning": "mail-in-clear",
        "error": "mail-unreachable mail-sign-in mail-tls mail-refused",
    },
    "work": {
        "ok": "work",
        "warning": "worker-missing worker-hangs deliveries-failed deliveries-tried mails-late mails-given-up"
        " calls-late backup-late",
        "error": "deliveries-late",
    },
    "kept": {"ok": "kept kept-unfinished", "error": "kept-lost"},
}
"""By subject and level, in the order in which they are told."""
UNEXAMINED: Final[dict[str, Level]] = {
    "unexamined-settings": "warning",
    "unexamined-database": "warning",
    "unexamined-files": "warning",
    "unexamined-slow": "error",
    "unexamined-broken": "error",
}
"""Of any subject: it could not be looked at, or not to its end."""
_PLACES: Final = [
    (code, subject, level)
    for subject, levels in CODES.items()
    for level, codes in levels.items()
    for code in codes.split()
]
_SUBJECT_OF: Final = {code: subject for code, subject, _ in _PLACES}
_LEVEL_OF: Final = UNEXAMINED | {code: level for code, _, level in _PLACES}


class Asked(NamedTuple):
    """How to look, and until when."""

    lang: Language = "nl"
    thorough: bool = False
    mail_to: str = ""
    until: float = 0.0
    """The moment, by `time.monotonic`, at which what takes long should be ready."""


class Diagnosis(NamedTuple):
    """Something that is in order, or wrong with what to do about it."""

    subject: str
    code: str
    facts: dict[str, Any]

    @property
    def level(self) -> Level:
        return _LEVEL_OF[self.code]

    def sentence(self, lang: Language) -> str:
        """What is wrong, and what to do."""
        return SENTENCES.text(self.code, lang, **self.facts)

    def document(self, lang: Language) -> dict[str, Any]:
        """For programs, which compare subject and code."""
        facts = {name: _plain(fact) for name, fact in self.facts.items()}
        own = {"subject": self.subject, "code": self.code, "level": self.level}
        return {**own, "message": self.sentence(lang), "facts": facts}


def _plain(fact: Any) -> Any:
    if isinstance(fact, SettingsError):
        return fact.code
    return fact if isinstance(fact, int | float | list) else str(fact)


def diagnosis(code: str, /, **facts: Any) -> Diagnosis:
    """A code that names its subject by itself."""
    return Diagnosis(_SUBJECT_OF[code], code, facts)


def worst(found: Iterable[Diagnosis]) -> Level:
    """The level of the whole."""
    return max((one.level for one in found), key=LEVELS.index, default="ok")
