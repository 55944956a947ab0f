"""What the frame of every page needs."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from instroom.doors.web.frame.language import current
from instroom.flow.acting import only_customer
from instroom.flow.queries.operator_overview import operated_customers
from instroom.flow.queries.overview import customers_of
from instroom.store.models import Customer, User


def frame_context(request: HttpRequest) -> dict[str, Any]:
    """Context of every template: the language, the visit, and the customers to choose from."""
    user = getattr(request, "user", None)
    person = user if isinstance(user, User) else None
    customers = customers_of(person) if person else Customer.objects.none()  # asked for by the pages that list them
    several = customers.count() if person else 0
    own = operated_customers(person).count() if person else 0
    return {
        "lang": current(),
        "languages": settings.LANGUAGES,
        "swapped": request.headers.get("HX-Boosted") == "true",  # a part of the page is put in the place of another
        "visit": getattr(request, "visit", None),
        "oversight": getattr(request, "oversight", None),
        "oversees": bool(own) or bool(person and person.is_superuser and not only_customer(person)),
        "several": several > 1 and own < several,
        "customers": customers,
    }
