"""Connections, the periodic deliveries (product.md E): list, create, change, pause, remove."""

from typing import Any

from django.http import HttpResponse, JsonResponse
from ninja import Router

from instroom.doors.api.access import Token, TokenRequest
from instroom.doors.api.connections import schemas
from instroom.doors.api.schemas import CustomerName
from instroom.flow import find
from instroom.flow.connections import connections
from instroom.flow.connections.connection_state import connection_status, document
from instroom.flow.connections.removing import remove
from instroom.store.models import Connection

router = Router(tags=["connections"])


@router.get("", auth=Token("read"), response=schemas.Connections)
def list_connections(request: TokenRequest, customer: CustomerName) -> JsonResponse:
    """List connections

    With their settings, state and next three times.
    """
    found = connections.of_customer(request.auth.customer, by=request.auth.user)
    return JsonResponse({"connections": [_document(connection) for connection in found]})


@router.get("/{name}", auth=Token("read"), response=schemas.Connection)
def get_connection(request: TokenRequest, customer: CustomerName, name: schemas.ConnectionName) -> JsonResponse:
    """Get a connection"""
    return JsonResponse(_document(find.connection(request.auth.customer, name, of=request.auth.user)))


@router.post("", auth=Token("configure"), response={201: schemas.Connection})
def create_connection(request: TokenRequest, customer: CustomerName, settings: schemas.NewConnection) -> JsonResponse:
    """Create a connection

    What relaxes a safeguard, such as a standing approval, takes the scope `approve` too, and is one of the `proposals`
    where two-person approval is agreed on. 409: the name is taken, or the settings contradict each other.
    """
    connection = connections.add(customer=request.auth.customer, by=request.auth.user, **schemas.given(settings))
    return JsonResponse(_document(connection), status=201)


@router.patch("/{name}", auth=Token("configure"), response=schemas.Connection)
def change_connection(
    request: TokenRequest, customer: CustomerName, name: schemas.ConnectionName, settings: schemas.ConnectionChanges
) -> JsonResponse:
    """Change a connection

    Settings that you omit, or send as null, keep their value. What relaxes a safeguard, such as a wider guard, takes
    the scope `approve` too, and is one of the `proposals` where two-person approval is agreed on. 409: the settings
    contradict each other, or the name is taken.
    """
    connection = find.connection(request.auth.customer, name, of=request.auth.user)
    connections.change(connection, by=request.auth.user, **schemas.given(settings))
    return JsonResponse(_document(connection))


@router.delete("/{name}", auth=Token("configure"), response={204: None})
def delete_connection(request: TokenRequest, customer: CustomerName, name: schemas.ConnectionName) -> HttpResponse:
    """Delete a connection

    Nothing is expected any more. Its deliveries stay, with its name; a file that still comes waits for a person. 409: a
    delivery of it waits or is under way.
    """
    remove(find.connection(request.auth.customer, name, of=request.auth.user), by=request.auth.user)
    return HttpResponse(status=204)


@router.post("/{name}/pause", auth=Token("configure"), response=schemas.Connection)
def pause_connection(request: TokenRequest, customer: CustomerName, name: schemas.ConnectionName) -> JsonResponse:
    """Pause a connection

    No file is expected or taken. Files that come in wait.
    """
    connection = find.connection(request.auth.customer, name, of=request.auth.user)
    connections.pause(connection, by=request.auth.user)
    return JsonResponse(_document(connection))


@router.post("/{name}/resume", auth=Token("configure"), response=schemas.Connection)
def resume_connection(request: TokenRequest, customer: CustomerName, name: schemas.ConnectionName) -> JsonResponse:
    """Resume a connection

    The next file is expected at its next time.
    """
    connection = find.connection(request.auth.customer, name, of=request.auth.user)
    connections.resume(connection, by=request.auth.user)
    return JsonResponse(_document(connection))


def _document(connection: Connection) -> dict[str, Any]:
    return document(connection_status(connection))
