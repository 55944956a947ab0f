"""Customers and their policies. Only site operators list and create customers."""

from django.http import JsonResponse
from ninja import Router

from instroom.doors.api.access import Token, TokenRequest
from instroom.doors.api.customers import schemas
from instroom.doors.api.pagination import DEFAULT_LIMIT, PageRequest, page_response
from instroom.doors.api.schemas import Cursor, CustomerName, Limit
from instroom.flow.operations import customer_settings, customers
from instroom.flow.paging import page_of

router = Router(tags=["customers"])


@router.get("", auth=Token("manage-customers"), response=schemas.Customers)
def list_customers(request: TokenRequest, limit: Limit = DEFAULT_LIMIT, cursor: Cursor = None) -> JsonResponse:
    """List customers

    All of the site, by name. The user of the token must be a site operator.
    """
    asked = PageRequest.read(limit, cursor)
    page = page_of(customers.every_customer(), asked.number(), asked.limit)
    documents = [customers.document(one) for one in page.items]
    return page_response(request, {"customers": documents}, asked.cursor_after(page))


@router.post("", auth=Token("manage-customers"), response={201: schemas.Customer})
def create_customer(request: TokenRequest, new: schemas.NewCustomer) -> JsonResponse:
    """Create a customer

    With its two environments; every site operator becomes its operator, and can make tokens for it. 409: the name is
    taken.
    """
    made = customers.add(new.name, new.title, by=request.auth.user)
    return JsonResponse(customers.document(made), status=201)


@router.get("/{customer}", auth=Token("read"), response=schemas.Customer)
def get_customer(request: TokenRequest, customer: CustomerName) -> JsonResponse:
    """Get the customer of the token"""
    return JsonResponse(customers.document(request.auth.customer))


@router.get("/{customer}/policies", auth=Token("read"), response=schemas.CustomerPolicies)
def get_policies(request: TokenRequest, customer: CustomerName) -> JsonResponse:
    """Get the policies of the customer

    They hold where neither the connection nor the delivery says otherwise.
    """
    return JsonResponse(customer_settings.settings_of(request.auth.customer))


@router.patch("/{customer}/policies", auth=Token("configure"), response=schemas.CustomerPolicies)
def change_policies(
    request: TokenRequest, customer: CustomerName, settings: schemas.CustomerPolicyChanges
) -> JsonResponse:
    """Change the policies of the customer

    For deliveries from now on. Policies that you omit, or send as null, keep their value. What relaxes a safeguard
    takes the scope `approve` too; under two-person approval it becomes a proposal, and the answer has the old value.
    """
    owner, asked = request.auth.customer, settings.model_dump(exclude_none=True)
    customer_settings.save(owner, asked, by=request.auth.user)
    return JsonResponse(customer_settings.settings_of(owner))
