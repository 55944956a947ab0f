"""The facts of a line of the audit log, in words. They name things and counts, never values of a dossier."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from instroom.core.report.visible import visible
from instroom.core.wording.catalogue import find_label
from instroom.doors.web.frame.language import current
from instroom.doors.web.words.labels import event_word
from instroom.flow.queries.audit_groups import GROUPS

_NAMES: Final = {
    "weekends": gettext_lazy("weekends"),
    "open": gettext_lazy("open"),
    "days": gettext_lazy("days"),
    "country": gettext_lazy("public holidays of"),
    "account": gettext_lazy("account"),
    "active": gettext_lazy("active"),
    "address": gettext_lazy("address"),
    "after": gettext_lazy("after"),
    "approver_differs": gettext_lazy("supplier and approver differ"),
    "unchanged_ends": gettext_lazy("a file that changes nothing needs no approval"),
    "asked": gettext_lazy("asked"),
    "at": gettext_lazy("at"),
    "audit lines": gettext_lazy("lines of the audit log"),
    "attempts": gettext_lazy("attempts"),
    "before": gettext_lazy("before"),
    "blank": gettext_lazy("blank cells"),
    "by": gettext_lazy("by"),
    "bytes": gettext_lazy("bytes"),
    "changed": gettext_lazy("changed"),
    "call": gettext_lazy("call"),
    "by_program": gettext_lazy("by the program"),
    "by_token": gettext_lazy("by the token"),
    "companies": gettext_lazy("companies"),
    "company": gettext_lazy("companies"),
    "connection": gettext_lazy("connection"),
    "corrected": gettext_lazy("after a correction by a person"),
    "contact": gettext_lazy("contact"),
    "counts": gettext_lazy("counts"),
    "created": gettext_lazy("new dossiers"),
    "date": gettext_lazy("date"),
    "digest": gettext_lazy("digest"),
    "dossier": gettext_lazy("dossier"),
    "dossiers": gettext_lazy("dossiers"),
    "environment": gettext_lazy("environment"),
    "errors": gettext_lazy("errors"),
    "events": gettext_lazy("events"),
    "files": gettext_lazy("files"),
    "findings": gettext_lazy("findings"),
    "fewer": gettext_lazy("fewer records"),
    "fields": gettext_lazy("fields"),
    "file": gettext_lazy("file"),
    "hash": gettext_lazy("hash"),
    "guards": gettext_lazy("guards"),
    "imports": gettext_lazy("imports"),
    "invitation": gettext_lazy("invitation"),
    "kind": gettext_lazy("kind"),
    "keep_audit_months": gettext_lazy("audit log kept, in months"),
    "keep_files_days": gettext_lazy("files kept, in days"),
    "keep_ledger_months": gettext_lazy("values of imports kept, in months"),
    "late_after": gettext_lazy("late after, in minutes"),
    "layout": gettext_lazy("layout"),
    "left": gettext_lazy("left"),
    "left_out": gettext_lazy("records left out"),
    "tls_resumption": gettext_lazy("data connections must resume TLS"),
    "allow_missing_close_notify": gettext_lazy("connections may close without TLS close_notify"),
    "logo": gettext_lazy("logo"),
    "email": gettext_lazy("e-mail address"),
    "website": gettext_lazy("web address"),
    "phone": gettext_lazy("telephone"),
    "mail": gettext_lazy("mail"),
    "mails": gettext_lazy("mails"),
    "people": gettext_lazy("people"),
    "off": gettext_lazy("not sent"),
    "overview_at": gettext_lazy("daily overview at"),
    "at_once": gettext_lazy("sent at once"),
    "missing_after": gettext_lazy("missing after, in minutes"),
    "differences": gettext_lazy("changed since approval"),
    "name": gettext_lazy("name"),
    "notices": gettext_lazy("notices"),
    "of": gettext_lazy("of"),
    "nothing_words": gettext_lazy("words for nothing"),
    "on_error": gettext_lazy("records with an error"),
    "on_closed": gettext_lazy("on a closing day"),
    "on_late": gettext_lazy("a late file"),
    "on_correction": gettext_lazy("a corrected file"),
    "password": gettext_lazy("password"),
    "person": gettext_lazy("persons"),
    "persons": gettext_lazy("persons"),
    "plain_ftp": gettext_lazy("FTP without TLS"),
    "plans": gettext_lazy("plans that were not imported"),
    "policies": gettext_lazy("policies"),
    "program": gettext_lazy("program"),
    "quiet_above": gettext_lazy("large above"),
    "quiet_from": gettext_lazy("quiet from"),
    "quiet_hours": gettext_lazy("quiet hours"),
    "quiet_until": gettext_lazy("quiet until"),
    "records": gettext_lazy("records"),
    "roles": gettext_lazy("roles"),
    "rows": gettext_lazy("rows"),
    "folder": gettext_lazy("folder on the file server"),
    "same_is_normal": gettext_lazy("the same file is normal"),
    "schedule": gettext_lazy("schedule"),
    "sensitive": gettext_lazy("other e-mail addresses, debtor numbers or invoice addresses"),
    "scopes": gettext_lazy("scopes"),
    "seen": gettext_lazy("seen"),
    "sessions": gettext_lazy("sessions"),
    "tokens": gettext_lazy("tokens"),
    "invitations": gettext_lazy("invitations"),
    "since": gettext_lazy("since"),
    "skip_limit_percent": gettext_lazy("left out at most, in percent"),
    "standing": gettext_lazy("standing approval"),
    "standing_by": gettext_lazy("standing approval of"),
    "token": gettext_lazy("token"),
    "undoes": gettext_lazy("undoes"),
    "unlinked": gettext_lazy("persons unlinked"),
    "until": gettext_lazy("until"),
    "verdict": gettext_lazy("verdict"),
    "warnings": gettext_lazy("warnings"),
    "webhook": gettext_lazy("webhook"),
    "who": gettext_lazy("who"),
    "whose": gettext_lazy("whose"),
    "zone": gettext_lazy("time zone"),
}
_VALUES: Final = {
    "clean": gettext_lazy("in order"),
    "clear": gettext_lazy("clear what is stored"),
    "company": gettext_lazy("company"),
    "errors": gettext_lazy("errors"),
    "keep": gettext_lazy("keep it, with a warning"),
    "leave": gettext_lazy("leave what is stored"),
    "next": gettext_lazy("next time"),
    "person": gettext_lazy("person"),
    "skip": gettext_lazy("leave that record out"),
    "take": gettext_lazy("when it arrives"),
    "warnings": gettext_lazy("warnings"),
    "whole": gettext_lazy("import nothing"),
    "on_closed move": gettext_lazy("on the next workday"),
    "on_closed run": gettext_lazy("as on other days"),
    "on_closed skip": gettext_lazy("not expected"),
    "operator": gettext_lazy("operator"),
    "supplier": gettext_lazy("supplier"),
    "approver": gettext_lazy("approver"),
    "reader": gettext_lazy("reader"),
    "exporter": gettext_lazy("exporter"),
}
_IN_WORDS: Final = (
    "after",
    "before",
    "blank",
    "kind",
    "nothing_words",
    "on_closed",
    "on_correction",
    "on_error",
    "on_late",
    "roles",
    "verdict",
)
"""The facts whose values are words of ours; a user's name may look like one."""
_GROUPS: Final = {
    "approval": gettext_lazy("Approval"),
    "delivering": gettext_lazy("Deliveries and undoing"),
    "sights": gettext_lazy("Viewing and exporting data"),
    "settings": gettext_lazy("Settings"),
    "people": gettext_lazy("Users and tokens"),
    "signing-in": gettext_lazy("Signing in"),
    "file-server": gettext_lazy("File server"),
    "upkeep": gettext_lazy("Erasing, keeping and moving"),
}
_KINDS_OF_MAILS: Final = ("off", "at_once")
_LONG: Final = ("digest", "hash", "sha256", "dossier", "token", "by_token", "undoes", "invitation", "mail", "call")
_SHOWN: Final = 12  # characters of a long one on a screen


