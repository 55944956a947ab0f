"""A customer's closing days: get and change."""

from django.http import JsonResponse
from ninja import Router

from instroom.doors.api.access import Token, TokenRequest
from instroom.doors.api.closing_days import schemas
from instroom.doors.api.schemas import CustomerName
from instroom.flow.connections.calendars import closing_days_document
from instroom.flow.connections.closing import save_closing_days

router = Router(tags=["connections"])


@router.get("", auth=Token("read"), response=schemas.ClosingDays)
def get_closing_days(request: TokenRequest, customer: CustomerName) -> JsonResponse:
    """Get the closing days

    Of the customer, for all its connections.
    """
    return JsonResponse(closing_days_document(request.auth.customer))


@router.patch("", auth=Token("configure"), response=schemas.ClosingDays)
def change_closing_days(
    request: TokenRequest, customer: CustomerName, settings: schemas.ClosingDaysChanges
) -> JsonResponse:
    """Change the closing days

    The next times of all connections follow. What you omit, or send as null, keeps its value. 409: a day or a country
    that does not exist.
    """
    before = closing_days_document(request.auth.customer)
    wanted = {**before, **settings.model_dump(exclude_none=True)}
    save_closing_days(request.auth.customer, wanted, by=request.auth.user)
    return JsonResponse(closing_days_document(request.auth.customer))
