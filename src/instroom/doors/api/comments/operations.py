"""Questions and remarks about a delivery: read them, write one."""

from typing import Any

from django.http import JsonResponse
from ninja import Router

from instroom.doors.api.access import Token, TokenRequest, delivery_or_404
from instroom.doors.api.comments import schemas
from instroom.doors.api.schemas import CustomerName, DeliveryId
from instroom.flow import comments as flow
from instroom.flow.site_clock import iso_moment
from instroom.store.models import Comment

router = Router(tags=["comments"])


@router.get("/comments", auth=Token("read"), response=schemas.Comments)
def list_comments(request: TokenRequest, customer: CustomerName, delivery_id: DeliveryId) -> JsonResponse:
    """List questions and remarks

    What people asked and said about a delivery, the first one first.
    """
    found = flow.comments_on(delivery_or_404(request, delivery_id))
    is_open = bool(found) and found[-1].asks
    return JsonResponse({"question_open": is_open, "comments": [_document(one) for one in found]})


@router.post("/comments", auth=Token("comment"), response={201: schemas.Comment})
def add_comment(
    request: TokenRequest, customer: CustomerName, delivery_id: DeliveryId, comment: schemas.NewComment
) -> JsonResponse:
    """Ask or say something

    The others who work on the delivery get a mail, without the text. The state of the delivery stays. 409: there are
    200 already, or the values of the delivery have been removed.
    """
    delivery = delivery_or_404(request, delivery_id)
    made = flow.comment(delivery, comment.text, by=request.auth.user, asks=comment.asks is not False, row=comment.row)
    return JsonResponse(_document(made), status=201)


def _document(one: Comment) -> dict[str, Any]:
    at = iso_moment(one.at)
    return {"id": str(one.pk), "at": at, "by": one.user.username, "text": one.text, "asks": one.asks, "row": one.row}
