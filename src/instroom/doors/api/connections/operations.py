"""Connections, the periodic deliveries (product.md E): list, create, change, pause."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Router

from instroom.doors.api.access import Token, visitor
from instroom.doors.api.answers import answer
from instroom.doors.api.connections import schemas
from instroom.doors.api.schemas import CustomerName
from instroom.flow import find
from instroom.flow.connections import connections as flow
from instroom.flow.connections.connection_state import document, standing_of
from instroom.flow.people.api_tokens import Pass
from instroom.store.models import Connection

router = Router(tags=["connections"])
_JSON = "application/json"


@router.get("", auth=Token("read"), response=schemas.Connections)
def connections(request: HttpRequest, customer: CustomerName) -> HttpResponse:
    """List connections, with their settings, state and next three times."""
    found = flow.of_customer(visitor(request).customer)
    return answer({"connections": [document(standing_of(one)) for one in found]})


@router.get("/{name}", auth=Token("read"), response=schemas.Connection)
def connection(request: HttpRequest, customer: CustomerName, name: schemas.ConnectionName) -> HttpResponse:
    """Get a connection."""
    return _answer(_named(visitor(request), name))


@router.post("", auth=Token("configure", takes=_JSON), response={201: schemas.Connection})
def add_connection(
    request: HttpRequest, customer: CustomerName, wanted: schemas.NewConnection
) -> HttpResponse:  # fmt: skip
    """Create a connection. 409: the name is taken, or the settings contradict each other."""
    visit = visitor(request)
    made = flow.add(wanted.name, visit.customer.name, by=visit.user.username, **_given(wanted))
    return _answer(made, 201)


@router.patch("/{name}", auth=Token("configure", takes=_JSON), response=schemas.Connection)
def change_connection(
    request: HttpRequest,
    customer: CustomerName,
    name: schemas.ConnectionName,
    wanted: schemas.ConnectionSettings,
) -> HttpResponse:
    """Change the settings that are sent. 409: the settings contradict each other."""
    visit = visitor(request)
    one = _named(visit, name)
    flow.change(one, by=visit.user.username, **_given(wanted))
    return _answer(one)


@router.post("/{name}/pause", auth=Token("configure"), response=schemas.Connection)
def pause_connection(request: HttpRequest, customer: CustomerName, name: schemas.ConnectionName) -> HttpResponse:
    """Pause a connection: no file is expected or taken. Files that come in wait."""
    return _turn(flow.pause, request, name)


@router.post("/{name}/resume", auth=Token("configure"), response=schemas.Connection)
def resume_connection(request: HttpRequest, customer: CustomerName, name: schemas.ConnectionName) -> HttpResponse:
    """Resume a connection, from its next time on."""
    return _turn(flow.resume, request, name)


def _named(visit: Pass, name: str) -> Connection:
    """A connection of the token's own customer. Raises NotFound."""
    return find.connection(visit.customer, name)


def _turn(turn: Callable[..., object], request: HttpRequest, name: str) -> HttpResponse:
    visit = visitor(request)
    one = _named(visit, name)
    turn(one, by=visit.user.username)
    return _answer(one)


def _answer(one: Connection, status: int = 200) -> HttpResponse:
    return answer(document(standing_of(one)), status)


def _given(wanted: schemas.ConnectionSettings) -> dict[str, Any]:
    """The fields that were sent, as `flow.connections` takes them."""
    given: dict[str, Any] = wanted.model_dump(exclude_unset=True, exclude={"name"})
    if "standing_approval" in given:
        given["standing"] = given.pop("standing_approval")
    if "policies" in given:
        given["policies"] = {name: value for name, value in given["policies"].items() if value is not None}
    if "guards" in given:
        held = given["guards"]
        given["guards"] = {name: [one["percent"], one["number"]] for name, one in held.items() if one is not None}
    return given
