"""In which language a program is answered: `lang`, else what its Accept-Language prefers of ours, else Dutch."""

from typing import Final

from django.http import HttpRequest
from django.utils.translation.trans_real import parse_accept_lang_header

from instroom.core.language import Language

_DEFAULT: Final[Language] = "nl"


def language_of(request: HttpRequest) -> Language:
    """As the address asks, or else the first of the header `Accept-Language` that we have."""
    accepted = parse_accept_lang_header(request.headers.get("Accept-Language", "").lower())  # en-gb, nl;q=0.8
    for name in (request.GET.get("lang", ""), *(name.partition("-")[0] for name, _ in accepted)):
        if name == "nl":
            return "nl"
        if name == "en":
            return "en"
    return _DEFAULT
