"""Tokens for a customer: a user's own, and for operators those of all users."""

from django.http import JsonResponse
from ninja import Router

from instroom.doors.api.access import Token, TokenRequest
from instroom.doors.api.pagination import DEFAULT_LIMIT, PageRequest, page_response
from instroom.doors.api.schemas import Cursor, CustomerName, Limit
from instroom.doors.api.tokens import schemas
from instroom.flow.paging import page_of
from instroom.flow.people import api_tokens

router = Router(tags=["token"])


@router.get("", auth=Token("manage-tokens"), response=schemas.ApiTokens)
def list_tokens(
    request: TokenRequest, customer: CustomerName, limit: Limit = DEFAULT_LIMIT, cursor: Cursor = None
) -> JsonResponse:
    """List tokens

    Those of the user of the token; with the scope `manage-users` those of all users of the customer.
    """
    asked = PageRequest.read(limit, cursor)
    page = page_of(api_tokens.tokens_for(request.auth.customer, request.auth), asked.number(), asked.limit)
    documents = {"tokens": [api_tokens.document(one) for one in page.items], "longest_days": api_tokens.longest_days()}
    return page_response(request, documents, asked.cursor_after(page))


@router.post("", auth=Token("manage-tokens"), response={201: schemas.ApiTokenWithSecret})
def create_token(request: TokenRequest, customer: CustomerName, new: schemas.NewApiToken) -> JsonResponse:
    """Create a token

    For a program of the same user. It has no scope that the token that asks lacks, expires no later, and ends together
    with it. The answer has its secret, which is never shown again.
    """
    asking = request.auth
    made = api_tokens.add(
        asking.customer,
        new.name,
        new.scopes,
        new.days,
        by=asking.user,
        within=asking,
        sources=new.sources or (),
    )
    return JsonResponse(api_tokens.document(made.token) | {"token": made.secret}, status=201)


@router.post("/{token_id}/end", auth=Token("manage-tokens"), response=schemas.ApiToken)
def end_token(request: TokenRequest, customer: CustomerName, token_id: schemas.TokenId) -> JsonResponse:
    """End a token

    At once, with those made with it: a token of the list.
    """
    ended = api_tokens.end(token_id, by=request.auth.user, within=request.auth)
    return JsonResponse(api_tokens.document(ended))
