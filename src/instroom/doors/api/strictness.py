"""What a request may hold: the query, the form, the JSON and the headers of its content are judged alike, for every
operation. What is ignored in silence is misread: a misspelt filter returns everything, a misspelt field delivers to
nobody's connection, and of two files one would be lost."""

from collections.abc import Collection, Iterator, Mapping
from difflib import get_close_matches
from typing import Any, Final, NamedTuple, get_args

import orjson
from django.http import HttpRequest, QueryDict
from pydantic import BaseModel

from instroom.doors.api.problems import ApiProblem

JSON: Final = "application/json"
FORM: Final = "multipart/form-data"
_URLENCODED: Final = "application/x-www-form-urlencoded"
Error = Mapping[str, Any]


class Takes(NamedTuple):
    """What an operation takes: the names in each part of a request."""

    query: frozenset[str] = frozenset()
    fields: frozenset[str] = frozenset()
    """Of its form, beside the files."""
    files: frozenset[str] = frozenset()
    content: type[BaseModel] | None = None
    """Of its JSON."""

    @property
    def content_type(self) -> str:
        """Empty where it takes no content."""
        return FORM if self.files else JSON if self.content else ""


def refuse_what_it_does_not_take(request: HttpRequest, takes: Takes) -> None:
    """Raises ApiProblem. Fields of a form that are empty count as left out from here on."""
    _refuse_errors([*_unknown(request.GET, takes.query, "query"), *_repeated(request.GET, "query")])
    if request.META.get("CONTENT_LENGTH") in (None, "", "0") and not request.content_type:
        return
    _refuse_encoding(request)
    if takes.content_type:
        _refuse_content_type(request, takes.content_type)
    else:
        _refuse_errors(_unknown(_names_sent(request), (), "body"))
    if takes.files:
        _refuse_errors(_errors_of_form(request, takes))
        _leave_out_empty_fields(request)


def unknown_field(place: tuple[str, ...], known: Collection[str]) -> Error:
    """The error for a field that is unknown there, with the known ones."""
    near = get_close_matches(place[-1].lower(), known, 1)
    facts = {"nearest": near[0]} if near else {"known": ", ".join(sorted(known))}
    kind = "unknown-like" if near else "unknown-of" if known else "unknown"
    return {"loc": place, "type": kind, "ctx": facts}


def unknown_in_json(error: Error, content: type[BaseModel] | None) -> Error:
    """The error of pydantic for an unknown field, with the known ones."""
    place = tuple(str(part) for part in error["loc"])
    known = content
    for part in place[1:-1]:
        known = model_in(known.model_fields[part].annotation) if known and part in known.model_fields else known
    return unknown_field(place, list(known.model_fields) if known else ())


def refuse_repeated_names(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """For `object_pairs_hook`: a JSON object whose names differ. Raises ApiProblem."""
    names = [name for name, _ in pairs]
    _refuse_errors([_again(("body", name)) for name in dict.fromkeys(names) if names.count(name) > 1])
    return dict(pairs)


def _refuse_encoding(request: HttpRequest) -> None:
    encoding = request.headers.get("Content-Encoding", "").strip().lower()
    if encoding not in ("", "identity"):
        raise ApiProblem("media-type", said="encoded", encoding=encoding[:40])


def _refuse_content_type(request: HttpRequest, wanted: str) -> None:
    if not request.content_type:
        raise ApiProblem("media-type", said="no-content-type", wanted=wanted)
    if request.content_type != wanted:
        raise ApiProblem("media-type", said="other-content-type", found=request.content_type[:80], wanted=wanted)
    if wanted == FORM and not (request.content_params or {}).get("boundary"):
        raise ApiProblem("malformed", said="no-boundary")


def _errors_of_form(request: HttpRequest, takes: Takes) -> Iterator[Error]:
    texts, files = request.POST, request.FILES
    yield from ({"loc": ("file", name), "type": "not-a-file"} for name in texts if name in takes.files)
    yield from ({"loc": ("form", name), "type": "a-file"} for name in files if name in takes.fields)
    known = takes.fields | takes.files
    yield from (unknown_field(("form", name), known) for name in {**texts, **files} if name not in known)
    yield from _repeated(texts, "form")
    yield from _repeated(files, "file")


def _leave_out_empty_fields(request: HttpRequest) -> None:
    """An empty field of a form is one that nobody filled in."""
    if "" in request.POST.values():
        filled = QueryDict(mutable=True)
        for name, value in request.POST.items():
            if value:
                filled[name] = str(value)
        request.POST = filled  # type: ignore[assignment]  # Django lets it be set


def _names_sent(request: HttpRequest) -> Collection[str]:
    """The names in content that the operation does not take."""
    if request.content_type in (FORM, _URLENCODED):
        return [*request.POST, *request.FILES]
    if not request.body.strip():
        return ()
    try:
        sent = orjson.loads(request.body)
    except orjson.JSONDecodeError:
        raise ApiProblem("media-type", said="no-content") from None
    if sent and not isinstance(sent, dict):
        raise ApiProblem("media-type", said="no-content")
    return list(sent or ())


def _unknown(names: Collection[str], known: Collection[str], source: str) -> Iterator[Error]:
    return (unknown_field((source, name), known) for name in sorted(names) if name not in known)


def _repeated(values: Any, source: str) -> Iterator[Error]:
    return (_again((source, name)) for name, sent in values.lists() if len(sent) > 1)


def _again(place: tuple[str, ...]) -> Error:
    return {"loc": place, "type": "repeated"}


def _refuse_errors(errors: Any) -> None:
    if found := list(errors):
        raise ApiProblem("invalid", errors=found)


def model_in(annotation: Any) -> type[BaseModel] | None:
    """The model of a field, also of one that may be null."""
    kinds = [annotation, *get_args(annotation)]
    return next((one for one in kinds if isinstance(one, type) and issubclass(one, BaseModel)), None)
