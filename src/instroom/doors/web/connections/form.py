"""The form of a connection; its next three times follow what one chooses, also by a button, without JavaScript."""

import re
from collections.abc import Mapping
from pathlib import PurePath
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from instroom.core.errors import InstroomError
from instroom.core.plan.guards import NAMES, USUAL, Guard, guard_of
from instroom.core.schedule import (
    DAYS,
    NAMED_DAYS,
    ON_CLOSED,
    Calendar,
    Due,
    OnClosed,
    WrongSchedule,
    schedule_of,
    time_zones,
    times_text,
)
from instroom.core.schedule import next_times as times_of
from instroom.core.whole_number import whole_number
from instroom.doors.web.file_accounts.views import account_page
from instroom.doors.web.frame.access import Visit, for_customer, or_404
from instroom.doors.web.frame.language import current
from instroom.doors.web.safeguards.relaxing import WAITS, ask_for_proof
from instroom.flow import find
from instroom.flow.connections import connections
from instroom.flow.connections.calendars import closing_days_of
from instroom.flow.connections.connections import MOST_MINUTES
from instroom.flow.file_server import accounts
from instroom.flow.names import proposed_name
from instroom.flow.news.mail_choice import KINDS, NEVER_OFF, mail_choice, people_to_choose
from instroom.flow.people import members
from instroom.flow.policies import NUMBERS
from instroom.flow.safeguards.relaxing import giver_left
from instroom.store.models import Connection, Customer

_NAMES: Final = ("name", "new_account")
_TEXTS: Final = ("account", "file_name", "folder", "layout", "zone", "on_late", "on_closed", "kind", "at", "day")
_FILE: Final = ("account", "file_name", "folder", "layout", "zone")
_WHEN: Final = ("on_late", "on_correction", "on_closed")
_BOXES: Final = ("standing", "same_is_normal")
_PLACE: Final = re.compile(r"\{\w+\}")
NEW: Final = "+"
"""What is chosen for an account that is made with the connection: no account is called so."""
_ANSWERS: Final = {True: "yes", False: "no"}
_MINUTES: Final = ("late_after", "missing_after")
_YES_NO: Final = ("approver_differs", "unchanged_ends")
_POLICIES: Final = (
    *_YES_NO,
    "blank",
    "on_error",
    "skip_limit_percent",
    "nothing_words",
    "quiet_above",
    "quiet_from",
    "quiet_until",
)


@require_http_methods(["GET", "POST"])
@for_customer("configure")
def add(request: HttpRequest, visit: Visit) -> HttpResponse:
    values, problem = _values(Connection(customer=visit.customer, schedule="daily 01:00")), ""
    values["new_account"] = visit.customer.name
    if request.method == "POST":
        values = _typed(request.POST)
    if _is_to_be_saved(request):
        try:
            given, unset = _given(values), Connection(customer=visit.customer)
            new = given["account"] == NEW
            known = given | ({"account": ""} if new else {})  # it has no files that could be taken from others
            relaxes, waits = connections.relaxes_of(unset, by=visit.user, **known)
            if page := ask_for_proof(request, visit, relaxes, waits, "connections"):
                return page
            password = accounts.new_password() if new else ""
            made = _make(visit, values, given, password)
        except InstroomError as error:
            problem = error.sentence(current())
        else:
            done = str(WAITS) if waits else _("Connection created.")
            if made.account and password:
                return account_page(request, made.account, password, done)
            messages.success(request, done)
            return redirect("connection", visit.customer.name, made.name)
    return _form(request, visit, values, problem)


def _make(visit: Visit, values: Mapping[str, Any], given: Mapping[str, Any], password: str) -> Connection:
    """The connection; with a password also its account, or neither of the two. Raises NotFound and NotAllowed."""
    name = values["name"] or proposed_name(PurePath(_PLACE.sub("", values["file_name"])).stem)
    if not password:
        return connections.add(name, visit.customer, by=visit.user, **given)
    account = accounts.free_name(values["new_account"], visit.customer)
    with transaction.atomic():
        accounts.add(account, visit.customer, password, by=visit.user)
        return connections.add(name, visit.customer, by=visit.user, **{**given, "account": account})


