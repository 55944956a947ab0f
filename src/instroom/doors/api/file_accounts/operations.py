"""Accounts of the file server (product.md F2): list, create, change, unban."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Router

from instroom.doors.api.access import Token, visitor
from instroom.doors.api.answers import answer
from instroom.doors.api.file_accounts import schemas
from instroom.doors.api.file_accounts.schemas import FileAccount as AccountDocument
from instroom.doors.api.file_accounts.schemas import FileAccounts, FileAccountWithPassword
from instroom.doors.api.schemas import CustomerName
from instroom.flow.file_server import accounts as flow
from instroom.flow.file_server.account_bans import lift_bans
from instroom.flow.file_server.account_state import document, state_of
from instroom.flow.people.api_tokens import Pass
from instroom.store.models import FileAccount

router = Router(tags=["accounts of the file server"])
_JSON = "application/json"


@router.get("", auth=Token("configure"), response=FileAccounts)
def file_accounts(request: HttpRequest, customer: CustomerName) -> HttpResponse:
    """List accounts, with their settings, last sign-in and bans."""
    found = flow.of_customer(visitor(request).customer)
    return answer({"accounts": [document(state_of(one)) for one in found]})


@router.get("/{name}", auth=Token("configure"), response=AccountDocument)
def file_account(request: HttpRequest, customer: CustomerName, name: schemas.AccountName) -> HttpResponse:
    """Get an account."""
    return _answer(_named(visitor(request), name))


@router.post("", auth=Token("configure", takes=_JSON), response={201: FileAccountWithPassword})
def add_file_account(request: HttpRequest, customer: CustomerName, wanted: schemas.NewFileAccount) -> HttpResponse:
    """Create an account. If you omit the password, a strong one is generated and shown in this answer only. 409: the
    name is taken, or the password is too weak."""
    visit = visitor(request)
    password = wanted.password or flow.new_password()
    made = flow.add(wanted.name, visit.customer.name, password, by=visit.user.username, plain_ftp=wanted.plain_ftp)
    return _answer(made, 201, password=None if wanted.password else password)


@router.patch("/{name}", auth=Token("configure", takes=_JSON), response=AccountDocument)
def change_file_account(
    request: HttpRequest,
    customer: CustomerName,
    name: schemas.AccountName,
    wanted: schemas.FileAccountSettings,
) -> HttpResponse:
    """Change the settings that are sent, from its next sign-in on."""
    visit = visitor(request)
    one = _named(visit, name)
    flow.change(one, by=visit.user.username, **wanted.model_dump(exclude_unset=True))
    return _answer(one)


@router.post("/{name}/password", auth=Token("configure", takes=_JSON), response=FileAccountWithPassword)
def set_file_account_password(
    request: HttpRequest,
    customer: CustomerName,
    name: schemas.AccountName,
    wanted: schemas.NewPassword,
) -> HttpResponse:
    """Set a new password; the old one stops working. If you omit it, a strong one is generated and shown in this answer
    only. 409: it is too weak."""
    visit = visitor(request)
    one = _named(visit, name)
    password = wanted.password or flow.new_password()
    flow.change(one, by=visit.user.username, password=password)
    return _answer(one, password=None if wanted.password else password)


@router.post("/{name}/unban", auth=Token("configure"), response=AccountDocument)
def unban_file_account(request: HttpRequest, customer: CustomerName, name: schemas.AccountName) -> HttpResponse:
    """Lift the bans of an account: it may sign in again at once."""
    visit = visitor(request)
    one = _named(visit, name)
    lift_bans(one, by=visit.user.username)
    return _answer(one)


def _named(visit: Pass, name: str) -> FileAccount:
    """An account of the token's own customer. Raises NotFound."""
    return flow.account(name, visit.customer)


def _answer(one: FileAccount, status: int = 200, **more: Any) -> HttpResponse:
    return answer(document(state_of(one)) | more, status)
