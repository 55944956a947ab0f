"""In which language a program is answered: `lang`, else what its Accept-Language prefers of ours, else Dutch."""

from typing import Final

from django.http import HttpRequest
from django.utils.translation.trans_real import parse_accept_lang_header

from instroom.core.language import Language

_DEFAULT: Final[Language] = "nl"


def language_of(request: HttpRequest) -> Language:
    wanted = (request.GET.get("lang", ""), *_preferred(request.headers.get("Accept-Language", "")))
    for name in wanted:
        if name == "nl":
            return "nl"
        if name == "en":
            return "en"
    return _DEFAULT


def _preferred(header: str) -> list[str]:
    """`en-GB,nl;q=0.8` → ["en", "nl"]."""
    return [name.partition("-")[0] for name, _ in parse_accept_lang_header(header.lower())]
