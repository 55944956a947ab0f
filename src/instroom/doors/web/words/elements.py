"""Filters and tags that write an element of a page whole: a moment, a state, a link, a pager, a choice."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID
from zoneinfo import ZoneInfo

from django import template
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from instroom.core.report import sentences
from instroom.core.report.connection_text import connection_word
from instroom.doors.web.file_accounts import switches
from instroom.doors.web.frame import assets, icons
from instroom.doors.web.frame.language import current
from instroom.doors.web.frame.section import capture
from instroom.doors.web.words import labels
from instroom.doors.web.words.filters import age, delivery_title, moment
from instroom.flow.paging import Page
from instroom.flow.waits import delivery_state_word, waits_for_person
from instroom.store.models import Delivery

_TIME = '<time datetime="{}" title="{}">{}</time>'
_BADGE = '<span class="badge {}">{}</span>'

register = template.Library()
register.simple_tag(assets.address, name="asset")
register.simple_tag(icons.icon)
register.tag(capture)
register.simple_tag(switches.failed_attempt_switch)


@register.simple_tag
def finding_help(code: str) -> SafeString:
    """A link to what a finding means; a part of the page is not put in its place."""
    return format_html(
        '<a hx-boost="false" href="{}">{}<span class="for-ears">: {}</span></a>',
        reverse("finding-help", args=[code]),
        _("Explanation and examples"),
        sentences.title(code, current()),
    )


@register.filter
def ago(at: datetime) -> SafeString:
    """How long ago it was; the moment itself is its title."""
    return format_html(_TIME, timezone.localtime(at).isoformat(), moment(at), age(at))


@register.filter
def time_in(at: datetime, zone: str) -> SafeString:
    """dinsdag 4 mei 2027, 01:00, on the clock of a time zone."""
    return _time_in(at, zone, "l j F Y, H:i")


@register.filter
def short_time_in(at: datetime, zone: str) -> SafeString:
    """di 4 mei, 01:00: as `time_in`, where there is little room."""
    return _time_in(at, zone, "D j b, H:i" if current() == "nl" else "D j M, H:i")  # Dutch writes months small


@register.filter
def short_time(at: datetime) -> SafeString:
    """As `short_time_in`, on the clock of this site."""
    return short_time_in(at, timezone.get_current_timezone_name())


def _time_in(at: datetime, zone: str, form: str) -> SafeString:
    there = at.astimezone(ZoneInfo(zone))
    return format_html(_TIME, there.isoformat(), date_format(there, "l j F Y, H:i"), date_format(there, form))


@register.filter
def state_badge(delivery: Delivery) -> SafeString:
    kind = "held" if waits_for_person(delivery) else delivery.state
    return format_html(_BADGE, kind, delivery_state_word(delivery, current()))


@register.filter
def run_badge(state: str) -> SafeString:
    """A connection's state, or that of one of its times."""
    return format_html(_BADGE, f"run-{state}", connection_word(state, current()))


@register.simple_tag(takes_context=True)
def delivery_link(context: Mapping[str, Any], delivery: Delivery) -> SafeString:
    """A delivery by its title; on pages of several customers by its own customer."""
    visit = context["visit"]
    address = reverse("delivery", args=[(visit or delivery).customer.name, delivery.pk])
    return format_html('<a class="break" href="{}">{}</a>', address, delivery_title(delivery))


@register.simple_tag(takes_context=True)
def dossier_address(context: Mapping[str, Any], kind: str, environment: str, dossier: str) -> str:
    """Where a dossier is shown, by its id: what names a person stands in no address."""
    return reverse(kind, args=[context["visit"].customer.name, environment, UUID(dossier)])


@register.simple_tag(takes_context=True)
def here(context: Mapping[str, Any], **changes: object) -> str:
    """The address of this page with other choices; a blank choice falls out, and the page starts at 1 again."""
    return _address_with(context["request"], {"page": "", **changes})


@register.inclusion_tag("_pager.html", takes_context=True)
def pager(context: Mapping[str, Any], page: Page[Any], name: str = "page", label: str = "") -> dict[str, object]:
    """To the pages before and after, where there are several; `name` is what the address calls the number of the page,
    and of a list beside another one also the id of its heading."""
    at = "" if name == "page" else f"#{name}"
    request = context["request"]
    return {
        "page": page,
        "label": label or _("Pages"),
        "previous": _address_with(request, {name: page.number - 1}) + at if page.number > 1 else "",
        "next": _address_with(request, {name: page.number + 1}) + at if page.number < page.pages else "",
    }


def _address_with(request: HttpRequest, changes: Mapping[str, object]) -> str:
    chosen = request.GET.dict() | {name: str(value) for name, value in changes.items()}
    query = urlencode({name: value for name, value in chosen.items() if value})
    return f"{request.path}?{query}" if query else request.path


@register.inclusion_tag("_policy_choice.html")
def policy_choice(name: str, chosen: str, unset: str = "") -> dict[str, object]:
    """The choice of a policy; `unset` is what none says, where none may be chosen."""
    question, options = labels.POLICIES[name]
    return {"name": name, "chosen": chosen, "unset": unset, "question": question, "options": options}
