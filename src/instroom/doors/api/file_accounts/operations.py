"""The accounts of the file server (product.md F2): made and changed by a program of an operator, and how they are."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Router

from instroom.doors.api import parameters
from instroom.doors.api.access import Token, visitor
from instroom.doors.api.answers import answer
from instroom.doors.api.file_accounts.schemas import FileAccount as AccountDocument
from instroom.doors.api.file_accounts.schemas import FileAccounts, FileAccountWithPassword
from instroom.flow.file_server import accounts as flow
from instroom.flow.file_server.account_bans import lift_bans
from instroom.flow.file_server.account_state import document, state_of
from instroom.flow.people.api_tokens import Pass
from instroom.store.models import FileAccount

router = Router(tags=["accounts of the file server"])
_JSON = "application/json"


@router.get("", auth=Token("configure"), response=FileAccounts)
def file_accounts(request: HttpRequest, customer: parameters.CustomerName) -> HttpResponse:
    """All accounts: what each may do, when it came last, and whether it is let in."""
    found = flow.of_customer(visitor(request).customer)
    return answer({"accounts": [document(state_of(one)) for one in found]})


@router.get("/{name}", auth=Token("configure"), response=AccountDocument)
def file_account(request: HttpRequest, customer: parameters.CustomerName, name: parameters.AccountName) -> HttpResponse:
    """One account."""
    return _answer(_named(visitor(request), name))


@router.post("", auth=Token("configure", takes=_JSON), response={201: FileAccountWithPassword})
def add_file_account(
    request: HttpRequest, customer: parameters.CustomerName, wanted: parameters.NewFileAccount
) -> HttpResponse:
    """Make an account. Without a password a strong one is made, and told in this answer alone. 409: the name is taken,
    or the password will not do."""
    visit = visitor(request)
    password = wanted.password or flow.new_password()
    made = flow.add(wanted.name, visit.customer.name, password, by=visit.user.username, plain_ftp=wanted.plain_ftp)
    return _answer(made, 201, password=None if wanted.password else password)


@router.patch("/{name}", auth=Token("configure", takes=_JSON), response=AccountDocument)
def change_file_account(
    request: HttpRequest,
    customer: parameters.CustomerName,
    name: parameters.AccountName,
    wanted: parameters.FileAccountSettings,
) -> HttpResponse:
    """Change what is given, from its next sign-in on."""
    visit = visitor(request)
    one = _named(visit, name)
    flow.change(one, by=visit.user.username, **wanted.model_dump(exclude_unset=True))
    return _answer(one)


@router.post("/{name}/password", auth=Token("configure", takes=_JSON), response=FileAccountWithPassword)
def set_file_account_password(
    request: HttpRequest,
    customer: parameters.CustomerName,
    name: parameters.AccountName,
    wanted: parameters.NewPassword,
) -> HttpResponse:
    """Set another password; the old one no longer works. Without one a strong one is made, and told in this answer
    alone. 409: it will not do."""
    visit = visitor(request)
    one = _named(visit, name)
    password = wanted.password or flow.new_password()
    flow.change(one, by=visit.user.username, password=password)
    return _answer(one, password=None if wanted.password else password)


@router.post("/{name}/unban", auth=Token("configure"), response=AccountDocument)
def unban_file_account(
    request: HttpRequest, customer: parameters.CustomerName, name: parameters.AccountName
) -> HttpResponse:
    """Forget its failed sign-ins: it may try again at once."""
    visit = visitor(request)
    one = _named(visit, name)
    lift_bans(one, by=visit.user.username)
    return _answer(one)


def _named(visit: Pass, name: str) -> FileAccount:
    """An account of the token's own customer. Raises NotFound."""
    return flow.account(name, visit.customer)


def _answer(one: FileAccount, status: int = 200, **more: Any) -> HttpResponse:
    return answer(document(state_of(one)) | more, status)
