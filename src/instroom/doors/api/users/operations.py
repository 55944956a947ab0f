"""The users of a customer and their roles (product.md G2). Who has no role yet is invited."""

from uuid import UUID

from django.db import transaction
from django.http import HttpResponse, JsonResponse
from ninja import Router

from instroom.doors.api.access import Token, TokenRequest
from instroom.doors.api.schemas import CustomerName
from instroom.doors.api.users import schemas
from instroom.flow.people import members, switching

router = Router(tags=["users"])


@router.get("", auth=Token("manage-users"), response=schemas.Users)
def list_users(request: TokenRequest, customer: CustomerName) -> JsonResponse:
    """List users

    Those with a role for the customer, by name.
    """
    return JsonResponse({"users": [members.document(one) for one in members.people(request.auth.customer)]})


@router.get("/{user_id}", auth=Token("manage-users"), response=schemas.User)
def get_user(request: TokenRequest, customer: CustomerName, user_id: schemas.UserId) -> JsonResponse:
    """Get a user"""
    return _user_response(request, user_id)


@router.patch("/{user_id}", auth=Token("manage-users"), response=schemas.User)
@transaction.atomic
def change_user(
    request: TokenRequest, customer: CustomerName, user_id: schemas.UserId, settings: schemas.UserChanges
) -> JsonResponse:
    """Change a user

    Omitted or null, roles, sources and `active` stay as they are. A user who is not `active` is off everywhere:
    sessions, tokens and the invitations that they made end. That takes an operator of all customers of the user. 409:
    that is not so, an operator would be limited, or the customer would have no operator left.
    """
    person = members.person(request.auth.customer, user_id)
    if settings.active is not None:
        switch = switching.switch_on if settings.active else switching.switch_off
        switch(person.user, by=request.auth.user)
    if settings.roles or settings.sources is not None:
        roles = settings.roles or person.roles
        members.set_roles(request.auth.customer, person.user, roles, by=request.auth.user, sources=settings.sources)
    return _user_response(request, user_id)


@router.delete("/{user_id}", auth=Token("manage-users"), response={204: None})
def remove_user(request: TokenRequest, customer: CustomerName, user_id: schemas.UserId) -> HttpResponse:
    """Remove a user from the customer

    Takes all roles away: the account stays, for other customers. 409: the customer would have no operator left.
    """
    person = members.person(request.auth.customer, user_id)
    members.set_roles(request.auth.customer, person.user, (), by=request.auth.user)
    return HttpResponse(status=204)


def _user_response(request: TokenRequest, user_id: UUID) -> JsonResponse:
    return JsonResponse(members.document(members.person(request.auth.customer, user_id)))
