"""The supplier gets the answer in the form that he delivered (product.md C4), also with what only live could tell.

Each report is made once, by who first asks for it, and kept beside the delivered file. Making one can take a minute of
a file of nonsense: a customer has one made at a time, and who comes in the meantime is told to come again.
"""

import shutil
from pathlib import Path
from typing import Final
from uuid import UUID

from instroom.core.errors import InstroomError, NotAllowed, NotFound
from instroom.core.language import Language
from instroom.core.model import Checked, Table
from instroom.core.report.files import AnswerKind, rows_not_held, write_report
from instroom.core.write.atomic import atomic_write
from instroom.flow import audit, delivery_document, find, permissions
from instroom.flow.delivery import room
from instroom.flow.delivery.content import checked_of, read_with_table
from instroom.store.files import delivered_files, kept_reports
from instroom.store.files.kept_reports import KeptReport
from instroom.store.locks import reports_lock
from instroom.store.models import Delivery, Environment, User
from instroom.store.sql import findings, plans

PATIENCE: Final = 2.0
"""Seconds to wait for another report of the customer."""


class BeingMade(InstroomError):
    """A report of this customer is being made: come again in a moment."""


class Answer:
    """The reports of a delivery, with all that was found in it, also what depends on what is stored."""

    def __init__(self, delivery: Delivery, by: User | None, patience: float | None) -> None:
        self._delivery, self._by, self._patience = delivery, by, PATIENCE if patience is None else patience
        self._is_noted = False

    def report(self, kind: AnswerKind, suffix: str, lang: Language = "nl") -> KeptReport:
        """The report, made if it has not been. Raises BeingMade and NoRoom, and OSError where it cannot be kept."""
        path = self._path(kind, suffix, lang)
        report = kept_reports.find(path) or self._in_turn(kind, path, lang)
        if not self._is_noted:
            audit.record(self._delivery, "answer-taken", self._by)
            self._is_noted = True
        return report

    def _in_turn(self, kind: AnswerKind, path: Path, lang: Language) -> KeptReport:
        with reports_lock(self._delivery.customer_id, self._patience) as is_free:
            if not is_free:
                raise BeingMade("report-being-made")
            if made := kept_reports.find(path):
                return made
            room.refuse_report(self._delivery.customer)
            return self._make(kind, path, lang)

    def write(self, kind: AnswerKind, target: Path, lang: Language = "nl") -> bool:
        """Write a copy of the report; False where there are no rejected records to write. Raises as `report` does."""
        made = self.report(kind, target.suffix.lower(), lang).path
        if made:
            with atomic_write(target) as draft:
                shutil.copyfile(made, draft)
        return made is not None

    def rows_not_held(self, kind: AnswerKind, suffix: str) -> list[int]:
        """The rows that a report with this suffix should hold and cannot, as they were delivered."""
        return self.report(kind, suffix).not_held if kind == "rejected" else []

    def _path(self, kind: AnswerKind, suffix: str, lang: Language) -> Path:
        """Rejected records are in no language, and differ by plan: what is left out depends on live."""
        which: str | UUID = lang
        if kind == "rejected":
            plan = delivery_document.plan_of(self._delivery, Environment.LIVE)
            which = plan.pk.hex if plan else "no-plan"
        return kept_reports.path_of(self._delivery.file_key, f"{kind}.{which}{suffix}")

    def _make(self, kind: AnswerKind, path: Path, lang: Language) -> KeptReport:
        delivery, layout = self._delivery, find.layout(self._delivery.layout)
        checked: Checked
        table: Table | None
        if kind == "report":
            checked, table = checked_of(delivery), None
        else:
            content, table = read_with_table(delivery)
            checked = content.checked._replace(findings=findings.stored(delivery))
        left_out = _left_out(delivery, checked) if kind == "rejected" else frozenset()
        kept_reports.delete_drafts(path)
        if kind == "rejected":  # those of an earlier plan
            kept_reports.delete(delivery.file_key, f"rejected.*{path.suffix}*")
        write_report(kind, path, checked, table, layout, lang, left_out)
        kept_bytes = delivery.bytes + kept_reports.bytes_of(delivery.file_key)
        Delivery.objects.filter(pk=delivery.pk).update(kept_bytes=kept_bytes)
        return kept_reports.note(path, rows_not_held(kind, path, checked, table, left_out))


def answer_of(delivery: Delivery, *, by: User | None = None, patience: float | None = None) -> Answer:
    """The reports of a delivery; that one was taken is in the audit log (G2), once.

    `by` asks for them; None: the person who runs this machine. `patience` is how many seconds a report may have to wait
    for another one. Raises NotFound and NotAllowed; the latter also where there is no file or its check has not ended,
    the former also where the file is kept no longer.
    """
    if by:
        permissions.check(by, "read", delivery.customer)
    _refuse_without_file(delivery)
    return Answer(delivery, by, patience)


def _refuse_without_file(delivery: Delivery) -> None:
    if delivery.kind == Delivery.UNDO:
        raise NotAllowed("undo-has-no-file")
    if not delivery.verdict:
        raise NotAllowed("not-checked-yet")  # fmt: skip
    if not delivered_files.path_of(delivery.file_key).exists():
        raise NotFound("file-deleted", delivery=delivery.pk)


def _left_out(delivery: Delivery, checked: Checked) -> frozenset[int]:
    """What the plan against live leaves out for a fault; a delivery without one, the rows with an error.

    Not a person's row that merely says again what another says: there is nothing to correct in it.
    """
    faulty = frozenset(findings.rows_of(delivery).errors)
    plan = delivery_document.plan_of(delivery, Environment.LIVE)
    if plan is None:
        return faulty
    out = frozenset(row for row, word, _, _ in plans.outcomes(plan) if word == "left_out")
    return out - (checked.repeated - faulty)
