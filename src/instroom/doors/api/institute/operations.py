"""The institute whose site it is, for site operators; and whom a customer asks for help."""

from django.http import JsonResponse
from ninja import Router

from instroom.doors.api.access import Token, TokenRequest
from instroom.doors.api.institute import schemas
from instroom.doors.api.schemas import CustomerName
from instroom.flow.institute import institute
from instroom.flow.operations import institute_settings

router = Router(tags=["customers"])
customer_router = Router(tags=["customers"])


@router.get("", auth=Token("read"), response=schemas.Institute)
def get_institute(request: TokenRequest) -> JsonResponse:
    """Get the institute

    Whose site it is, and how people reach its help desk.
    """
    return JsonResponse(institute_settings.document(institute()))


@router.patch("", auth=Token("manage-customers"), response=schemas.Institute)
def change_institute(request: TokenRequest, settings: schemas.InstituteChanges) -> JsonResponse:
    """Change the institute

    The user of the token must be a site operator. The logo is set on the page or the command line. 409: that is no
    telephone number, e-mail address or web address.
    """
    institute_settings.save_institute(settings.model_dump(exclude_none=True), by=request.auth.user)
    return JsonResponse(institute_settings.document(institute()))


@customer_router.get("", auth=Token("read"), response=schemas.Contact)
def get_contact(request: TokenRequest, customer: CustomerName) -> JsonResponse:
    """Get the contact of the customer

    Whom its people ask for help.
    """
    return JsonResponse(institute_settings.contact_document(request.auth.customer))


@customer_router.patch("", auth=Token("configure"), response=schemas.Contact)
def change_contact(request: TokenRequest, customer: CustomerName, settings: schemas.ContactChanges) -> JsonResponse:
    """Change the contact of the customer

    409: that is no name, telephone number or e-mail address.
    """
    asked = settings.model_dump(exclude_none=True)
    institute_settings.save_contact(request.auth.customer, asked, by=request.auth.user)
    return JsonResponse(institute_settings.contact_document(request.auth.customer))
