"""Makes the reports of deliveries (product.md C4): each once, by the worker, and kept beside the delivered file.

The usual ones are made after the check, others once somebody has asked for them. Of a file of nonsense one takes a
minute: a customer has one made at a time.
"""

import logging
import time
from contextlib import suppress
from itertools import chain
from typing import Any, Final, NamedTuple
from uuid import UUID

from django.db import DatabaseError
from django.db.models import F, Min
from django.utils import timezone

from instroom.core.errors import InstroomError, NotFound
from instroom.core.language import Language
from instroom.core.report.files import SUFFIXES, AnswerKind, rows_not_held, write_report
from instroom.flow import delivery_document, find
from instroom.flow.delivery import room
from instroom.flow.delivery.content import checked_of, read, table_of
from instroom.flow.delivery.forget import delete_forgotten, held_bsn
from instroom.flow.passing_by import PassedBy
from instroom.store.files import delivered_files, kept_reports, scratch
from instroom.store.files.kept_reports import KeptReport
from instroom.store.files.sealed_file import SealedFile
from instroom.store.leases import held, reports_of
from instroom.store.models import AskedReport, Delivery, Environment
from instroom.store.sql import findings, plans
from instroom.store.states import State
from instroom.store.troubles import of_the_site

MOST_ATTEMPTS: Final = 5
"""A report that has begun this often without an end is given up."""
_BETWEEN_LOOKS: Final = 0.1  # seconds
_passed_by = PassedBy[UUID]("a report of delivery")
_log = logging.getLogger(__name__)


class BeingMade(InstroomError):
    """The worker makes this report: come again in a moment."""


class Report(NamedTuple):
    """Which report of a delivery is meant."""

    delivery: Delivery
    kind: AnswerKind
    suffix: str
    language: Language = "nl"

    def file(self) -> SealedFile:
        """Records are in no language. Rejected ones differ by plan: what is left out depends on live."""
        which: str = "all" if self.kind == "whole" else self.language
        if self.kind == "rejected":
            plan = delivery_document.plan_of(self.delivery, Environment.LIVE)
            which = plan.pk.hex if plan else "no-plan"
        return delivered_files.kept(f"{self.delivery.file_key}.{self.kind}.{which}{self.suffix}")


def ask_usual(delivery: Delivery) -> None:
    """What the check of a delivery has to say, in the usual form. Call it in the transaction that ends the check."""
    usual: list[AnswerKind] = ["annotated"] if delivery.account_id else []
    if any(delivery.counts.get(name) for name in ("errors", "warnings", "notices")):
        usual = ["annotated", "report"]
    if delivery.counts.get("errors"):
        usual.append("rejected")
    form = f".{delivery.file_format}"
    asked = [Report(delivery, kind, form if form in SUFFIXES[kind] else SUFFIXES[kind][0]) for kind in usual]
    AskedReport.objects.bulk_create((AskedReport(**_facts(one)) for one in asked), ignore_conflicts=True)


def not_made(delivery: Delivery) -> list[AskedReport]:
    """The reports that are asked for and not there: those that are being made, and those that were given up."""
    return list(AskedReport.objects.filter(delivery=delivery).order_by("pk"))


def wait_for(report: Report, patience: float) -> KeptReport:
    """The report; one that has not been made is asked for.

    Raises BeingMade where it takes longer than `patience` seconds, NoRoom, and InstroomError where it cannot be made.
    """
    file = report.file()
    if made := kept_reports.find(file):
        return made
    room.refuse_report(report.delivery.customer)
    asked, _ = AskedReport.objects.get_or_create(**_facts(report))
    if asked.given_up_at:
        raise InstroomError("report-given-up")
    until = time.monotonic() + patience
    while AskedReport.objects.filter(pk=asked.pk).exists() and time.monotonic() < until:
        time.sleep(_BETWEEN_LOOKS)
    if made := kept_reports.find(file):
        return made
    raise BeingMade("report-being-made")


def make_asked() -> int:
    """Make every report that is asked for, one of each customer a round. Gives how many were made or given up. Files
    that are gone are deleted first, where that is still to be done."""
    delete_forgotten()
    asked = AskedReport.objects.filter(given_up_at=None).exclude(delivery__state=State.TRAINING)
    asked = asked.filter(delivery__customer__move=None)
    count, goes_on = 0, True
    while goes_on:
        before, passed_by = count, _passed_by.now()
        due = asked.exclude(delivery__in=passed_by)
        firsts = due.values("delivery__customer").annotate(first=Min("pk")).values("first")
        for pk, delivery in list(AskedReport.objects.filter(pk__in=firsts).values_list("pk", "delivery")):
            with _passed_by.where_it_breaks(delivery):
                count += _make_asked(pk)
        goes_on = count > before or _passed_by.now() != passed_by
    return count


