"""The facts of a line of the audit log on a page: what they name by its id is a link, with its name of now."""

from collections.abc import Iterator
from typing import Any, NamedTuple
from uuid import UUID

from django.urls import reverse

from instroom.core.report.visible import visible
from instroom.doors.web.words.audit_labels import fact_name, fact_texts
from instroom.doors.web.words.filters import delivery_title
from instroom.flow.queries.audit_log import Entries, dossiers_of
from instroom.flow.queries.dossier_names import NamedDossier
from instroom.store.models import AuditEntry


class Fact(NamedTuple):
    """What an entry says beside who, what and when."""

    label: str
    text: str
    address: str = ""
    """Of the page about it; "" where there is none."""


def facts_of(entry: AuditEntry, page: Entries, customer: str) -> list[Fact]:
    """The facts of an entry of a customer's page, or of the site's with "" as `customer`."""
    named = [page.dossiers[one] for one in dossiers_of(entry.facts) if one in page.dossiers]
    linked = [Fact(fact_name("dossier"), dossier_text(one), dossier_address(one, customer)) for one in named]
    rest = dict(entry.facts)
    if named:  # the link says all of this
        rest = {name: value for name, value in rest.items() if name not in ("dossier", "dossiers", "kind")}
    return [*linked, *_others(rest, page, customer)]


def _others(facts: dict[str, Any], page: Entries, customer: str) -> Iterator[Fact]:
    for name, text in fact_texts(facts):
        if (one := page.deliveries.get(str(facts[name]))) and name in ("by", "undoes"):
            yield Fact(fact_name(name), delivery_title(one), reverse("delivery", args=[customer, one.pk]))
        else:
            yield Fact(fact_name(name), text)


def dossier_text(one: NamedDossier) -> str:
    """Finn Brouwer, 100401."""
    return visible(", ".join(filter(None, (one.name, one.extern_id))), 200)


def dossier_address(one: NamedDossier, customer: str) -> str:
    return reverse(one.kind, args=[customer, one.environment, UUID(one.id)])
