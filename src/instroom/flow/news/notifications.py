"""Who gets a mail when a delivery comes to a state (product.md E4). `transitions.move` calls it in its transaction.

Mails go to people who work with Instroom, at the address of their account. Addresses in a file are never used.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any, Final, cast
from zoneinfo import ZoneInfo

from django.utils import timezone

from instroom.core.language import Language
from instroom.core.report.columns_text import jump_text
from instroom.core.report.connection_text import exceeded_text
from instroom.core.report.plan_text import outcome_text
from instroom.core.report.words import counted
from instroom.core.wording.phrases import moment
from instroom.flow import delivery_document, find, two_persons
from instroom.flow.decisions import approver_of
from instroom.flow.delivery_columns import columns_of
from instroom.flow.earlier_versions import FEWER, SAID_COMPLETE, part_lines
from instroom.flow.news import links, mail_choice, outbox
from instroom.flow.news.mail_text import MAILS
from instroom.flow.source_limits import is_open_to
from instroom.flow.standing_out import standing_out, texts_of
from instroom.flow.waits import next_taking, waits_until
from instroom.store.models import Connection, Customer, Delivery, Environment, Plan, Role, User
from instroom.store.states import State


def tell(delivery: Delivery) -> None:
    """Write the mails that belong to the state that the delivery has just come to."""
    kind = _OTHERWISE.get((State(delivery.state), delivery.reason), delivery.state)
    if delivery.undoes_id and f"undo-{kind}" in _TOLD:
        kind = f"undo-{kind}"
    if kind in _TOLD and not stays_in_training(delivery):
        _write(kind, delivery)
    for beside in _BESIDE.get(kind, ()):
        _write(beside, delivery)


def tell_received(delivery: Delivery) -> None:
    """Write the mails that a program has delivered; by hand, people see that themselves."""
    otherwise = "received-hour" if waits_until(delivery) else State.RECEIVED
    _write(_RECEIVED.get(delivery.waits_for, otherwise), delivery)


def _write(kind: str, delivery: Delivery) -> None:
    whom = _TOLD[kind][0]
    told = whom(delivery)
    able = told if _ABLE.get(kind) is whom else _ABLE[kind](delivery) if kind in _ABLE else []
    held_until = mail_choice.held_until(delivery.connection, kind, timezone.now())
    readers = [one for one in mail_choice.readers(delivery.connection, kind, told, able) if one.email]
    readers = [one for one in readers if is_open_to(delivery, "read", one)]
    facts = {lang: _mail_facts(kind, delivery, cast(Language, lang)) for lang in {one.language for one in readers}}
    for user in readers:
        said = facts[user.language]
        outbox.write(
            kind, user, user.language, said, customer=delivery.customer, delivery=delivery, held_until=held_until
        )


def _mail_facts(kind: str, delivery: Delivery, lang: Language) -> dict[str, Any]:
    """What the mail says, to all who read it in this language."""
    undo = MAILS.texts(lang)["undo"]["one" if delivery.only_dossier else "name"]
    name = undo.format(name=delivery.file_name) if delivery.undoes_id else delivery.file_name
    until = waits_until(delivery) if kind == "received-hour" else None
    return {
        "name": name,
        "Name": name[:1].upper() + name[1:] if delivery.undoes_id else name,  # a sentence begins with it
        "customer": delivery.customer.title,
        "link": links.plan(delivery) if kind in _DECIDED else links.delivery(delivery),
        "at": moment(timezone.localtime(delivery.due_at), lang) if kind == State.SCHEDULED and delivery.due_at else "",
        "until": on_its_clock(until, delivery.connection, lang) if until and delivery.connection else "",
        "lines": _TOLD[kind][1](delivery, lang),
    }


def people_with(customer: Customer, *roles: str) -> list[User]:
    """The people with one of the roles for a customer, each once."""
    found = User.objects.filter(is_active=True, roles__customer=customer, roles__name__in=roles)
    return list(found.distinct().order_by("username"))


def suppliers_of(delivery: Delivery) -> Iterable[User]:
    """Who delivered it; where a machine did, or somebody who has left, all suppliers of the customer."""
    by, customer = delivery.delivered_by, delivery.customer
    stays = by and by.is_active and Role.objects.filter(customer=customer, user=by).exists()
    return [by] if by and stays else people_with(customer, Role.SUPPLIER)


def _suppliers_far_away(delivery: Delivery) -> Iterable[User]:
    """Those of a file that came by an account: nobody saw its report on a page (F4). Who is asked to approve knows."""
    if not delivery.account_id:
        return []
    asked = {user.pk for user in approvers_of(delivery)}
    return [user for user in suppliers_of(delivery) if user.pk not in asked]


def approvers_of(delivery: Delivery) -> Iterable[User]:
    """Those of the customer who may approve this one; where there are none the operators, who may approve too."""
    makers = two_persons.makers_who_may_not_approve(delivery)

    def able(role: str) -> list[User]:
        found = [user for user in people_with(delivery.customer, role) if user.pk not in makers]
        return [user for user in found if is_open_to(delivery, "approve", user)]

    return able(Role.APPROVER) or able(Role.OPERATOR)


def _approvers_and_suppliers(delivery: Delivery) -> Iterable[User]:
    return [*approvers_of(delivery), *suppliers_of(delivery)]


def _suppliers_of_what_a_person_scheduled(delivery: Delivery) -> Iterable[User]:
    """Not of what goes by itself in quiet hours, and not who scheduled it."""
    return [] if delivery.automatic else _suppliers_but_who_decided(delivery)


def _suppliers_but_who_decided(delivery: Delivery) -> Iterable[User]:
    return [user for user in suppliers_of(delivery) if user != delivery.decided_by]


def _suppliers_and_operators(delivery: Delivery) -> Iterable[User]:
    return [*suppliers_of(delivery), *_operators(delivery)]


def _operators(delivery: Delivery) -> Iterable[User]:
    return people_with(delivery.customer, Role.OPERATOR)


def _everybody_about_it(delivery: Delivery) -> Iterable[User]:
    """Who decides, who may know what is wrong with the file, and who runs it."""
    return [*approvers_of(delivery), *_suppliers_and_operators(delivery)]


def stays_in_training(delivery: Delivery) -> bool:
    """Whether nobody need be told: an undo of what never reached live is done at once, as who asked for it sees."""
    undoes = delivery.undoes
    return undoes is not None and delivery.state == State.IMPORTED and undoes.state != State.IMPORTED


def _no_lines(delivery: Delivery, lang: Language) -> list[str]:
    return []


def _faults(delivery: Delivery, lang: Language) -> list[str]:
    names = {"records": "record", "errors": "error", "warnings": "warning"}
    return [counted(delivery.counts[name], word, lang) for name, word in names.items() if delivery.counts.get(name)]


def _faults_and_correction(delivery: Delivery, lang: Language) -> list[str]:
    return [*_faults(delivery, lang), *_correction(delivery, lang)]


def _cause_and_correction(delivery: Delivery, lang: Language) -> list[str]:
    return [delivery_document.cause_text(delivery, lang), *_correction(delivery, lang)]


def _correction(delivery: Delivery, lang: Language) -> list[str]:
    """Until when a corrected file of the same connection is expected, or when it would be taken."""
    connection = delivery.connection
    if connection is None or connection.account_id is None or delivery.undoes_id:
        return []
    at_once, at = next_taking(connection)
    name = ("at-once-until" if at else "at-once") if at_once else ("at-next" if at else "paused")
    text = MAILS.texts(lang)["correction"][name]
    return [text.format(at=on_its_clock(at, connection, lang)) if at else text]


def on_its_clock(at: datetime, connection: Connection, lang: Language) -> str:
    """`4 mei 2027, 01:00 (Europe/Amsterdam)`: on the clock of a connection."""
    return f"{moment(at.astimezone(ZoneInfo(connection.zone)), lang)} ({connection.zone})"


def _suppliers_not_looked_at(delivery: Delivery) -> Iterable[User]:
    """Of a file that was superseded before anybody looked at it, unless the newer one has the same bytes."""
    same = Delivery.objects.filter(connection=delivery.connection_id, sha256=delivery.sha256)
    newer = same.filter(number__gt=delivery.number)
    return [] if delivery.verdict or delivery.reason or newer.exists() else suppliers_of(delivery)


def _approver_if_any(delivery: Delivery) -> Iterable[User]:
    """Who had approved what somebody else withdraws."""
    approver = approver_of(delivery)
    return [approver] if approver and approver.is_active and approver != delivery.decided_by else []


def _exceeded(delivery: Delivery, lang: Language) -> list[str]:
    """Which guards hold it, in numbers."""
    return [exceeded_text(facts, lang) for facts in delivery.exceeded]


def _plan(delivery: Delivery, lang: Language) -> list[str]:
    return _totals(delivery_document.plan_of(delivery, Environment.LIVE), lang)


def _plan_to_decide(delivery: Delivery, lang: Language) -> list[str]:
    """What it is beside the version before, what stands out beside the file before, and the totals."""
    plan, layout = delivery_document.plan_of(delivery, Environment.LIVE), find.layout(delivery.layout)
    columns = columns_of(plan)
    jumps = [jump_text(jump._asdict(), layout, lang) for jump in columns.jumps] if columns else []
    return [*part_lines(delivery, lang), *texts_of(standing_out(plan), lang), *jumps, *_totals(plan, lang)]


def _totals(plan: Plan | None, lang: Language) -> list[str]:
    lines = outcome_text({**plan.totals, "state": plan.state}, lang).splitlines() if plan else []
    return [line[:1].upper() + line[1:] for line in lines]


_Whom = Callable[[Delivery], Iterable[User]]
_Lines = Callable[[Delivery, Language], list[str]]
_TOLD: Final[dict[str, tuple[_Whom, _Lines]]] = {
    State.RECEIVED: (suppliers_of, _no_lines),
    "received-hour": (suppliers_of, _no_lines),
    "received-waits": (_suppliers_and_operators, _no_lines),
    "received-older": (_suppliers_and_operators, _no_lines),
    State.SUPERSEDED: (_suppliers_not_looked_at, _no_lines),
    State.REJECTED: (suppliers_of, _faults_and_correction),
    "checked": (_suppliers_far_away, _faults),
    "stale": (_suppliers_and_operators, _correction),
    State.HELD: (_everybody_about_it, _exceeded),
    "corrected": (_everybody_about_it, _plan_to_decide),
    "once": (_everybody_about_it, _plan_to_decide),
    "held-erased": (_everybody_about_it, _plan_to_decide),
    "held-fewer": (_everybody_about_it, _plan_to_decide),
    State.AWAITING_APPROVAL: (approvers_of, _plan_to_decide),
    "live-changed": (approvers_of, _plan_to_decide),
    "unapproved": (_approvers_and_suppliers, _plan_to_decide),
    "approver-left": (approvers_of, _plan_to_decide),
    SAID_COMPLETE: (approvers_of, _plan_to_decide),
    "held-giver-left": (_everybody_about_it, _plan_to_decide),
    "giver-delivered": (_everybody_about_it, _plan_to_decide),
    "undo-awaiting-approval": (approvers_of, _plan),
    State.IMPORTED: (suppliers_of, _plan),
    "imported-unchanged": (suppliers_of, _no_lines),
    "undo-imported": (suppliers_of, _plan),
    State.SCHEDULED: (_suppliers_of_what_a_person_scheduled, _no_lines),
    State.REFUSED: (suppliers_of, _correction),
    State.WITHDRAWN: (_approver_if_any, _no_lines),
    "withdrawn-by-other": (_suppliers_but_who_decided, _no_lines),
    State.FAILED: (_suppliers_and_operators, _cause_and_correction),
}
"""State → who is told, and what stands below the sentences."""
SILENT: Final = frozenset({State.CHECKING, State.TRAINING, State.APPROVED, State.IMPORTING, State.UNDONE})
"""The next state follows soon, or the person concerned did it: nobody gets a mail."""
_BESIDE: Final[Mapping[str, tuple[str, ...]]] = {
    State.AWAITING_APPROVAL: ("checked",),
    State.WITHDRAWN: ("withdrawn-by-other",),
}
"""Kind → what is told with it, to others."""
_DECIDED: Final = (
    *(State.AWAITING_APPROVAL, "undo-awaiting-approval", "live-changed", "unapproved", "approver-left"),
    *(State.HELD, "corrected", "once", "held-erased", "held-fewer", SAID_COMPLETE, "held-giver-left"),
    "giver-delivered",
)
_ABLE: Final[dict[str, _Whom]] = {**dict.fromkeys(_DECIDED, approvers_of), State.FAILED: _operators}
"""Who of them can do something about it: one at least is told, whoever was chosen for the connection's mails."""
_RECEIVED: Final = {"name": "received-waits", "date": "received-older"}
"""What a received file waits for → the mail, where a person has to look."""
_OTHERWISE: Final = {
    (State.AWAITING_APPROVAL, "live-changed"): "live-changed",
    (State.AWAITING_APPROVAL, "unapproved"): "unapproved",
    (State.AWAITING_APPROVAL, "approver-left"): "approver-left",
    (State.HELD, "unapproved"): "unapproved",
    (State.HELD, "corrected"): "corrected",
    (State.HELD, "giver-left"): "held-giver-left",
    (State.HELD, "giver-delivered"): "giver-delivered",
    (State.HELD, "once"): "once",
    (State.HELD, "erased"): "held-erased",
    (State.HELD, FEWER): "held-fewer",
    (State.HELD, SAID_COMPLETE): SAID_COMPLETE,
    (State.REJECTED, "stale"): "stale",
    (State.IMPORTED, "nothing-changed"): "imported-unchanged",
    (State.IMPORTED, "stands-again"): "stands-again",  # which nobody is told: who undid the undo knows
}
"""State and reason → the mail, where it is not that of the state."""
