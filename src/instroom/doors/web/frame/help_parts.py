"""Where the link Help on a page leads: the part of a guide that is about that page. A test proves that it is there."""

from typing import Final, Literal

from django.http import HttpRequest
from django.urls import reverse

Reader = Literal["operator", "supplier", "approver", "reader"]
_READERS: Final[tuple[tuple[Reader, str], ...]] = (
    ("operator", "configure"),
    ("supplier", "deliver"),
    ("approver", "approve"),
)
"""Whose guide somebody reads who may do this; the first that fits."""

_DELIVERY: Final[dict[Reader, str]] = {
    "operator": "approver#het-plan-lezen",
    "supplier": "supplier#de-uitslag-lezen",
    "approver": "approver#het-plan-lezen",
    "reader": "reader#zien-wat-er-is-veranderd",
}
_CONNECTION: Final[dict[Reader, str]] = {
    "operator": "operator#een-koppeling-maken",
    "supplier": "supplier#elke-nacht-vanzelf",
    "approver": "approver#aangehouden",
    "reader": "reader",
}
PARTS: Final[dict[str, str | dict[Reader, str]]] = {
    "home": "",  # all guides
    "customer": {"operator": "operator", "supplier": "supplier", "approver": "approver", "reader": "reader"},
    "sign-in": "account#aanmelden",
    "sign-in-code": "account#veiliger-aanmelden",
    "organisation": "account#aanmelden",
    "forgotten": "account#aanmelden",
    "new-password": "account#aanmelden",
    "invitation": "account#een-account-maken",
    "unsent": "account#aanmelden",
    "account": "account#uw-gegevens-wijzigen",
    "account-password": "account#uw-gegevens-wijzigen",
    "account-email": "account#uw-gegevens-wijzigen",
    "new-email": "account#uw-gegevens-wijzigen",
    "second-factor": "account#veiliger-aanmelden",
    "recovery-codes": "account#veiliger-aanmelden",
    "api-tokens": "account",
    "templates": "supplier#het-bestand-maken",
    "deliver": "supplier#aanleveren",
    "check": "supplier#alleen-controleren",
    "correct": "supplier#fouten-verbeteren",
    "deliveries": _DELIVERY,
    "delivery": _DELIVERY,
    "report": _DELIVERY,
    "plan": "approver#het-plan-lezen",
    "plan-report": "approver#het-plan-lezen",
    "absent": "approver#het-plan-lezen",
    "proposals": "approver#voorstellen-om-een-grens-te-verruimen",
    "connections": _CONNECTION,
    "connection": _CONNECTION,
    "removed-connection": _CONNECTION,
    "connection-add": "operator#een-koppeling-maken",
    "connection-change": "operator#een-koppeling-maken",
    "file-accounts": "operator#een-account-dat-dicht-is",
    "file-account": "operator#een-account-dat-dicht-is",
    "file-account-add": "operator#een-koppeling-maken",
    "webhooks": "operator",
    "webhook": "operator",
    "webhook-add": "operator",
    "webhook-change": "operator",
    "webhook-secret": "operator",
    "webhook-call": "operator",
    "users": "operator#mensen-uitnodigen",
    "user": "operator#mensen-uitnodigen",
    "mails": "operator#mensen-uitnodigen",
    "mail": "operator#mensen-uitnodigen",
    "provider-settings": "operator#mensen-uitnodigen",
    "settings": "operator#afspraken-met-een-klant",
    "retention": "operator#afspraken-met-een-klant",
    "refresh": "operator#training-verversen",
    "audit": "operator#uitzoeken-wat-er-is-gebeurd",
    "operator": "operator#elke-ochtend",
    "operator-deliveries": "operator#elke-ochtend",
    "operator-figures": "operator#elke-ochtend",
    "add-customer": "operator#een-klant-toevoegen",
    "onboarding": "operator#een-klant-toevoegen",
    "contact": "operator#een-klant-toevoegen",
    "institute": "operator",
    "site-audit": "operator#uitzoeken-wat-er-is-gebeurd",
    "search": "reader#zoeken",
    "company": "reader#een-dossier-lezen",
    "person": "reader#een-dossier-lezen",
}


def help_address(request: HttpRequest) -> str:
    """The address of the part about this page for who reads it, or of all guides."""
    match = request.resolver_match
    part = PARTS.get(match.url_name or "") if match else None
    if isinstance(part, dict):
        part = part[_reader(request)]
    guide, _, anchor = (part or "").partition("#")
    address = reverse("guide", args=[guide]) if guide else reverse("help")
    return f"{address}#{anchor}" if anchor else address


def _reader(request: HttpRequest) -> Reader:
    visit = getattr(request, "visit", None)
    actions = visit.actions if visit else frozenset()
    return next((reader for reader, action in _READERS if action in actions), "reader")
