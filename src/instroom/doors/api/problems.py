"""Problem documents (RFC 9457): a stable type for programs, a sentence for people."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

from django.http import HttpRequest, HttpResponse

from instroom.core.language import Language
from instroom.doors.api.language import language_of

MEDIA_TYPE: Final = "application/problem+json"
_TYPE: Final = "urn:instroom:problem:"


class ProblemKind(NamedTuple):
    """A kind of problem: its status, and its title in both languages."""

    status: int
    nl: str
    en: str


KINDS: Final[dict[str, ProblemKind]] = {
    "malformed": ProblemKind(400, "Ongeldig verzoek", "Bad request"),
    "no-token": ProblemKind(401, "Toegangscode ontbreekt", "Token required"),
    "wrong-token": ProblemKind(401, "Toegangscode ongeldig", "Invalid token"),
    "no-tls": ProblemKind(403, "Alleen met https", "Only with https"),
    "scope": ProblemKind(403, "Niet toegestaan met deze toegangscode", "Not allowed by the token"),
    "role": ProblemKind(403, "Niet toegestaan met uw rol", "Not allowed by your role"),
    "not-found": ProblemKind(404, "Niet gevonden", "Not found"),
    "method": ProblemKind(405, "Methode niet toegestaan", "Method not allowed"),
    "not-possible": ProblemKind(409, "Kan nu niet", "Conflict"),
    "under-way": ProblemKind(409, "Hetzelfde verzoek wordt al uitgevoerd", "Request already in progress"),
    "too-large": ProblemKind(413, "Te groot", "Content too large"),
    "media-type": ProblemKind(415, "Mediatype niet ondersteund", "Unsupported media type"),
    "invalid": ProblemKind(422, "Ongeldige waarden", "Invalid values"),
    "key-used": ProblemKind(422, "Sleutel al gebruikt", "Idempotency key already used"),
    "too-many": ProblemKind(429, "Te veel verzoeken", "Too many requests"),
    "too-often": ProblemKind(429, "Te vaak", "Too often"),
    "being-made": ProblemKind(503, "Wordt gemaakt", "Being made"),
    "moving": ProblemKind(503, "Verhuist", "Moving"),
    "unavailable": ProblemKind(503, "Tijdelijk niet beschikbaar", "Temporarily unavailable"),
    "no-room": ProblemKind(507, "Geen ruimte", "Insufficient storage"),
    "too-many-waiting": ProblemKind(429, "Te veel aanleveringen", "Too many deliveries"),
    "broken": ProblemKind(500, "Interne fout", "Internal server error"),
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
    "no-tls": (
        "Gebruik het adres met https. De toegangscode is onversleuteld verstuurd: beëindig die en maak een nieuwe.",
        "Use the address with https. The token was sent in the clear: revoke it and create a new one.",
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
    "encoded": (
        "De inhoud is gecodeerd (Content-Encoding: {encoding}). Stuur haar ongecodeerd, zonder die kop.",
        "The content is encoded (Content-Encoding: {encoding}). Send it as it is, without that header.",
    ),
    "no-content-type": (
        "De kop Content-Type ontbreekt. Deze bewerking verwacht {wanted}.",
        "The Content-Type header is missing. This operation takes {wanted}.",
    ),
    "other-content-type": (
        "De kop Content-Type is {found}. Deze bewerking verwacht {wanted}.",
        "The Content-Type header is {found}. This operation takes {wanted}.",
    ),
    "no-content": (
        "Deze bewerking heeft geen inhoud. Stuur het verzoek zonder.",
        "This operation takes no content. Send the request without.",
    ),
    "no-boundary": (
        "In de kop Content-Type ontbreekt de boundary van het formulier. Laat uw programma die kop zelf schrijven.",
        "The Content-Type header does not name the boundary of the form. Let your program write that header itself.",
    ),
    "broken": (
        "Probeer het opnieuw. Blijft het misgaan, meld het dan aan uw beheerder.",
        "Try again. If it keeps failing, contact your operator.",
    ),
    "unavailable": (
        "De site kan nu niet bij de database of de bestanden. Herhaal het verzoek na de seconden van Retry-After.",
        "The site cannot reach its database or its files now. Repeat the request after the seconds of Retry-After.",
    ),
}
"""By the name of the problem, or of what `ApiProblem` says instead."""
_HEADERS: Final[dict[str, dict[str, str]]] = {
    "no-token": {"WWW-Authenticate": 'Bearer realm="instroom"'},
    "wrong-token": {"WWW-Authenticate": 'Bearer realm="instroom", error="invalid_token"'},
    "scope": {"WWW-Authenticate": 'Bearer realm="instroom", error="insufficient_scope"'},
    "media-type": {"Accept-Encoding": "identity"},
    "too-many": {"Retry-After": "900"},
    "under-way": {"Retry-After": "1"},
    "too-often": {"Retry-After": "60"},
    "being-made": {"Retry-After": "5"},
    "unavailable": {"Retry-After": "30"},
    "moving": {"Retry-After": "600"},
    "too-many-waiting": {"Retry-After": "60"},
}


class ApiProblem(Exception):
    """Ends an operation with a problem document."""

    def __init__(self, kind: str, errors: Sequence[Mapping[str, Any]] = (), said: str = "", **facts: str) -> None:
        """`kind` is one of KINDS; `errors` are places and what is wrong there, as `wrong_values` takes them. `said`
        names a sentence that says more than that of the kind, with these facts."""
        super().__init__(kind)
        self.kind, self.errors = kind, errors
        self._said, self._facts = said or kind, facts

    def detail(self, lang: Language) -> str:
        return _DETAILS[self._said][lang == "en"].format_map(self._facts)


def problem_response(
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
