"""Invitations: whom an operator has asked to work for the customer."""

from django.http import HttpResponse, JsonResponse
from ninja import Router

from instroom.doors.api.access import Token, TokenRequest
from instroom.doors.api.invitations import schemas
from instroom.doors.api.schemas import CustomerName
from instroom.flow.people import invitations

router = Router(tags=["invitations"])


@router.get("", auth=Token("manage-users"), response=schemas.Invitations)
def list_invitations(request: TokenRequest, customer: CustomerName) -> JsonResponse:
    """List open invitations

    Those that were not accepted, have not expired and were not withdrawn, newest first.
    """
    found = invitations.waiting(request.auth.customer)
    return JsonResponse({"invitations": [invitations.document(one) for one in found]})


@router.post("", auth=Token("manage-users"), response={201: schemas.Invitation})
def create_invitation(request: TokenRequest, customer: CustomerName, new: schemas.NewInvitation) -> JsonResponse:
    """Invite somebody

    By a mail with a link that works once, for seven days. Replaces an earlier invitation to the same address. 409: that
    is not an e-mail address, or too many people have been invited today.
    """
    made = invitations.invite(
        request.auth.customer,
        new.email,
        new.roles,
        new.language or "nl",
        by=request.auth.user,
        sources=new.sources or (),
    )
    return JsonResponse(invitations.document(made), status=201)


@router.post("/{invitation_id}/send-again", auth=Token("manage-users"), response={201: schemas.Invitation})
def send_invitation_again(
    request: TokenRequest, customer: CustomerName, invitation_id: schemas.InvitationId
) -> JsonResponse:
    """Send an invitation again

    Makes a new one with the same roles, which is valid for seven days; the link of the old one stops working. 409: too
    many people have been invited today.
    """
    made = invitations.send_again(request.auth.customer, invitation_id, by=request.auth.user)
    return JsonResponse(invitations.document(made), status=201)


@router.delete("/{invitation_id}", auth=Token("manage-users"), response={204: None})
def withdraw_invitation(
    request: TokenRequest, customer: CustomerName, invitation_id: schemas.InvitationId
) -> HttpResponse:
    """Withdraw an invitation

    Its link stops working.
    """
    invitations.cancel(request.auth.customer, invitation_id, by=request.auth.user)
    return HttpResponse(status=204)
