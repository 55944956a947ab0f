"""Accounts of the file server (product.md F2): list, create, change, unban, remove."""

from typing import Any

from django.http import HttpResponse, JsonResponse
from ninja import Router

from instroom.doors.api.access import Token, TokenRequest
from instroom.doors.api.file_accounts import schemas
from instroom.doors.api.language import language_of
from instroom.doors.api.schemas import CustomerName
from instroom.flow.file_server import accounts, failed_attempts, left_files
from instroom.flow.file_server.account_bans import lift_bans
from instroom.flow.file_server.account_state import document, state_of
from instroom.flow.file_server.removing import remove
from instroom.store.models import FileAccount

router = Router(tags=["file server accounts"])


@router.get("", auth=Token("configure"), response=schemas.FileAccounts)
def list_file_accounts(request: TokenRequest, customer: CustomerName) -> JsonResponse:
    """List file server accounts

    With their settings, last sign-in and bans.
    """
    found = accounts.of_customer(request.auth.customer)
    return JsonResponse({"accounts": [_document(account) for account in found]})


@router.get("/{name}", auth=Token("configure"), response=schemas.FileAccount)
def get_file_account(request: TokenRequest, customer: CustomerName, name: schemas.AccountName) -> JsonResponse:
    """Get a file server account"""
    return JsonResponse(_document(accounts.account(name, request.auth.customer)))


@router.post("", auth=Token("configure"), response={201: schemas.FileAccountWithPassword})
def create_file_account(
    request: TokenRequest, customer: CustomerName, settings: schemas.NewFileAccount
) -> JsonResponse:  # fmt: skip
    """Create a file server account

    If you omit the password, a strong one is generated and shown in this answer only. 409: the name is taken, or the
    password is too weak.
    """
    generated = None if settings.password else accounts.new_password()
    account = accounts.add(
        settings.name,
        request.auth.customer,
        settings.password or generated or "",
        by=request.auth.user,
        plain_ftp=bool(settings.plain_ftp),
        sources=settings.sources or (),
    )
    return JsonResponse(_document(account) | {"password": generated}, status=201)


@router.patch("/{name}", auth=Token("configure"), response=schemas.FileAccount)
def change_file_account(
    request: TokenRequest, customer: CustomerName, name: schemas.AccountName, settings: schemas.FileAccountChanges
) -> JsonResponse:
    """Change a file server account

    From its next sign-in on; switched off, its open sessions end within seconds. Settings that you omit, or send as
    null, keep their value. 409: the name is taken.
    """
    account = accounts.account(name, request.auth.customer)
    accounts.change(account, by=request.auth.user, **settings.model_dump())
    return JsonResponse(_document(account))


@router.delete("/{name}", auth=Token("configure"), response={204: None})
def delete_file_account(request: TokenRequest, customer: CustomerName, name: schemas.AccountName) -> HttpResponse:
    """Delete a file server account

    It cannot sign in any more. Its deliveries stay. 409: a connection has it, or an upload or a delivery of it waits or
    is under way.
    """
    remove(accounts.account(name, request.auth.customer), by=request.auth.user)
    return HttpResponse(status=204)


@router.post("/{name}/password", auth=Token("configure"), response=schemas.FileAccountWithPassword)
def set_file_account_password(
    request: TokenRequest, customer: CustomerName, name: schemas.AccountName, new: schemas.NewPassword
) -> JsonResponse:
    """Set the password of a file server account

    The old one stops working, and open sessions end within seconds. If you omit the new one, a strong one is generated
    and shown in this answer only. 409: it is too weak.
    """
    account = accounts.account(name, request.auth.customer)
    generated = None if new.password else accounts.new_password()
    accounts.change(account, by=request.auth.user, password=new.password or generated)
    return JsonResponse(_document(account) | {"password": generated})


@router.post("/{name}/unban", auth=Token("configure"), response=schemas.FileAccount)
def unban_file_account(request: TokenRequest, customer: CustomerName, name: schemas.AccountName) -> JsonResponse:
    """Unban a file server account

    It may sign in again at once.
    """
    account = accounts.account(name, request.auth.customer)
    lift_bans(account, by=request.auth.user)
    return JsonResponse(_document(account))


@router.get("/{name}/failed-attempts", auth=Token("configure"), response=schemas.FailedAttempts)
def list_failed_attempts(request: TokenRequest, customer: CustomerName, name: schemas.AccountName) -> JsonResponse:
    """List failed attempts of a file server account

    Sign-ins and uploads that failed, with the cause and the setting that can be changed about it.
    """
    account = accounts.account(name, request.auth.customer)
    found = failed_attempts.attempts_of([account])
    return JsonResponse({"attempts": [failed_attempts.document(one, language_of(request)) for one in found]})


@router.get("/{name}/left-files", auth=Token("configure"), response=schemas.LeftFiles)
def list_left_files(request: TokenRequest, customer: CustomerName, name: schemas.AccountName) -> JsonResponse:
    """List uploads that were left

    Complete uploads under a temporary name, which their program has not renamed. They are kept for fourteen days.
    """
    account = accounts.account(name, request.auth.customer)
    return JsonResponse({"files": [left_files.document(one) for one in left_files.left_files(account)]})


@router.post("/{name}/left-files/{file_id}/deliver", auth=Token("configure"), response=schemas.LeftFileDelivered)
def deliver_left_file(
    request: TokenRequest, customer: CustomerName, name: schemas.AccountName, file_id: schemas.LeftFileId
) -> JsonResponse:
    """Deliver an upload that was left

    Under the name that it has. Where the account has connections, the delivery waits for a person. 404: it is gone.
    """
    account = accounts.account(name, request.auth.customer)
    delivery = left_files.deliver(account, file_id, by=request.auth.user)
    return JsonResponse({"delivery": str(delivery.pk)})


@router.delete("/{name}/left-files/{file_id}", auth=Token("configure"), response={204: None})
def delete_left_file(
    request: TokenRequest, customer: CustomerName, name: schemas.AccountName, file_id: schemas.LeftFileId
) -> HttpResponse:
    """Throw away an upload that was left

    404: it is gone.
    """
    left_files.delete(accounts.account(name, request.auth.customer), file_id, by=request.auth.user)
    return HttpResponse(status=204)


def _document(account: FileAccount) -> dict[str, Any]:
    return document(state_of(account))
