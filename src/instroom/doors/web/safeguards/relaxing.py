"""A form that relaxes a safeguard is shown as a decision first, and asks for the password or a code (product.md D3)."""

from collections.abc import Mapping
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy

from instroom.core.errors import NotAllowed
from instroom.core.report.safeguard_text import relaxed_lines
from instroom.doors.web.frame.access import Visit
from instroom.doors.web.frame.language import current
from instroom.doors.web.people.account import prove
from instroom.flow.people import second_factor

WAITS: Final = gettext_lazy("Saved. What relaxes a safeguard waits until somebody else confirms it.")
_OWN: Final = ("csrfmiddlewaretoken", "proof")
"""Fields of the decision itself; all others are those of the form that led to it."""


def ask_for_proof(
    request: HttpRequest, visit: Visit, relaxes: Mapping[str, Any], waits: bool, section: str, back: str = ""
) -> HttpResponse | None:
    """The page of the decision, with what the form said; None where nothing is relaxed, or the proof is given with it.

    `waits`: for a second person. `section` is the form's place in the navigation, `back` the page that it is on where
    that has another address.
    """
    problem = ""
    if not relaxes:
        return None
    if "proof" in request.POST:
        try:
            prove(request)
        except NotAllowed as error:
            problem = error.sentence(current())
        else:
            return None
    context = {
        "relaxed": relaxed_lines(relaxes, current()),
        "waits": waits,
        "problem": problem,
        "part": section,
        "back": back or request.path,
        "fields": [(name, value) for name in request.POST if name not in _OWN for value in request.POST.getlist(name)],
        "has_code": second_factor.is_asked_of(visit.user),
    }
    return render(request, "relaxing.html", context, status=403 if problem else 200)
