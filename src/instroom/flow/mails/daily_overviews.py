"""Gathers what was held for a person in one mail, at its time (product.md E4): in the daily overview, or with others of
its kind that followed within minutes.

That is one transaction, in which what is gathered is locked: of two workers one writes the overview, and one that is
killed has written all of it or nothing. Sending it is another matter (`mailing`).
"""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final, cast
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from instroom.core.language import Language
from instroom.core.wording.catalogue import find_label, label, state_word
from instroom.core.wording.phrases import moment
from instroom.flow import permissions
from instroom.flow.news import links, outbox
from instroom.flow.news.mail_choice import GATHERED, GATHERED_FOR, KINDS, chosen_kind
from instroom.flow.news.mail_text import sentences
from instroom.flow.news.notifications import people_with
from instroom.flow.passing_by import PassedBy
from instroom.store.models import Customer, Mail, Role, User
from instroom.store.states import State

_HELD: Final = Q(held_until__isnull=False, gathered_in__isnull=True, given_up_at__isnull=True)
_TOLD_IN: Final = {
    "checked": State.AWAITING_APPROVAL,
    "stale": State.REJECTED,
    "received-older": State.RECEIVED,
    "scheduled": State.SCHEDULED,
}
"""Kind → the state of the delivery that it tells of, where that is not the kind itself."""

_passed_by = PassedBy[str]("the overview of user")


def gather_due(now: datetime | None = None) -> None:
    """Write the overviews and gathered mails whose time has come. What belongs to an earlier overview, but came after
    it, goes at once."""
    now = now or timezone.now()
    due = Mail.objects.filter(_HELD, held_until__lte=now, customer__move=None).order_by()
    for user_id, customer_id in due.values_list("user", "customer").distinct():
        with _passed_by.where_it_breaks(f"{user_id} for customer {customer_id}"):
            _gather(user_id, customer_id, now)


@transaction.atomic
def _gather(user_id: UUID, customer_id: UUID, now: datetime) -> None:
    """What a person may not have any more, or cannot decide on, goes to the operators instead."""
    near = Q(kind__in=GATHERED, held_until__lte=now + GATHERED_FOR)  # what came since the first of them goes along
    due = Mail.objects.filter(_HELD & (Q(held_until__lte=now) | near), user=user_id, customer=customer_id)
    due = due.select_for_update(of=("self",)).select_related("delivery").order_by("made_at", "pk")
    held = [one for one in due if _is_gathered(one) or (one.held_until and one.held_until <= now)]
    user, customer = User.objects.get(pk=user_id), Customer.objects.get(pk=customer_id)
    able = permissions.allowed(user, customer)
    to_decide = State.AWAITING_APPROVAL
    own = [one for one in held if able and user.email and ("approve" in able or chosen_kind(one.kind) != to_decide)]
    others = [one for one in held if one not in own]
    for kind in GATHERED:
        _write_gathered(kind, [one for one in own if one.kind == kind and _is_gathered(one)], user, customer, now)
    _write("daily-overview", [one for one in own if not _is_gathered(one)], [user], user, customer)
    _write("daily-overview-passed-on", others, people_with(customer, Role.OPERATOR), user, customer)


def _is_gathered(mail: Mail) -> bool:
    """Whether it waits for others of its kind, not for an overview."""
    return mail.kind in GATHERED and mail.held_until is not None and mail.held_until <= mail.made_at + GATHERED_FOR


def _write_gathered(kind: str, held: list[Mail], user: User, customer: Customer, now: datetime) -> None:
    """One mail for all of them; one that stayed alone goes as it is."""
    if len(held) > 1:
        _write(f"{kind}-gathered", held, [user], user, customer)
    else:
        Mail.objects.filter(pk__in=[one.pk for one in held]).update(held_until=None, to=user.email, due_at=now)


def _write(kind: str, held: list[Mail], readers: Iterable[User], of: User, customer: Customer) -> None:
    """An overview for each of the readers; where nobody can have it, an operator finds what is held among the mails."""
    if not held:
        return
    written = None
    for reader in readers:
        lang = cast(Language, reader.language)
        # One paragraph for each delivery, or connection: the last that was said of it. The most urgent come first.
        last = {one.delivery_id or (one.facts or {})["link"]: one for one in held}
        parts = sorted((_paragraph(one, lang) for one in last.values()), key=lambda part: part["urgency"])
        counted = Counter(part["about"] for part in parts)
        facts = {
            "customer": customer.title,
            "user": of.username,
            "count": len(parts),
            "counts": ", ".join(f"{about} ({count})" for about, count in counted.items()),
            "link": links.deliveries(customer),
        }
        written = outbox.write(kind, reader, lang, facts, customer=customer, parts=parts) or written
    found = Mail.objects.filter(pk__in=[one.pk for one in held])
    if written:
        found.update(gathered_in=written)
    else:
        found.update(given_up_at=timezone.now())


def _paragraph(mail: Mail, lang: Language) -> dict[str, Any]:
    """What a mail says, or where its delivery stands now if that is another state: nobody must be asked for a decision
    that somebody else has taken."""
    delivery, about = mail.delivery, chosen_kind(mail.kind)
    if delivery is None or delivery.state == _TOLD_IN.get(mail.kind, about):
        word, said = label("mail", about, lang), sentences(mail.kind, lang, mail.facts or {})
    else:
        about = delivery.state
        word = find_label("mail", about, lang) or state_word(about, lang)
        facts = {
            "name": (mail.facts or {})["name"],
            "Now": word[:1].upper() + word[1:],
            "at": moment(timezone.localtime(mail.made_at), lang),
            "was": mail.subject,
            "link": links.delivery(delivery),
        }
        said = sentences("since", lang, facts)
    return said | {"about": word, "urgency": KINDS.index(about) if about in KINDS else len(KINDS)}
