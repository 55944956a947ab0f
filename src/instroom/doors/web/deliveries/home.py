"""Where people come in: their customer, and what there is to do."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from instroom.doors.web.frame.access import Visit, for_customer
from instroom.doors.web.operator import to_do
from instroom.flow.connections import connections
from instroom.flow.queries.nights import nights_of
from instroom.flow.queries.onboarding import onboarding
from instroom.flow.queries.operator_overview import is_any_operator, operated_customers
from instroom.flow.queries.overview import customers_of
from instroom.flow.queries.overview import overview as overview_of
from instroom.flow.queries.to_do.to_do_list import to_do_for
from instroom.store.models import Customer, User


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The one customer that the person works for, an operator's overview of all, or a choice of several."""
    user = request.user
    customers = list(customers_of(user)) if isinstance(user, User) else []
    if len(customers) == 1:
        return redirect("customer", customers[0].name)
    if isinstance(user, User) and is_any_operator(user) and operated_customers(user).count() == len(customers):
        return redirect("operator")
    return render(request, "home.html")


@require_safe
@for_customer()
def customer(request: HttpRequest, visit: Visit) -> HttpResponse:
    """What there is to do for an operator, what waits, what came in last, and the way to everything else."""
    context: dict[str, object] = {"overview": overview_of(visit.customer, by=visit.user)}
    if "oversee" in visit.actions:
        own = Customer.objects.filter(pk=visit.customer.pk)
        context["to_do"] = to_do.shown(request, to_do_for(own), own)
        seen = connections.of_customer(visit.customer, by=visit.user)
        nights = nights_of(seen)
        context["onboarding"] = onboarding(visit.customer)
        context["nights"] = [(one, nights[one.pk]) for one in seen if one.pk in nights]
    return render(request, "customer.html", context)
