"""What happens now with a delivery, and whose turn it is: one sentence on top of its page, for who reads it."""

from typing import Final, NamedTuple

from django.utils.translation import gettext as _

from instroom.core.report.words import counted
from instroom.core.wording.phrases import either, number
from instroom.doors.web.frame.access import Visit
from instroom.doors.web.frame.language import current
from instroom.doors.web.words.filters import moment
from instroom.flow.delivery.states import UNCHANGED
from instroom.flow.earlier_versions import may_be_confirmed
from instroom.flow.news.notifications import people_with
from instroom.flow.queries.findings_table import rows_with_errors
from instroom.flow.waits import waits_for_person
from instroom.store.models import Delivery, Role
from instroom.store.states import State

_TONES: Final = {State.REJECTED: "error", State.REFUSED: "error", State.IMPORTED: "success"}
"""How the sentence looks."""


class NextStep(NamedTuple):
    """A sentence, and how it looks."""

    sentence: str
    tone: str


def next_step(delivery: Delivery, visit: Visit) -> NextStep:
    """Without a sentence while we are at work, which the page says beside the steps, and where a cause says it."""
    state = State(delivery.state)
    return NextStep(_sentence(delivery, state, visit), _TONES.get(state, ""))


def _sentence(delivery: Delivery, state: State, visit: Visit) -> str:
    match state:
        case State.RECEIVED if waits_for_person(delivery) and "deliver" in visit.actions:
            return _("Waits for you: is this file to be processed?")
        case State.RECEIVED if waits_for_person(delivery):
            return _("Waits until the supplier or the operator says whether it is to be processed.")
        case State.REJECTED if delivery.counts.get("errors"):
            return _rejected(delivery)
        case State.REJECTED:
            return _("Nothing was imported. Live has not changed.")
        case State.AWAITING_APPROVAL | State.HELD:
            return _decision(delivery, visit)
        case State.SCHEDULED:
            return _("It will be imported into live on %(at)s.") % {"at": moment(delivery.due_at)}
        case State.IMPORTED if delivery.reason == UNCHANGED:
            return _("Imported, nothing changed: live had all of it already. No approval was needed.")
        case State.IMPORTED:
            return _("Done: in live since %(at)s.") % {"at": moment(delivery.finished_at)}
        case State.REFUSED:
            return _("Refused. Live has not changed.")
        case State.WITHDRAWN:
            return _("Withdrawn. Live has not changed.")
        case State.SUPERSEDED:
            return _("A newer delivery took its place. Nothing of this one goes to live.")
        case State.UNDONE:
            return _("Undone: what it changed in live has been put back.")
    return ""


def _rejected(delivery: Delivery) -> str:
    if delivery.reason == "file":
        return _("Nothing was imported: this file cannot be used as it is. Live has not changed.")
    facts = {"errors": counted(delivery.counts["errors"], "error", current())}
    if delivery.reason not in ("errors", "skip-limit") or delivery.counts["records"] < 2:
        return _("Nothing was imported: %(errors)s. Live has not changed.") % facts
    rows = {"rows": rows_with_errors(delivery), "records": delivery.counts["records"]}
    facts |= {name: number(amount, current()) for name, amount in rows.items()}
    return _("Nothing was imported: %(errors)s in %(rows)s of the %(records)s rows. Live has not changed.") % facts


def _decision(delivery: Delivery, visit: Visit) -> str:
    if "approve" in visit.actions:
        return _("Waits for you, since %(at)s.") % {"at": moment(delivery.changed_at)}
    if may_be_confirmed(delivery) and "deliver" in visit.actions:
        return _("Waits for your answer: is this file complete?")
    able = people_with(visit.customer, Role.APPROVER) or people_with(visit.customer, Role.OPERATOR)
    reached = [one.called for one in able if one.email]
    if not reached:
        facts = {"who": either([one.called for one in able], current(), limit=3)}
        return _("It is in training. Nobody who can approve it (%(who)s) has an e-mail address: tell them.") % facts
    facts = {"who": either(reached, current(), limit=3)}
    if "deliver" in visit.actions and visit.user.email:
        return _("Done for you: it is in training. %(who)s decides on live, and you get a message.") % facts
    return _("It is in training. %(who)s decides on live.") % facts
