"""Programs that use the API: Django's client with a token."""

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests.doors.web.web_customer import WebCustomer

from instroom.flow import find
from instroom.flow.people.api_tokens import SCOPES, add

FOR = {
    "operator": tuple(scope for scope in SCOPES if scope != "manage-customers"),  # which takes a site operator
    "supplier": ("read", "deliver", "withdraw", "comment"),
    "approver": ("read", "comment", "approve", "refuse", "undo"),
    "reader": ("read",),
}
"""What the tokens of each role are for, unless a test says otherwise."""


def token_of(customer: WebCustomer, role: str, *scopes: str, days: int = 90) -> str:
    """A token of the person with this role, called CUSTOMER-ROLE."""
    return add(
        find.customer(customer.name),
        "Koppelprogramma",
        scopes or FOR[role],
        days,
        by=find.user(f"{customer.name}-{role}"),
    ).secret


def program(token: str = "", lang: str = "en") -> Client:
    """A program with this token; it keeps no cookies, and is answered in English."""
    headers = {"accept-language": lang} | ({"authorization": f"Bearer {token}"} if token else {})
    return Client(SERVER_NAME="localhost", headers=headers, raise_request_exception=False)


def deliver(
    client: Client, customer: WebCustomer, content: bytes, name: str = "levering.csv", key: str = "", **asked: Any
) -> Any:
    """Deliver a file, as a form of many parts."""
    headers = {"idempotency-key": key} if key else {}
    form = {"file": SimpleUploadedFile(name, content), **asked}
    return client.post(f"/api/v1/customers/{customer.name}/deliveries", form, headers=headers)
