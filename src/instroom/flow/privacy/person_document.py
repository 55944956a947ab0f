"""All that is known of a person, for that person (GDPR, article 15; product.md G3): as programs read it, and as a page.

Mails and calls of webhooks name files, counts and states, and never a person: they are no part of it.
"""

from collections.abc import Iterator
from typing import Any, Final

from django.db.models import Q
from django.utils import timezone

from instroom.core.fields import FIELDS
from instroom.core.language import Language
from instroom.core.report.json_report import finding_json
from instroom.flow import audit, find, permissions, throttle
from instroom.flow.comments import comments_on
from instroom.flow.delivery_document import in_words
from instroom.flow.privacy.data_subject import DataSubject, Mention, find_person
from instroom.flow.site_clock import iso_moment
from instroom.store.models import AuditEntry, Customer, Environment, StoredChange, User
from instroom.store.sql import findings, plans, records

_PLAN: Final = ("plan__delivery__delivered_by", "plan__environment")
_LARGE: Final = ("plan__basis", "plan__outcomes", "plan__differences")


def person_document(
    customer: Customer, extern_id: str, source: str | None, lang: Language, *, by: User
) -> dict[str, Any]:
    """Dossiers, each change with old and new values, deliveries with rows and findings, and who looked.

    That it was asked for is in the audit log, and in the document. Raises NotFound, NotAllowed and TooOften.
    """
    permissions.check(by, "privacy", customer)
    subject = find_person(customer, extern_id, source)
    throttle.refuse_too_often(throttle.EXPORTS, "exports-too-often", f"{customer.pk} {by.pk}")
    audit.note(customer, "person-exported", by, kind="person", dossiers=sorted(subject.dossier_ids))
    mentions = subject.mentions
    return {
        "customer": customer.name,
        "source": subject.key[0],
        "extern_id": subject.extern_id,
        "made_at": iso_moment(timezone.now()),
        "dossiers": {one.name: _dossier(subject, one) for one in find.environments(customer)},
        "history": list(_history(subject)),
        "deliveries": [_delivery(one, lang) for one in mentions],
        "seen": list(_sights(subject, [one.delivery.pk for one in mentions])),
    }


def _dossier(subject: DataSubject, environment: Environment) -> dict[str, Any] | None:
    stored = records.load_by_keys(environment.id.hex, "person", [subject.key]).get(subject.key)
    if stored is None:
        return None
    company = records.load_by_ids("company", [stored.company])[stored.company] if stored.company else None
    return {
        "extern_id": stored.extern_id,
        "fields": {name: value for name, value in zip(FIELDS["person"], stored.fields, strict=True) if value},
        "categories": [list(pair) for pair in stored.categories],
        "free_fields": dict(stored.free_fields),
        "company": {"source": company.key[0], "extern_id": company.extern_id} if company else None,
    }


def _history(subject: DataSubject) -> Iterator[dict[str, Any]]:
    """Also what plans would do, or would have done."""
    found = StoredChange.objects.filter(environment__customer=subject.customer, dossier__in=list(subject.dossier_ids))
    rows = list(found.select_related(*_PLAN).defer(*_LARGE).order_by("pk"))
    for row, stored in zip(rows, plans.changes_of(rows), strict=True):
        [change] = in_words([stored], row.plan)
        yield {
            "environment": row.plan.environment.name,
            "state": row.plan.state,
            "delivery": str(row.plan.delivery_id),
            "at": iso_moment(row.plan.executed_at or row.plan.made_at),
            "values_removed_at": iso_moment(row.plan.values_removed_at),
            **change,
        }


def _delivery(mention: Mention, lang: Language) -> dict[str, Any]:
    delivery, found = mention.delivery, []
    if mention.rows:
        layout = find.layout(delivery.layout)
        of_rows = (one for one in findings.stored(delivery) if one.row in mention.rows)
        found = [finding_json(one, layout, lang) for one in of_rows]
    return {
        "delivery": str(delivery.pk),
        "file": delivery.file_name,
        "state": delivery.state,
        "received_at": iso_moment(delivery.received_at),
        "delivered_by": delivery.delivered_by.username if delivery.delivered_by else None,
        "decided_by": delivery.decided_by.username if delivery.decided_by else None,
        "file_kept": mention.file_kept,
        "rows": [{"row": row, "cells": [list(cell) for cell in cells]} for row, cells in sorted(mention.rows.items())],
        "findings": found,
        "comments": [
            {"at": iso_moment(one.at), "by": one.user.username, "row": one.row, "text": one.text}
            for one in comments_on(delivery)
            if one.row in mention.rows
        ],
    }


def _sights(subject: DataSubject, deliveries: list[Any]) -> Iterator[dict[str, Any]]:
    """Lines of the audit log: about their dossier, deliveries that name them, and exports of all dossiers."""
    ids = subject.dossier_ids
    about = Q(action="exported") | Q(action__in=audit.SIGHTS, delivery__in=deliveries)
    about |= Q(action="dossier-seen", facts__dossier__in=list(ids))
    lines = AuditEntry.objects.filter(Q(action="person-exported") | about, customer=subject.customer)
    for one in lines.select_related("user").order_by("number"):
        if one.action == "person-exported" and not ids.intersection(one.facts["dossiers"]):
            continue
        yield {
            "at": iso_moment(one.at),
            "by": one.user.username if one.user else one.facts.get("account"),
            "action": one.action,
            "environment": one.facts.get("environment"),
            "delivery": str(one.delivery_id) if one.delivery_id else None,
        }
