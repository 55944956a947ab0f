"""Addresses of pages, as mails name them. That each leads somewhere is tested with the web itself."""

from typing import Final

from django.conf import settings

from instroom.store.models import Connection, Customer, Delivery, FileAccount, User, Webhook

HELP: Final = {
    **dict.fromkeys(("received", "received-hour", "checked"), "supplier#de-uitslag-lezen"),
    "rejected": "supplier#fouten-verbeteren",
    **dict.fromkeys(("received-waits", "received-older", "superseded"), "supplier#elke-nacht-vanzelf"),
    **dict.fromkeys(("late", "missing", "over", "stale"), "supplier#elke-nacht-vanzelf"),
    **dict.fromkeys(("awaiting-approval", "live-changed", "unapproved", "approver-left"), "approver#het-plan-lezen"),
    **dict.fromkeys(("held", "held-erased", "held-fewer", "held-giver-left"), "approver#aangehouden"),
    **dict.fromkeys(("corrected", "once", "giver-delivered", "giver-left"), "approver#aangehouden"),
    **dict.fromkeys(("undo-awaiting-approval", "undo-imported"), "approver#terugdraaien"),
    "account-failing": "operator#een-account-dat-dicht-is",
    **dict.fromkeys(("new-approver", "address-refused"), "operator#mensen-uitnodigen"),
    "invitation": "account#een-account-maken",
    **dict.fromkeys(("new-password", "no-password"), "account#aanmelden"),
    **dict.fromkeys(("new-email", "account-changed"), "account#uw-gegevens-wijzigen"),
}
"""The part of the guides that a kind of mail leads to. Others lead to all guides."""


def delivery(one: Delivery) -> str:
    return _whole(f"/customers/{one.customer.name}/deliveries/{one.pk}")


def plan(one: Delivery) -> str:
    return f"{delivery(one)}/plan"


def connection(one: Connection) -> str:
    return _whole(f"/customers/{one.customer.name}/connections/{one.name}")


def proposals(customer: Customer) -> str:
    return _whole(f"/customers/{customer.name}/proposals")


def webhook(one: Webhook) -> str:
    return _whole(f"/customers/{one.customer.name}/webhooks/{one.name}")


def file_account(one: FileAccount) -> str:
    return _whole(f"/customers/{one.customer.name}/accounts/{one.name}")


def deliveries(customer: Customer) -> str:
    return _whole(f"/customers/{customer.name}/deliveries")


def users(customer: Customer) -> str:
    return _whole(f"/customers/{customer.name}/users")


def account() -> str:
    return _whole("/account")


def new_password(user: User, token: str) -> str:
    return _whole(f"/new-password/{user.pk}/{token}")


def new_email(token: str) -> str:
    return f"{account()}/email/{token}"


def invitation(word: str) -> str:
    return _whole(f"/invitations/{word}")


def provider_sign_in(customer: Customer) -> str:
    return _whole(f"/sign-in/with/{customer.name}")


def provider_answer(customer: Customer) -> str:
    """Where the sign-in provider of a customer sends people back to."""
    return f"{provider_sign_in(customer)}/back"


def provider_sign_out(customer: Customer) -> str:
    """Where it says that somebody has signed out there."""
    return f"{provider_sign_in(customer)}/signed-out"


def help_part(kind: str) -> str:
    """The guide that goes with a mail of this kind."""
    return _whole(f"/help/{HELP[kind]}" if kind in HELP else "/help")


def _whole(path: str) -> str:
    return f"{settings.INSTROOM_ADDRESS}{path}"
