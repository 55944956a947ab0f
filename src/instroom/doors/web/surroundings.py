"""What the frame of every page needs."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from instroom.doors.web.language import current
from instroom.flow.overview import customers_of
from instroom.store.models import User


def surroundings(request: HttpRequest) -> dict[str, Any]:
    """Context of every template: the language, the visit, and the customers to choose from."""
    user = getattr(request, "user", None)
    return {
        "lang": current(),
        "languages": settings.LANGUAGES,
        "visit": getattr(request, "visit", None),
        "customers": customers_of(user) if isinstance(user, User) else [],
    }
