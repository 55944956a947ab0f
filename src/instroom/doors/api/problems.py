"""What went wrong, as a problem document (RFC 9457): a stable type for programs, a sentence for people."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

from django.http import HttpRequest, HttpResponse

from instroom.doors.api.language import language_of

MEDIA_TYPE: Final = "application/problem+json"
_TYPE: Final = "urn:instroom:problem:"


class Kind(NamedTuple):
    """A kind of problem: its status, and its title in both languages."""

    status: int
    nl: str
    en: str


KINDS: Final[dict[str, Kind]] = {
    "malformed": Kind(400, "De vraag is niet te lezen", "The request cannot be read"),
    "no-token": Kind(401, "Er is een toegangscode nodig", "A token is needed"),
    "wrong-token": Kind(401, "De toegangscode geldt niet", "The token is not valid"),
    "scope": Kind(403, "De toegangscode staat dit niet toe", "The token does not allow this"),
    "role": Kind(403, "Uw rol staat dit niet toe", "Your role does not allow this"),
    "not-found": Kind(404, "Dit is er niet", "This is not here"),
    "method": Kind(405, "Dit kan hier niet", "This is not done here"),
    "not-possible": Kind(409, "Dit kan nu niet", "This is not possible now"),
    "under-way": Kind(409, "Dezelfde vraag wordt al uitgevoerd", "The same request is under way"),
    "too-large": Kind(413, "Te groot", "Too large"),
    "media-type": Kind(415, "In deze vorm kan het niet", "Not in this form"),
    "invalid": Kind(422, "Iets in de vraag klopt niet", "Something in the request is not right"),
    "key-used": Kind(422, "De sleutel is al gebruikt", "The key has been used"),
    "too-many": Kind(429, "Te vaak", "Too often"),
    "broken": Kind(500, "Er ging iets mis bij ons", "Something broke on our side"),
}
"""Programs rely on the names: one that is released stays."""

_DETAILS: Final[dict[str, tuple[str, str]]] = {
    "malformed": (
        "De inhoud is geen JSON, geen formulier, of is onderweg beschadigd.",
        "The content is no JSON, no form, or was damaged on its way.",
    ),
    "no-token": (
        "Stuur de toegangscode mee: Authorization: Bearer instroom_…",
        "Send the token: Authorization: Bearer instroom_…",
    ),
    "wrong-token": (
        "De toegangscode is onbekend, verlopen of beëindigd. Maak een nieuwe op de webpagina's.",
        "The token is unknown, has expired or was ended. Make a new one on the web pages.",
    ),
    "scope": (
        "Maak een toegangscode waarmee dit wel mag.",
        "Make a token that may do this.",
    ),
    "role": (
        "Vraag uw beheerder om de rol die hierbij hoort.",
        "Ask your operator for the role that this takes.",
    ),
    "not-found": (
        "Het bestaat niet, of het is niet voor u bestemd.",
        "It does not exist, or it is not for you to see.",
    ),
    "method": (
        "Zie de kop Allow voor wat hier wel kan.",
        "See the header Allow for what can be done here.",
    ),
    "too-large": (
        "Een bestand mag 64 MB groot zijn. Splits het.",
        "A file may hold 64 MB. Split it.",
    ),
    "media-type": (
        "Stuur een bestand als multipart/form-data, en al het andere als application/json.",
        "Send a file as multipart/form-data, and anything else as application/json.",
    ),
    "invalid": (
        "Bij errors staat wat er niet klopt.",
        "See errors for what is not right.",
    ),
    "too-many": (
        "Van dit adres kwamen te veel onbekende toegangscodes. Probeer het over een kwartier opnieuw.",
        "Too many unknown tokens came from this address. Try again in a quarter of an hour.",
    ),
    "broken": (
        "Probeer het opnieuw; gaat het weer mis, meld het dan aan uw beheerder.",
        "Try again; if it happens again, tell your operator.",
    ),
}
_HEADERS: Final[dict[str, dict[str, str]]] = {
    "no-token": {"WWW-Authenticate": 'Bearer realm="instroom"'},
    "wrong-token": {"WWW-Authenticate": 'Bearer realm="instroom", error="invalid_token"'},
    "scope": {"WWW-Authenticate": 'Bearer realm="instroom", error="insufficient_scope"'},
    "too-many": {"Retry-After": "900"},
    "under-way": {"Retry-After": "1"},
}


class Problem(Exception):
    """Ends an operation with a problem document."""

    def __init__(self, kind: str, errors: Sequence[Mapping[str, Any]] = ()) -> None:
        """`kind` is one of KINDS; `errors` are places and what is wrong there, as `wrong_values` takes them."""
        super().__init__(kind)
        self.kind, self.errors = kind, errors


def problem(
    request: HttpRequest, kind: str, detail: str | None = None, errors: Sequence[Mapping[str, str]] = ()
) -> HttpResponse:
    """The answer that says what went wrong, in the language of the program."""
    lang = language_of(request)
    known = KINDS[kind]
    document: dict[str, Any] = {
        "type": _TYPE + kind,
        "title": known.nl if lang == "nl" else known.en,
        "status": known.status,
        "detail": detail or _DETAILS[kind][lang == "en"],
    }
    if errors:
        document["errors"] = list(errors)
    headers = {"Content-Language": lang, **_HEADERS.get(kind, {})}
    return HttpResponse(json.dumps(document), status=known.status, content_type=MEDIA_TYPE, headers=headers)
