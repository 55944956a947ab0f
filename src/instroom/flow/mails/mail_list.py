"""The mails about a customer, for its operators. Those about a person's own account are nobody else's."""

from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from instroom.core.errors import NotAllowed, NotFound
from instroom.flow import audit, permissions
from instroom.flow.paging import Page, bounds
from instroom.store.models import Customer, Mail, User

_ON_A_PAGE: Final = 50


def mails(customer: Customer, number: int = 1) -> Page[Mail]:
    """A page of them, the newest first."""
    found = Mail.objects.filter(customer=customer).defer("html").order_by("-pk")
    total = found.count()
    number, pages, part = bounds(number, total, _ON_A_PAGE)
    return Page(list(found[part]), number, pages, total)


def given_up(customer: Customer) -> int:
    """How many an operator should look at: they did not go out, and can be tried again."""
    return Mail.objects.filter(customer=customer, given_up_at__isnull=False).exclude(text="").count()


def mail(customer: Customer, mail_id: UUID) -> Mail:
    """One of them. Raises NotFound."""
    found = Mail.objects.filter(customer=customer, pk=mail_id).select_related("delivery").first()
    if found is None:
        raise NotFound("no-mail")
    return found


@transaction.atomic
def try_again(customer: Customer, mail_id: UUID, *, by: User) -> None:
    """Let one that was given up go through all its attempts once more. Raises NotFound, and NotAllowed where it was
    not given up, or its text is gone."""
    permissions.check(by, "manage-users", customer)
    one, now = mail(customer, mail_id), timezone.now()
    given_up = Mail.objects.filter(pk=one.pk, given_up_at__isnull=False).exclude(text="")
    if given_up.update(given_up_at=None, attempts=0, made_at=now, due_at=now) != 1:
        raise NotAllowed("mail-not-to-retry")
    audit.note(customer, "mail-tried-again", by, mail=str(one.pk))
