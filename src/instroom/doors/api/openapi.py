"""The OpenAPI document, made of the operations: /api/v1/openapi.json, and docs/reference/openapi.json."""

import json
from functools import cache
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from instroom.doors.api.access import Token
from instroom.doors.api.application import api, operations, token_of
from instroom.doors.api.problems import KINDS, MEDIA_TYPE
from instroom.doors.api.schemas import Problem

PREFIX: Final = "/api/v1/"
_SCHEME: Final = Token.__name__
_LANG: Final = {
    "in": "query",
    "name": "lang",
    "schema": {"type": "string"},
    "required": False,
    "description": "The language of texts, `nl` or `en`; by default that of Accept-Language, or Dutch.",
}
_FORM: Final = "multipart/form-data"
_ALWAYS: Final = (400, 401, 404, 405, 422, 429, 500)
_OF_ACTIONS: Final = (403, 409)
_OF_CONTENT: Final = (413, 415)


@require_safe
def document_view(request: HttpRequest) -> HttpResponse:
    """The document, without sign-in: it holds nothing of a customer."""
    return HttpResponse(document_text(), content_type="application/json")


@cache
def document_text() -> str:
    """The document as it is kept and served."""
    return json.dumps(document(), indent=2, ensure_ascii=False, sort_keys=False) + "\n"


def document() -> dict[str, Any]:
    """The document as data: what the operations say, with the scopes and the problems that any of them may give."""
    made: dict[str, Any] = json.loads(json.dumps(api.get_openapi_schema(path_prefix=PREFIX), default=str))
    made.pop("servers", None)
    scopes = {one.view_func.__name__: token_of(one).action for one in operations(api)}
    for methods in made["paths"].values():
        for operation in methods.values():
            _complete(operation, scopes[operation["operationId"]])
    components = made["components"]
    components["schemas"] |= _schemas_of_problems() | _forms(made)
    components["responses"] = {"Problem": _problem_response()}
    components["securitySchemes"][_SCHEME]["description"] = "A token, such as `instroom_…`."
    made["info"]["license"] = {"name": "EUPL-1.2", "identifier": "EUPL-1.2"}
    return made


def _complete(operation: dict[str, Any], scope: str) -> None:
    """Add its summary, its scope and its possible problems."""
    operation["summary"], _, text = operation["description"].partition("\n\n")
    operation["description"] = text.replace("\n", " ")
    if not text:
        del operation["description"]
    parameters = [one for one in operation["parameters"] if one["name"] != _LANG["name"]]
    operation["parameters"] = [{**one, "schema": _without_null(one["schema"])} for one in parameters] + [_LANG]
    for body in operation.get("requestBody", {}).get("content", {}).values():
        fields = body["schema"].get("properties", {})
        body["schema"] = _without_null(body["schema"])
        body["schema"] |= {"properties": {name: _without_null(one) for name, one in fields.items()}} if fields else {}
    operation["security"] = [{_SCHEME: [scope] if scope else []}]
    content = _OF_CONTENT if "requestBody" in operation else ()
    later = (503,) if "503:" in text else ()
    for status in sorted((*_ALWAYS, *(_OF_ACTIONS if scope else ()), *content, *later)):
        operation["responses"].setdefault(str(status), {"$ref": "#/components/responses/Problem"})


def _forms(made: dict[str, Any]) -> dict[str, Any]:
    """The forms, which get the name of their operation: tools that make clients trip over what has no name."""
    forms = {}
    for methods in made["paths"].values():
        for operation in methods.values():
            form = operation.get("requestBody", {}).get("content", {}).get(_FORM)
            if form:
                name = "".join(word.title() for word in operation["operationId"].split("_")) + "Form"
                forms[name] = {**form["schema"], "title": name, "additionalProperties": False}
                form["schema"] = {"$ref": f"#/components/schemas/{name}"}
    return forms


def _without_null(schema: dict[str, Any]) -> dict[str, Any]:
    """Queries and forms cannot hold null: an absent value is omitted."""
    kinds = [one for one in schema.get("anyOf", ()) if one != {"type": "null"}]
    return {**{name: value for name, value in schema.items() if name != "anyOf"}, **kinds[0]} if kinds else schema


def _schemas_of_problems() -> dict[str, Any]:
    schema = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
    more = schema.pop("$defs", {})
    schema["properties"]["type"]["examples"] = [f"urn:instroom:problem:{name}" for name in KINDS]
    return {"Problem": schema, **more}


def _problem_response() -> dict[str, Any]:
    return {
        "description": "A problem.",
        "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