def action_groups() -> list[tuple[str, str, list[tuple[str, str]]]]:
    """The groups of actions, and the actions in each, with their words, in order of these."""
    groups = [
        (name, str(_GROUPS[name]), sorted(((one, event_word(one)) for one in actions), key=_by_word))
        for name, actions in GROUPS.items()
    ]
    return sorted(groups, key=_by_word)


def _by_word(one: tuple[str, str, *tuple[Any, ...]]) -> str:
    return one[1].casefold()


def facts_line(facts: Mapping[str, Any], whole: bool = False) -> str:
    """`regels: 10 · omgeving: live`. Long marks are cut, unless the `whole` is wanted."""
    return " · ".join(f"{fact_name(name)}: {text}" for name, text in fact_texts(facts, whole))


def fact_name(name: str) -> str:
    return str(_NAMES.get(name, name))


def fact_texts(facts: Mapping[str, Any], whole: bool = False) -> Iterator[tuple[str, str]]:
    """Each fact that says something, by its name."""
    for name, value in facts.items():
        if value not in (None, "", [], {}):
            text = _text(name, value)
            cut = name in _LONG and not whole and len(text) > _SHOWN
            yield name, f"{text[:_SHOWN]}…" if cut else text


def _text(name: str, value: Any) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, Mapping):
        between = " → " if name == "changed" else ", "
        named = {one: _each(one, inner, between) for one, inner in value.items() if inner != 0}
        return ", ".join(f"{_NAMES.get(one, one)} {text}" for one, text in named.items())
    if isinstance(value, list):
        return _each(name, value, ", ")
    if name in _KINDS_OF_MAILS:
        return find_label("mail", value, current()) or visible(str(value), 200)
    shown = visible(str(value), 200)
    return str(_VALUES.get(f"{name} {value}") or _VALUES.get(value) or shown) if name in _IN_WORDS else shown


def _each(name: str, value: Any, between: str) -> str:
    """Of several values; what is changed is two, from the one to the other."""
    return between.join(_text(name, one) for one in value) if isinstance(value, list) else _text(name, value)
