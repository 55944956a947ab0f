"""What needs a person: the list of the operator's overview, for programs (product.md G2)."""

from django.conf import settings
from django.http import JsonResponse
from ninja import Router

from instroom.core.report.to_do_text import verb_text, what_text
from instroom.doors.api.access import Token, TokenRequest
from instroom.doors.api.language import language_of
from instroom.doors.api.pagination import DEFAULT_LIMIT, PageRequest, page_response
from instroom.doors.api.schemas import Cursor, CustomerName, Limit
from instroom.doors.api.to_do import schemas
from instroom.flow.paging import page_of
from instroom.flow.queries.to_do.to_do_list import to_do_for
from instroom.flow.site_clock import iso_moment
from instroom.store.models import Customer

router = Router(tags=["to do"])


@router.get("/to-do", auth=Token("configure"), response=schemas.ToDo)
def list_to_do(
    request: TokenRequest, customer: CustomerName, limit: Limit = DEFAULT_LIMIT, cursor: Cursor = None
) -> JsonResponse:
    """List what needs a person

    The worst first: what is late, missing, rejected, held, closed, given up or standing still. `kind` is stable. A
    thing leaves the list when it is done.
    """
    asked, lang = PageRequest.read(limit, cursor), language_of(request)
    page = page_of(to_do_for(Customer.objects.filter(pk=request.auth.customer.pk)), asked.number(), asked.limit)
    things = [
        {
            "kind": one.kind,
            "severity": one.severity,
            "about": one.about or None,
            "message": what_text(one.kind, one.about, one.facts, lang),
            "action": verb_text(one.kind, lang),
            "since": iso_moment(one.since),
            "page": f"{settings.INSTROOM_ADDRESS}{one.path}" if one.path else None,
        }
        for one in page.items
    ]
    return page_response(request, {"to_do": things}, asked.cursor_after(page))
