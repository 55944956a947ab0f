"""Problem documents (RFC 9457): a stable type for programs, a sentence for people."""

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
    "malformed": Kind(400, "Ongeldig verzoek", "Bad request"),
    "no-token": Kind(401, "Toegangscode ontbreekt", "Token required"),
    "wrong-token": Kind(401, "Toegangscode ongeldig", "Invalid token"),
    "scope": Kind(403, "Niet toegestaan met deze toegangscode", "Not allowed by the token"),
    "role": Kind(403, "Niet toegestaan met uw rol", "Not allowed by your role"),
    "not-found": Kind(404, "Niet gevonden", "Not found"),
    "method": Kind(405, "Methode niet toegestaan", "Method not allowed"),
    "not-possible": Kind(409, "Kan nu niet", "Conflict"),
    "under-way": Kind(409, "Hetzelfde verzoek wordt al uitgevoerd", "Request already in progress"),
    "too-large": Kind(413, "Te groot", "Content too large"),
    "media-type": Kind(415, "Mediatype niet ondersteund", "Unsupported media type"),
    "invalid": Kind(422, "Ongeldige waarden", "Invalid values"),
    "key-used": Kind(422, "Sleutel al gebruikt", "Idempotency key already used"),
    "too-many": Kind(429, "Te veel verzoeken", "Too many requests"),
    "broken": Kind(500, "Interne fout", "Internal server error"),
}
"""Programs rely on the names: one that is released stays."""

_DETAILS: Final[dict[str, tuple[str, str]]] = {
    "malformed": (
        "De inhoud is geen geldige JSON en geen geldig formulier.",
        "The content is not valid JSON or not a valid form.",
    ),
    "no-token": (
        "Stuur de toegangscode mee: Authorization: Bearer instroom_…",
        "Send the token: Authorization: Bearer instroom_…",
    ),
    "wrong-token": (
        "De toegangscode is onbekend, verlopen of beëindigd. Maak een nieuwe op de webpagina's.",
        "The token is unknown, expired or revoked. Create a new one on the web pages.",
    ),
    "scope": (
        "Maak een toegangscode die dit wel mag.",
        "Create a token that has this scope.",
    ),
    "role": (
        "Vraag uw beheerder om de rol die hierbij hoort.",
        "Ask your operator for a role that allows it.",
    ),
    "not-found": (
        "Het bestaat niet, of u mag het niet zien.",
        "It does not exist, or you may not see it.",
    ),
    "method": (
        "De kop Allow noemt de methoden die wel kunnen.",
        "The Allow header lists the allowed methods.",
    ),
    "too-large": (
        "Een bestand mag hoogstens 64 MB groot zijn. Splits het bestand.",
        "Files can be at most 64 MB. Split the file.",
    ),
    "media-type": (
        "Stuur een bestand als multipart/form-data, en al het andere als application/json.",
        "Send files as multipart/form-data and everything else as application/json.",
    ),
    "invalid": (
        "`errors` noemt elke waarde die niet klopt.",
        "See `errors` for each invalid value.",
    ),
    "too-many": (
        "Te veel onbekende toegangscodes van dit adres. Probeer het over 15 minuten opnieuw.",
        "Too many unknown tokens from this address. Try again in 15 minutes.",
    ),
    "broken": (
        "Probeer het opnieuw. Blijft het misgaan, meld het dan aan uw beheerder.",
        "Try again. If it keeps failing, contact your operator.",
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
    """The problem document of a request, in its language."""
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
