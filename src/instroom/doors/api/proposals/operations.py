"""What relaxes a safeguard and waits for a second person (product.md D3): list, confirm, refuse."""

from django.http import JsonResponse
from ninja import Router

from instroom.doors.api.access import Token, TokenRequest
from instroom.doors.api.proposals import schemas
from instroom.doors.api.schemas import CustomerName
from instroom.flow.safeguards import proposals

router = Router(tags=["proposals"])


@router.get("", auth=Token("read"), response=schemas.Proposals)
def list_proposals(request: TokenRequest, customer: CustomerName) -> JsonResponse:
    """List proposals

    Those that wait for a second person, of all connections and of the customer.
    """
    found = proposals.waiting(request.auth.customer)
    return JsonResponse({"proposals": [proposals.document(one) for one in found]})


@router.post("/{proposal_id}/confirm", auth=Token("approve"), response=schemas.Proposal)
def confirm_proposal(
    request: TokenRequest, customer: CustomerName, proposal_id: schemas.ProposalId
) -> JsonResponse:  # fmt: skip
    """Confirm a proposal

    Its safeguards are relaxed at once. 409: you proposed it yourself, it does not wait any more, or the settings have
    changed since.
    """
    one = proposals.proposal(request.auth.customer, proposal_id)
    proposals.confirm(one, by=request.auth.user)
    return JsonResponse(proposals.document(one))


@router.post("/{proposal_id}/refuse", auth=Token("refuse"), response=schemas.Proposal)
def refuse_proposal(request: TokenRequest, customer: CustomerName, proposal_id: schemas.ProposalId) -> JsonResponse:
    """Refuse a proposal

    Nothing changes. Whoever proposed it takes it back this way. 409: it does not wait any more.
    """
    one = proposals.proposal(request.auth.customer, proposal_id)
    proposals.refuse(one, by=request.auth.user)
    return JsonResponse(proposals.document(one))
