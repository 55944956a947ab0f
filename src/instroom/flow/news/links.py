"""Addresses of pages, as mails name them. That each leads somewhere is tested with the web itself."""

from django.conf import settings

from instroom.store.models import Connection, Customer, Delivery, FileAccount, User, Webhook


def delivery(one: Delivery) -> str:
    """Where a delivery is shown."""
    return _whole(f"/customers/{one.customer.name}/deliveries/{one.pk}")


def plan(one: Delivery) -> str:
    """Where a delivery's plan waits for a decision."""
    return f"{delivery(one)}/plan"


def connection(one: Connection) -> str:
    """Where a connection is shown."""
    return _whole(f"/customers/{one.customer.name}/connections/{one.name}")


def proposals(customer: Customer) -> str:
    """Where what relaxes a safeguard waits for a second person."""
    return _whole(f"/customers/{customer.name}/proposals")


def webhook(one: Webhook) -> str:
    """Where a webhook is shown, with its calls."""
    return _whole(f"/customers/{one.customer.name}/webhooks/{one.name}")


def file_account(one: FileAccount) -> str:
    """Where an account of the file server is shown."""
    return _whole(f"/customers/{one.customer.name}/accounts/{one.name}")


def deliveries(customer: Customer) -> str:
    """Where the deliveries of a customer are shown."""
    return _whole(f"/customers/{customer.name}/deliveries")


def users(customer: Customer) -> str:
    """Where the people of a customer are shown, with their addresses."""
    return _whole(f"/customers/{customer.name}/users")


def account() -> str:
    """Where a person sees their own account."""
    return _whole("/account")


def new_password(user: User, token: str) -> str:
    """Where a person chooses another password."""
    return _whole(f"/new-password/{user.pk}/{token}")


def new_email(token: str) -> str:
    """Where a person confirms another e-mail address."""
    return f"{account()}/email/{token}"


def invitation(word: str) -> str:
    """Where a person accepts an invitation."""
    return _whole(f"/invitations/{word}")


def _whole(path: str) -> str:
    return f"{settings.INSTROOM_ADDRESS}{path}"
