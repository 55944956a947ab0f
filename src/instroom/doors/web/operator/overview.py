"""The pages of operators with many customers: overview, figures, all deliveries, and a new customer."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from instroom.core.errors import NotAllowed, NotFound
from instroom.doors.web.frame.access import Oversight, for_operators
from instroom.doors.web.frame.language import current
from instroom.doors.web.frame.query import number_of, text_of
from instroom.doors.web.operator import charts, customer_table, to_do
from instroom.doors.web.words.labels import LIST_GROUPS
from instroom.flow.names import MOST_OF_NAME, proposed_name
from instroom.flow.operations import customers
from instroom.flow.queries import figures, operator_overview
from instroom.flow.queries.nights import Outcome, nights_by_day
from instroom.flow.queries.to_do.to_do_list import to_do_of_operator


@require_safe
@for_operators
def overview(request: HttpRequest, seen: Oversight) -> HttpResponse:
    """What there is to do, waiting deliveries, and each customer at a glance; of all customers or of one."""
    name, search = text_of(request, "customer"), text_of(request, "search")
    customers = seen.customers.filter(name=name) if name else seen.customers
    if name and not customers.exists():
        raise NotFound("no-customer", name=name)
    customers = operator_overview.without_roles(customers)
    things = to_do_of_operator(seen.user, customers)
    rows = customer_table.rows(customers, things, search, number_of(request))
    waiting = operator_overview.waiting_deliveries(customers)
    context = {
        "to_do": to_do.shown(request, things, customers),
        "rows": rows,
        "search": search,
        "waiting": charts.of_waiting(waiting),
    }
    return render(request, "overview.html", context)


@require_safe
@for_operators
def figures_page(request: HttpRequest, seen: Oversight) -> HttpResponse:
    """Figures by day and by step, of all customers or of one."""
    name = text_of(request, "customer")
    chosen = operator_overview.chosen_customers(seen.customers, name)
    days, steps, nights = figures.days(chosen), figures.steps(chosen), nights_by_day(chosen)
    context = {
        "chosen": name,
        "days": days,
        "outcomes": charts.totals_of(days),
        "deliveries": charts.of_deliveries(days),
        "records": charts.of_records(days),
        "night_days": nights,
        "nights": charts.of_nights(nights),
        "night_totals": {outcome: sum(day.outcomes[outcome] for day in nights) for outcome in Outcome},
        "steps": charts.of_steps(steps),
        "latest": figures.LATEST,
    }
    return render(request, "figures.html", context)


@require_safe
@for_operators
def deliveries(request: HttpRequest, seen: Oversight) -> HttpResponse:
    """The deliveries of all customers of the operator, with state and age."""
    name, group = text_of(request, "customer"), text_of(request, "group")
    oldest = text_of(request, "order") == "oldest"
    chosen = operator_overview.chosen_customers(seen.customers, name)
    context = {
        "page": operator_overview.deliveries(chosen, group, oldest, number_of(request)),
        "chosen": name,
        "group": group,
        "groups": LIST_GROUPS,
        "oldest": oldest,
    }
    return render(request, "overview_deliveries.html", context)


@require_http_methods(["GET", "POST"])
@for_operators
def add_customer(request: HttpRequest, seen: Oversight) -> HttpResponse:
    """Add a customer. For site operators."""
    if not seen.user.is_superuser:
        raise PermissionDenied
    problem = ""
    title, name = request.POST.get("title", ""), request.POST.get("name", "").strip()
    if request.method == "POST":
        try:
            customer = customers.add(name or proposed_name(title), title.replace("\0", ""), by=seen.user)
        except NotAllowed as error:
            problem = error.sentence(current())
        else:
            messages.success(request, _("Customer created."))
            return redirect("onboarding", customer.name)
    context = {
        "problem": problem,
        "title": title,
        "name": name,
        "most_of_name": MOST_OF_NAME,
        "most_of_title": customers.MOST_OF_TITLE,
    }
    return render(request, "add_customer.html", context, status=400 if problem else 200)
