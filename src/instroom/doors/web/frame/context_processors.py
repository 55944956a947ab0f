"""What the frame of every page needs."""

from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest

from instroom.doors.web.frame.help_parts import help_address
from instroom.doors.web.frame.language import current
from instroom.flow.institute import help_desk, institute
from instroom.flow.queries.operator_overview import is_any_operator
from instroom.flow.queries.overview import customers_of
from instroom.store.models import Customer, User

_LISTED: Final = 9
"""Customers in the head of a page; all of them stand on a page of their own."""


def frame_context(request: HttpRequest) -> dict[str, Any]:
    """Context of every template: whose site it is, the language, the visit, and the customers to choose from."""
    user = getattr(request, "user", None)
    person = user if isinstance(user, User) else None
    customers = customers_of(person) if person else Customer.objects.none()  # asked for by the pages that list them
    visit, own_institute = getattr(request, "visit", None), institute()
    return {
        "institute": own_institute,
        "help_desk": help_desk(own_institute, visit.customer if visit else None),
        "lang": current(),
        "languages": settings.LANGUAGES,
        "swapped": request.headers.get("HX-Boosted") == "true",  # a part of the page is put in the place of another
        "unreachable": bool(person and not person.email and settings.INSTROOM_SMTP),
        "visit": visit,
        "oversight": getattr(request, "oversight", None),
        "oversees": bool(person and is_any_operator(person)),
        "customers": customers,
        "listed_customers": customers.only("name", "title")[:_LISTED],
        "help_address": help_address(request),
    }
