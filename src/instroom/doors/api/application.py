"""The API as a whole: its routers, and the problem document of each exception."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import orjson
from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.operation import Operation
from ninja.parser import Parser
from pydantic import BaseModel

from instroom.core.errors import CustomerMoving, InstroomError, NotFound
from instroom.doors.api.access import Token
from instroom.doors.api.closing_days import operations as closing_days
from instroom.doors.api.comments import operations as comments
from instroom.doors.api.connections import operations as connections
from instroom.doors.api.customers import operations as customers
from instroom.doors.api.decisions import operations as decisions
from instroom.doors.api.deliveries import findings
from instroom.doors.api.deliveries import operations as deliveries
from instroom.doors.api.dossiers import operations as dossiers
from instroom.doors.api.file_accounts import operations as file_accounts
from instroom.doors.api.institute import operations as institute
from instroom.doors.api.invitations import operations as invitations
from instroom.doors.api.language import language_of
from instroom.doors.api.me import operations as me
from instroom.doors.api.plan import operations as plan
from instroom.doors.api.problems import ApiProblem, problem_response
from instroom.doors.api.proposals import operations as proposals
from instroom.doors.api.strictness import Takes, model_in, refuse_repeated_names, unknown_in_json
from instroom.doors.api.templates import operations as templates
from instroom.doors.api.to_do import operations as to_do
from instroom.doors.api.tokens import operations as tokens
from instroom.doors.api.users import operations as users
from instroom.doors.api.webhooks import operations as webhooks
from instroom.doors.api.wrong_values import place_of, wrong_values
from instroom.flow.delivery.receive_once import OtherContent, UnderWay
from instroom.flow.delivery.reports import BeingMade
from instroom.flow.delivery.room import NoRoom, TooManyWaiting
from instroom.flow.people.api_tokens import BeyondToken
from instroom.flow.permissions import ScopeNeeded
from instroom.flow.throttle import TooOften

DESCRIPTION = """Deliver companies and persons, follow and decide on deliveries, look up dossiers, and manage customers.

Create a token on the web pages or with `instroom token add`: for one customer, with scopes and an end. Send it as
`Authorization: Bearer instroom_…`. A token never allows more than its user is allowed at that moment.

