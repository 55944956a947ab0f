"""Looking up companies and persons, and their dossiers with history (product.md D9)."""

from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from instroom.core.errors import NotAllowed
from instroom.core.fields import FIELDS, Kind
from instroom.core.layout.standard import standard
from instroom.core.report.person_page import person_page
from instroom.core.report.plan_text import field_label
from instroom.core.report.value_words import value_word
from instroom.core.report.visible import visible_lines
from instroom.core.search.question import read_question
from instroom.doors.web.dossiers.history_lines import history_lines
from instroom.doors.web.frame.access import Visit, for_customer, or_404
from instroom.doors.web.frame.kept_searches import keep_search, kept_search
from instroom.doors.web.frame.language import current
from instroom.doors.web.frame.query import form_text, number_of, text_of
from instroom.flow import find
from instroom.flow.privacy.erasing import erase
from instroom.flow.privacy.person_document import person_document
from instroom.flow.queries.dossier_names import name_of
from instroom.flow.queries.history import DossierView, dossier_by_id, dossier_ids, latest
from instroom.flow.queries.look_up import LEAST_LETTERS, NO_QUESTION, SearchFilter, finds_all, hits, persons_of, suggest
from instroom.flow.queries.overview import counted_for
from instroom.store.models import Environment

_ENVIRONMENTS = (Environment.LIVE, Environment.TRAINING)
_LENGTH = 2000
_TYPED = {"q": "search", "company": "company", "department": "department"}
"""What is typed, with the name in an address of the word for it."""
_KEPT = (*_TYPED.values(), "active")


@require_http_methods(["GET", "HEAD", "POST"])
@for_customer("look-up")
def search(request: HttpRequest, visit: Visit, environment: str) -> HttpResponse:
    """By words of a name, a number or a date. What is sought stays in the session: the address has a word for it."""
    place = _environment(visit, environment)
    if request.method == "POST":
        typed = {name: form_text(request, name).strip() for name in _TYPED}
        asked = {_TYPED[name]: keep_search(request, text) for name, text in typed.items() if text}
        if form_text(request, "active") in ("yes", "no"):
            asked["active"] = form_text(request, "active")
        return redirect(f"{request.path}?{urlencode(asked)}")
    text, company, department = (kept_search(request, text_of(request, word)) for word in _TYPED.values())
    wanted = SearchFilter(company, department, text_of(request, "active"))
    companies, persons = hits(place, text, text_of(request, "kind"), text_of(request, "after"), wanted, by=visit.user)
    is_found = bool(companies.items or persons.items)
    too_short = len(text) < LEAST_LETTERS and not company
    asks = bool(text or company)
    context = {
        "environment": environment,
        "other": _other(environment),
        "place": counted_for(place, by=visit.user),
        "text": text,
        "asks": asks,
        "wanted": wanted,
        "filtered": wanted != SearchFilter(),
        "question": read_question(text),
        "asked": f"?{_asked(request, *_KEPT)}" if asks else "",
        "from_results": f"?{_asked(request, *_KEPT, 'kind', 'after')}" if asks else "",
        "too_short": bool(text) and too_short,
        "suggestion": None if is_found or too_short or not text else suggest(place, text, by=visit.user),
        "finds_all": finds_all(),
        "further": "after" in request.GET,
        "companies": companies,
        "persons": persons,
    }
    return render(request, "search.html", context)


@require_safe
@for_customer("look-up")
def dossier_page(request: HttpRequest, visit: Visit, environment: str, kind: Kind, dossier_id: UUID) -> HttpResponse:
    """One dossier: its fields, categories, free fields, its company or its persons, and what each import did."""
    place = _environment(visit, environment)
    one = or_404(dossier_by_id, place, kind, dossier_id, by=visit.user)
    (elsewhere,) = dossier_ids(
        find.environment(visit.customer, _other(environment)), [(kind, one.stored.key[0], one.stored.extern_id)]
    )
    live = one.stored.id if environment == Environment.LIVE else elsewhere
    may_restore = environment == Environment.LIVE and "undo" in visit.actions
    past = latest(place, one.stored, number_of(request, "history"), by=visit.user)
    context = {
        "environment": environment,
        "other": _other(environment),
        "elsewhere": elsewhere,
        "dossier": one,
        "kind": kind,
        "name": name_of(one.kind, one.stored),
        "company_name": name_of("company", one.company) if one.company else "",
        "fields": list(_fields(one)),
        "persons": persons_of(place, one.stored, number_of(request), by=visit.user) if kind == "company" else None,
        "history": history_lines(past.items, visit.customer.name, live, may_restore),
        "past": past,
        "question": NO_QUESTION,
        "results": _results(request, visit, environment),
    }
    return render(request, "dossier.html", context)


def _results(request: HttpRequest, visit: Visit, environment: str) -> str:
    """The address of the search from which somebody came; "" where they did not, or it is no longer known."""
    address = reverse("search", args=[visit.customer.name, environment])
    is_known = any(kept_search(request, text_of(request, word)) for word in _TYPED.values())
    return f"{address}?{_asked(request, *_KEPT, 'kind', 'after')}" if is_known else ""


def _asked(request: HttpRequest, *names: str) -> str:
    """These of what an address asks for."""
    asked = {name: text_of(request, name) for name in names}
    return urlencode({name: text for name, text in asked.items() if text})


@require_safe
@for_customer("privacy")
def person_file(request: HttpRequest, visit: Visit, environment: str, dossier_id: UUID, form: str) -> HttpResponse:
    """All that is known of the person, to give to that person: a page, or JSON for another program."""
    if form not in ("html", "json"):
        raise Http404
    stored = or_404(dossier_by_id, _environment(visit, environment), "person", dossier_id, by=visit.user).stored
    lang = current()
    document = person_document(visit.customer, stored.extern_id, stored.key[0], lang, by=visit.user)
    if form == "json":
        response: HttpResponse = JsonResponse(document, json_dumps_params={"indent": 2})
    else:
        response = HttpResponse(person_page(document, lang))
    response.headers["Content-Disposition"] = f'attachment; filename="{visit.customer.name}-{dossier_id}.{form}"'
    return response


@require_POST
@for_customer("privacy")
def erase_person(request: HttpRequest, visit: Visit, environment: str, dossier_id: UUID) -> HttpResponse:
    stored = or_404(dossier_by_id, _environment(visit, environment), "person", dossier_id, by=visit.user).stored
    try:
        reason = form_text(request, "reason", _LENGTH)
        erase(visit.customer, stored.extern_id, stored.key[0], reason, by=visit.user)
    except NotAllowed as error:
        messages.error(request, error.sentence(current()))
        return redirect("person", visit.customer.name, environment, dossier_id)
    messages.success(request, _("The person has been erased."))
    return redirect("search", visit.customer.name, environment)


class Field(NamedTuple):
    """A filled field of a dossier."""

    label: str
    value: str


def _fields(one: DossierView) -> Iterator[Field]:
    for name, value in zip(FIELDS[one.kind], one.stored.fields, strict=True):
        if value:
            shown = visible_lines(value_word(one.kind, name, value, current()), _LENGTH)
            yield Field(field_label(one.kind, name, standard(), current()), shown)


def _environment(visit: Visit, name: str) -> Environment:
    if name not in _ENVIRONMENTS:
        raise Http404
    return find.environment(visit.customer, name)


def _other(name: str) -> str:
    return Environment.TRAINING if name == Environment.LIVE else Environment.LIVE
