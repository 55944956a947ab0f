"""Of what the site sends: webhooks, mails, and people who can be told nothing."""

from collections.abc import Iterator

from django.db.models import Count, Exists, Min, OuterRef, QuerySet

from instroom.flow.queries.to_do.thing import MOST, WHOSE, Kind, Thing, Whose, path_of
from instroom.store.models import Customer, Mail, Proposal, Role, User, Webhook, WebhookCall


def of_messages(customers: QuerySet[Customer]) -> Iterator[Thing]:
    gone = Webhook.objects.filter(customer__in=customers, gone=True, paused_at__isnull=False)
    for name, since, *whose in gone.values_list("name", "paused_at", *WHOSE)[:MOST]:
        customer = Whose(*whose)
        yield Thing(Kind.WEBHOOK_GONE, customer, name, since, path_of(customer.name, "webhooks", name), {})
    calls = WebhookCall.objects.filter(webhook__customer__in=customers, webhook__gone=False, given_up_at__isnull=False)
    of_webhook = ("webhook__name", "webhook__customer__name", "webhook__customer__title")
    by_webhook = calls.values_list(*of_webhook).annotate(Min("given_up_at"), Count("pk")).order_by()
    for name, owner, title, since, amount in by_webhook[:MOST]:
        path = path_of(owner, "webhooks", name)
        yield Thing(Kind.CALLS_GIVEN_UP, Whose(owner, title), name, since, path, {"calls": amount})
    mails = Mail.objects.filter(customer__in=customers, given_up_at__isnull=False).exclude(text="")
    by_customer = mails.values_list(*WHOSE).annotate(Min("given_up_at"), Count("pk")).order_by()
    for owner, title, since, amount in by_customer[:MOST]:
        yield Thing(Kind.MAILS_GIVEN_UP, Whose(owner, title), "", since, path_of(owner, "mails"), {"mails": amount})


def of_people(customers: QuerySet[Customer]) -> Iterator[Thing]:
    """Customers of which nobody who may approve can be told by mail, and proposals that wait for a second person."""
    able = Role.objects.filter(customer=OuterRef("pk"), user__is_active=True)
    approvers, operators = able.filter(name=Role.APPROVER), able.filter(name=Role.OPERATOR)
    told = Exists(approvers.exclude(user__email="")) | (
        ~Exists(approvers) & Exists(operators.exclude(user__email=""))  # as `news.notifications` asks them
    )
    for name, title in customers.filter(~told).values_list("name", "title")[:MOST]:
        yield Thing(Kind.NO_APPROVER, Whose(name, title), "", None, path_of(name, "users"), {})
    waiting = Proposal.objects.filter(customer__in=customers, state=Proposal.WAITING)
    by_customer = waiting.values_list(*WHOSE).annotate(Min("asked_at"), Count("pk")).order_by()
    for name, title, since, amount in by_customer[:MOST]:
        path = path_of(name, "proposals")
        yield Thing(Kind.PROPOSAL, Whose(name, title), "", since, path, {"proposals": amount})


def of_themselves(by: User) -> Iterator[Thing]:
    if not by.email:
        yield Thing(Kind.NO_ADDRESS, None, "", None, "/account", {})