Errors are `application/problem+json` (RFC 9457), in the language of `lang` or Accept-Language; `type` is stable."""

_OF_CUSTOMER = "/customers/{customer}"
_OF_DELIVERY = f"{_OF_CUSTOMER}/deliveries/{{delivery_id}}"


_SOURCES = ("query", "form", "file")


class _Parser(Parser):
    """JSON as it is written in RFC 8259, which knows no NaN."""

    def parse_body(self, request: HttpRequest) -> Any:
        """Raises JSONDecodeError, and ApiProblem for an object that has a name twice."""
        content = orjson.loads(request.body)
        json.loads(request.body, object_pairs_hook=refuse_repeated_names)
        return content


class _Api(NinjaAPI):
    """The id of an operation is the name of its function."""

    def get_openapi_operation_id(self, operation: Operation) -> str:
        return operation.view_func.__name__


def _make() -> NinjaAPI:
    api = _Api(
        title="Instroom",
        version="1",
        description=DESCRIPTION,
        urls_namespace="api-1",
        parser=_Parser(),
        docs_url=None,  # its pages load scripts of a foreign host
        openapi_url=None,  # ours says more: `openapi`
    )
    api.add_router("", me.router)
    api.add_router(f"{_OF_CUSTOMER}/deliveries", deliveries.router)
    for router in (findings.router, plan.router, decisions.router, comments.router):
        api.add_router(_OF_DELIVERY, router)
    api.add_router(f"{_OF_CUSTOMER}/connections", connections.router)
    api.add_router(f"{_OF_CUSTOMER}/proposals", proposals.router)
    api.add_router(f"{_OF_CUSTOMER}/closing-days", closing_days.router)
    api.add_router(f"{_OF_CUSTOMER}/webhooks", webhooks.router)
    api.add_router(f"{_OF_CUSTOMER}/accounts", file_accounts.router)
    api.add_router("/customers", customers.router)
    api.add_router("/institute", institute.router)
    api.add_router(f"{_OF_CUSTOMER}/contact", institute.customer_router)
    api.add_router(f"{_OF_CUSTOMER}/users", users.router)
    api.add_router(f"{_OF_CUSTOMER}/invitations", invitations.router)
    api.add_router(f"{_OF_CUSTOMER}/tokens", tokens.router)
    for router in (decisions.customer_router, dossiers.router, templates.router, to_do.router):
        api.add_router(_OF_CUSTOMER, router)
    for operation in operations(api):
        token_of(operation).takes = _takes(operation)
    return api


def _takes(operation: Operation) -> Takes:
    """As its signature says, and the language of the answer."""
    named = {model.__ninja_param_source__: model for model in operation.models}
    query, fields, files = (_names_of(named.get(source)) for source in _SOURCES)
    body = next(iter(named["body"].model_fields.values())).annotation if "body" in named else None
    return Takes(query | {"lang"}, fields, files, model_in(body))


def _names_of(model: type[BaseModel] | None) -> frozenset[str]:
    """The names under which its fields are sent."""
    return frozenset(one.alias or name for name, one in model.model_fields.items()) if model else frozenset()


def operations(api: NinjaAPI) -> Iterator[Operation]:
    """Every operation, also of nested routers."""
    for router in api._get_bound_routers():  # ninja has no public way to them
        for view in router.path_operations.values():
            yield from view.operations


def token_of(operation: Operation) -> Token:
    """The token that an operation requires. Every operation requires one."""
    (token,) = operation.auth_callbacks
    assert isinstance(token, Token)  # noqa: S101 - a test tries each operation
    return token


_KIND_OF_REFUSAL: Final[Mapping[type[InstroomError], str]] = {
    NotFound: "not-found",
    UnderWay: "under-way",
    OtherContent: "key-used",
    BeyondToken: "scope",
    ScopeNeeded: "scope",
    TooOften: "too-often",
    BeingMade: "being-made",
    CustomerMoving: "moving",
    NoRoom: "no-room",
    TooManyWaiting: "too-many-waiting",
}

api = _make()


@api.exception_handler(ApiProblem)
def handle_problem(request: HttpRequest, error: ApiProblem) -> HttpResponse:
    lang = language_of(request)
    return problem_response(request, error.kind, error.detail(lang), wrong_values(error.errors, lang))


@api.exception_handler(InstroomError)
def handle_domain_error(request: HttpRequest, error: InstroomError) -> HttpResponse:
    """A refusal by the flow, in its own sentence."""
    return problem_response(
        request, _KIND_OF_REFUSAL.get(type(error), "not-possible"), error.sentence(language_of(request))
    )


@api.exception_handler(ValidationError)
def handle_wrong_values(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """Invalid values. An address of an impossible form does not exist."""
    if any(place_of(one).startswith("path.") for one in error.errors):
        return problem_response(request, "not-found")
    content = getattr(request, "takes", Takes()).content
    placed = [one | {"loc": _as_sent(one["loc"])} for one in error.errors]
    errors = [unknown_in_json(one, content) if one["type"] == "extra_forbidden" else one for one in placed]
    return problem_response(request, "invalid", errors=wrong_values(errors, language_of(request)))


def _as_sent(place: Sequence[str]) -> tuple[str, ...]:
    """Without the name that the content has in our code."""
    return (place[0], *place[2:]) if place[0] == "body" else tuple(place)


@api.exception_handler(AuthenticationError)
def handle_missing_token(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    return problem_response(request, "no-token")


@api.exception_handler(RequestDataTooBig)
def handle_too_large(request: HttpRequest, error: RequestDataTooBig) -> HttpResponse:
    return problem_response(request, "too-large")


@api.exception_handler(HttpError)
@api.exception_handler(SuspiciousOperation)
@api.exception_handler(MultiPartParserError)
def handle_malformed(request: HttpRequest, error: Exception) -> HttpResponse:
    """What cannot be read. Ninja wraps what our parser raises."""
    if isinstance(error.__cause__, ApiProblem):
        return handle_problem(request, error.__cause__)
    return problem_response(request, "malformed")


@api.exception_handler(Http404)
def handle_not_found(request: HttpRequest, error: Http404) -> HttpResponse:
    return problem_response(request, "not-found")
