"""Addresses that the mail server refuses for good: until it takes a mail to one again, operators see it, and are told
once. A person with another address is not concerned any more."""

from collections.abc import Iterable
from datetime import datetime
from hashlib import sha256
from typing import cast

from django.db.models import Exists, Min, OuterRef
from django.utils import timezone

from instroom.core.language import Language
from instroom.core.wording.phrases import listed
from instroom.flow.news import links, outbox
from instroom.flow.news.mail_text import MAILS
from instroom.flow.news.notifications import people_with
from instroom.store.models import Customer, Invitation, Mail, Role, User


def refused_since(addresses: Iterable[str]) -> dict[str, datetime]:
    """Those of the addresses that are refused, each with since when."""
    taken_later = Mail.objects.filter(to=OuterRef("to"), sent_at__gt=OuterRef("refused_at"))
    refused = Mail.objects.filter(~Exists(taken_later), to__in=set(addresses), refused_at__isnull=False)
    return dict(refused.values("to").annotate(since=Min("refused_at")).values_list("to", "since"))


def record_refusal(mail: Mail) -> None:
    """Note in the caller's transaction that the server refused the address of this mail, and tell the operators who can
    be reached at another address. Where they are refused too, it stands on the pages alone: nothing goes round."""
    Mail.objects.filter(pk=mail.pk).update(refused_at=timezone.now())
    users = User.objects.filter(email=mail.to, is_active=True)
    customers = [mail.customer] if mail.customer else Customer.objects.filter(roles__user__in=users).distinct()
    for customer in customers:
        names = list(
            users.filter(roles__customer=customer).distinct().order_by("username").values_list("username", flat=True)
        )
        invited = Invitation.objects.filter(email=mail.to, customer=customer, ended_at=None)
        operators = people_with(customer, Role.OPERATOR) if names or invited.exists() else []
        refused = refused_since(user.email for user in operators)
        for user in operators:
            if user.email not in refused:
                _tell(user, customer, mail, names)


def _tell(user: User, customer: Customer, mail: Mail, names: list[str]) -> None:
    """Once, until a mail to the address is taken: the last one that was names the time that began after it."""
    lang = cast(Language, user.language)
    whose = MAILS.texts(lang)["whose"]["user" if names else "invited"]
    facts = {
        "address": mail.to,
        "whose": whose.format(users=listed(names, lang), customer=customer.title),
        "customer": customer.title,
        "link": links.users(customer),
    }
    last = Mail.objects.filter(to=mail.to, sent_at__isnull=False).order_by("-sent_at").first()
    once = f"address-refused:{sha256(mail.to.encode()).hexdigest()[:32]}:{last.pk if last else ''}:{user.pk}"
    outbox.write("address-refused", user, lang, facts, customer=customer, once=once)
