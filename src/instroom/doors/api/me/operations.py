"""The user and the rights of a token."""

from django.http import JsonResponse
from ninja import Router

from instroom.doors.api.access import Token, TokenRequest
from instroom.doors.api.me import schemas
from instroom.flow.people.api_tokens import SCOPES
from instroom.flow.site_clock import iso_moment
from instroom.flow.source_limits import sources_for

router = Router(tags=["token"])


@router.get("/me", auth=Token(), response=schemas.Me)
def get_me(request: TokenRequest) -> JsonResponse:
    """Get the user of the token

    With its customer, its scopes, the sources to which it is limited, and when it expires.
    """
    token, actions = request.auth.token, request.auth.actions
    sources = sources_for(request.auth.user, "read", request.auth.customer)
    document = {
        "user": request.auth.user.username,
        "customer": request.auth.customer.name,
        "token": token.name,
        "scopes": [scope for scope in SCOPES if scope in token.scopes],
        "allowed_scopes": [scope for scope in SCOPES if scope in actions],
        "sources": None if sources is None else sorted(sources),
        "expires_at": iso_moment(token.expires_at),
    }
    return JsonResponse(document)
