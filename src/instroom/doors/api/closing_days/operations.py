"""A customer's closing days: get and set."""

from django.http import JsonResponse
from ninja import Router

from instroom.doors.api.access import JSON, Token, TokenRequest
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


@router.put("", auth=Token("configure", JSON), response=schemas.ClosingDays)
def set_closing_days(request: TokenRequest, customer: CustomerName, settings: schemas.NewClosingDays) -> JsonResponse:
    """Set the closing days

    They replace those that were set, and the next times of all connections follow. 409: a day or a country that does
    not exist.
    """
    save_closing_days(request.auth.customer, settings.model_dump(), by=request.auth.user)
    return JsonResponse(closing_days_document(request.auth.customer))