def _make_asked(pk: int) -> bool:
    """Counted before it begins: one that takes all memory ends the worker without a word."""
    asked = AskedReport.objects.filter(pk=pk).select_related("delivery__customer").first()
    if asked is None:
        return False  # another worker has made it
    this = AskedReport.objects.filter(pk=pk, attempts=asked.attempts)
    with held(reports_of(asked.delivery.customer_id)) as lease:
        if lease is None:
            return False
        if asked.attempts >= MOST_ATTEMPTS:
            _log.error("the report %s is given up: it has begun %s times and never ended", asked, MOST_ATTEMPTS)
            return this.update(given_up_at=timezone.now()) == 1
        if this.update(attempts=F("attempts") + 1) != 1:
            return False
        try:
            with suppress(room.NoRoom, NotFound):  # who asks for it again is told
                _make(Report(asked.delivery, asked.kind, asked.suffix, asked.language or "nl"))  # type: ignore[arg-type]
        except Exception as error:
            if of_the_site(error):
                with suppress(DatabaseError):
                    AskedReport.objects.filter(pk=pk).update(attempts=asked.attempts)
            raise
        AskedReport.objects.filter(pk=pk).delete()
        return True


def make(report: Report, patience: float) -> KeptReport:
    """Make the report if it has not been made, here and now.

    Raises BeingMade where another one of the customer takes longer than `patience` seconds, NoRoom, NotFound where the
    file is kept no longer, FileChanged where it is not what was received, and OSError where the report cannot be kept.
    """
    with held(reports_of(report.delivery.customer_id), patience) as lease:
        if lease is None:
            raise BeingMade("report-being-made")
        return _make(report)


def _make(report: Report) -> KeptReport:
    """The caller holds the lease of the customer's reports."""
    delivery, kind, file = report.delivery, report.kind, report.file()
    if made := kept_reports.find(file):
        return made
    refuse_without_file(delivery)
    room.refuse_report(delivery.customer)
    kept_reports.delete_drafts(delivery.file_key)
    checked = checked_of(delivery)
    if kind == "rejected":
        checked = checked._replace(refused=rows_to_correct(delivery))
        kept_reports.delete(delivery.file_key, f"rejected.*{report.suffix}*")  # those of an earlier plan
    table = table_of(delivery) if kind != "report" else None
    with scratch.folder() as folder:
        draft = folder / f"report{report.suffix}"
        write_report(kind, draft, checked, table, find.layout(delivery.layout), report.language)
        size = kept_reports.seal(draft, file, delivery.customer_id)
    kept_bytes = delivery.bytes + kept_reports.bytes_of(delivery.file_key)
    Delivery.objects.filter(pk=delivery.pk).update(kept_bytes=kept_bytes)
    return kept_reports.note(file, size, rows_not_held(kind, draft, checked, table))


def refuse_without_file(delivery: Delivery) -> None:
    """Raises NotFound."""
    if held_bsn(delivery):
        raise NotFound("file-with-bsn", delivery=delivery.pk)
    if delivery.file_removed_at or not delivered_files.kept(delivery.file_key).exists():
        raise NotFound("file-deleted", delivery=delivery.pk)


def rows_to_correct(delivery: Delivery) -> frozenset[int]:
    """What the plan against live leaves out for a fault; of a delivery without one, the rows that are refused or have
    an error.

    Not a person's row that merely says again what another says, which a plan leaves out with its person: there is
    nothing to correct in it.
    """
    plan = delivery_document.plan_of(delivery, Environment.LIVE)
    if plan:
        return frozenset(row for row, word, _, person in plans.outcomes(plan) if word == "left_out" and person is None)
    rows = findings.rows_of(delivery)
    refused = read(delivery).checked.refused if rows.refused is None else rows.refused
    return frozenset(chain(rows.errors, refused))


def _facts(report: Report) -> dict[str, Any]:
    language = "" if report.kind in ("rejected", "whole") else report.language
    return {"delivery": report.delivery, "kind": report.kind, "suffix": report.suffix, "language": language}
