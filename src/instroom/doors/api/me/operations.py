"""The user and the rights of a token."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Router

from instroom.doors.api.access import Token, visitor
from instroom.doors.api.answers import answer
from instroom.doors.api.me import schemas
from instroom.flow.people.api_tokens import SCOPES

router = Router(tags=["token"])


@router.get("/me", auth=Token(), response=schemas.Me)
def me(request: HttpRequest) -> HttpResponse:
    """Get the user of the token, its customer, its scopes and its end."""
    visit = visitor(request)
    document = {
        "user": visit.user.username,
        "customer": visit.customer.name,
        "token": visit.token.name,
        "scopes": [scope for scope in SCOPES if scope in visit.token.scopes],
        "may": [scope for scope in SCOPES if scope in visit.actions],
        "expires_at": timezone.localtime(visit.token.expires_at).isoformat(timespec="seconds"),
    }
    return answer(document)