@require_http_methods(["GET", "POST"])
@for_customer("configure")
def change(request: HttpRequest, visit: Visit, name: str) -> HttpResponse:
    one = or_404(find.connection, visit.customer, name, of=visit.user)
    values, problem = _values(one), ""
    if request.method == "POST":
        values = _typed(request.POST)
        values["name"] = values["name"] or one.name
        values["sources"] = values["sources"] if "sources" in request.POST else one.sources
    if _is_to_be_saved(request):
        try:
            given = _changed(values, one)
            relaxes, waits = connections.relaxes_of(one, by=visit.user, name=values["name"], **given)
            if page := ask_for_proof(request, visit, relaxes, waits, "connections"):
                return page
            changed = connections.change(one, by=visit.user, name=values["name"], **given)
        except InstroomError as error:
            problem = error.sentence(current())
        else:
            saved = _("Saved.") if changed else _("Nothing has changed.")
            messages.success(request, WAITS if waits else saved)
            return redirect("connection", visit.customer.name, one.name)
    return _form(request, visit, values, problem, one)


@require_safe
@for_customer("configure")
def next_times(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The next three times of what is chosen in the form."""
    return render(request, "_next_times.html", _when(_typed(request.GET), visit.customer))


def _is_to_be_saved(request: HttpRequest) -> bool:
    """Otherwise the form is shown again, with the next times of what it says."""
    return request.method == "POST" and "preview" not in request.POST


def _form(
    request: HttpRequest, visit: Visit, values: dict[str, Any], problem: str, one: Connection | None = None
) -> HttpResponse:
    able = people_to_choose(visit.customer)
    context = {
        "one": one,
        "new": NEW,
        "agreements": _agreements(values),
        "values": values,
        "problem": problem,
        "accounts": accounts.of_customer(visit.customer),
        "guards": [(name, *(values[f"{name}_{part}"] for part in Guard._fields)) for name in NAMES],
        "most_minutes": MOST_MINUTES,
        "most_number": 2 * connections.MOST_RECORDS,
        "numbers": NUMBERS,
        "people": [one for one in members.people(visit.customer) if one.user in able],
        "mail_kinds": KINDS,
        "never_off": NEVER_OFF,
        "lapsed": one is not None and giver_left(one),
        **_when(values, visit.customer),
    }
    return render(request, "connection_form.html", context, status=400 if problem else 200)


def _agreements(values: Mapping[str, Any]) -> str:
    """The rest of the form in a sentence, for who need not open it."""
    said = [
        _("late after %(late)s minutes, missing after %(missing)s")
        % {"late": values["late_after"], "missing": values["missing_after"]},
        _("layout %(name)s") % {"name": values["layout"]},
        _("with a standing approval") if values["standing"] else _("each file waits for approval"),
        _("mails to some people") if values["mails"]["people"] else _("mails to everybody whose role gets them"),
    ]
    return " · ".join(said)


def _when(values: Mapping[str, Any], customer: Customer) -> dict[str, Any]:
    times: list[Due] = []
    on_closed: OnClosed = next((one for one in ON_CLOSED if one == values["on_closed"]), "skip")
    calendar = Calendar(closing_days_of(customer).is_closed, on_closed)
    wrong = ""
    if values["zone"] not in time_zones():
        wrong = _("This time zone does not exist.")
    else:
        try:
            schedule, zone = schedule_of(_schedule(values)), ZoneInfo(values["zone"])
            times = times_of(schedule, zone, timezone.now(), calendar=calendar)
        except WrongSchedule:
            wrong = _("Choose one or more times, such as 06:00, 12:00, and the days on which the file is expected.")
    return {
        "values": values,
        "times": times,
        "wrong": wrong,
        "days": list(enumerate(DAYS)),
        "month": (*map(str, range(1, 32)), *NAMED_DAYS),
        "has_closing_days": bool(customer.closing_days),
    }


def _schedule(values: Mapping[str, Any]) -> str:
    days = {"weekly": ",".join(values["weekday"]), "monthly": values["day"]}.get(values["kind"], "")
    return f"{values['kind']} {days} {values['at']}" if values["kind"] != "arrival" else "arrival"


def _values(one: Connection) -> dict[str, Any]:
    """What the form shows of a connection."""
    schedule = schedule_of(one.schedule)
    guards = {name: guard_of(name, one.guards) for name in NAMES}
    return {
        **{name: getattr(one, name) for name in ("name", "file_name", "folder", "layout", "zone", *_WHEN, *_MINUTES)},
        **{name: one.policies.get(name, "") for name in _POLICIES},
        **{name: _ANSWERS.get(one.policies.get(name), "") for name in _YES_NO},
        "sources": one.sources,
        "renew": False,
        "mails": mail_choice(one)._asdict(),
        "account": one.account.name if one.account else "",
        "standing": one.standing_since is not None,
        "same_is_normal": one.same_is_normal,
        "kind": schedule.kind,
        "at": times_text(schedule.times).replace(",", ", "),
        "weekday": [DAYS[day] for day in schedule.weekdays],
        "day": str(schedule.day),
        **{f"{name}_{part}": limit for name, guard in guards.items() for part, limit in guard._asdict().items()},
    }


def _typed(form: QueryDict) -> dict[str, Any]:
    """What the form says; a number that is none becomes one that the flow refuses in words."""
    usual = {f"{name}_{part}": str(limit) for name in NAMES for part, limit in USUAL[name]._asdict().items()}
    return {
        **{name: form.get(name, "").replace("\0", "").strip()[:255] for name in (*_NAMES, *_TEXTS, *_POLICIES)},
        "on_correction": form.get("on_correction", "take"),
        "sources": [line for line in form.get("sources", "").replace("\0", "").splitlines() if line.strip()],
        **{name: _number(form.get(name, usual.get(name, ""))) for name in (*_MINUTES, *usual)},
        "mails": {
            "people": form.getlist("mail_people"),
            "off": [kind for kind in KINDS if kind in form.getlist("mail_off")],
            "overview_at": form.get("overview_at", ""),
            "at_once": [kind for kind in KINDS if kind in form.getlist("mail_at_once")],
        },
        "weekday": [day for day in DAYS if day in form.getlist("weekday")],
        **{name: form.get(name) == "on" for name in (*_BOXES, "renew")},
    }


def _number(text: str) -> int:
    found = whole_number(text)
    return -1 if found is None else found


def _given(values: Mapping[str, Any]) -> dict[str, Any]:
    """As `flow.connections.connections` takes it; a policy that is left blank is the customer's."""
    policies, mails = {name: values[name] for name in _POLICIES if values[name] != ""}, values["mails"]
    numbers = {name: _number(str(policies[name])) for name in NUMBERS if name in policies}
    answers = {name: policies[name] == "yes" for name in _YES_NO if name in policies}
    guards = {name: [values[f"{name}_{part}"] for part in Guard._fields] for name in NAMES}
    return {
        **{name: values[name] for name in (*_FILE, *_BOXES, *_WHEN, *_MINUTES)},
        "schedule": _schedule(values),
        "sources": values["sources"],
        "mails": {name: value for name, value in mails.items() if name != "at_once" or mails["overview_at"]},
        "policies": {**policies, **numbers, **answers},
        "guards": {name: limits for name, limits in guards.items() if tuple(limits) != guard_of(name, {})},
    }


def _changed(values: Mapping[str, Any], one: Connection) -> dict[str, Any]:
    """What the form says otherwise than it showed: what it does not show stays as it is."""
    new, shown = _given(values), _given(_values(one))
    changed = {name: value for name, value in new.items() if value != shown[name]}
    for column in changed.keys() & {"policies", "guards"}:
        typed, old = new[column], shown[column]
        kept = {name: value for name, value in getattr(one, column).items() if typed.get(name) == old.get(name)}
        changed[column] = {**kept, **{name: value for name, value in typed.items() if value != old.get(name)}}
    if values["renew"] and values["standing"]:
        changed["standing"] = True
    return changed
