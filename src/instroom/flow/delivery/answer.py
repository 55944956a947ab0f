"""The supplier gets the answer in the form that he delivered (product.md C4), also with what only live could tell."""

import shutil
from pathlib import Path
from typing import Final

from instroom.core.errors import NotAllowed, NotFound
from instroom.core.language import Language
from instroom.core.report.files import AnswerKind
from instroom.core.write.atomic import atomic_write
from instroom.flow import audit, permissions, throttle
from instroom.flow.delivery import reports
from instroom.flow.delivery.reports import Report
from instroom.flow.source_limits import refuse_other_sources
from instroom.store.files.kept_reports import KeptReport
from instroom.store.models import Delivery, User

PATIENCE: Final = 2.0
"""Seconds to wait for a report that the worker has yet to make."""
_OWN_PATIENCE: Final = 600.0  # seconds to wait for another report of the customer, before one's own is made


class Answer:
    """The reports of a delivery, with all that was found in it, also what depends on what is stored."""

    def __init__(self, delivery: Delivery, by: User | None, patience: float, at_once: bool) -> None:
        self._delivery, self._by, self._patience, self._at_once = delivery, by, patience, at_once
        self._is_noted = False

    def report(self, kind: AnswerKind, suffix: str, lang: Language = "nl") -> KeptReport:
        """The report. Raises BeingMade while the worker makes it, NotFound for the whole of a file that was not put in
        the version before it, and what `reports.wait_for` and `make` raise."""
        if kind == "whole" and not self._delivery.merged:
            raise NotFound("not-merged")
        asked = Report(self._delivery, kind, suffix, lang)
        report = reports.make(asked, _OWN_PATIENCE) if self._at_once else reports.wait_for(asked, self._patience)
        if not self._is_noted:
            audit.record(self._delivery, "answer-taken", self._by)
            self._is_noted = True
        return report

    def write(self, kind: AnswerKind, target: Path, lang: Language = "nl") -> bool:
        """Write a copy of the report; False where there are no rejected records to write. Raises as `report` does."""
        content = self.report(kind, target.suffix.lower(), lang).opened()
        if content:
            with content, atomic_write(target) as draft, draft.open("wb") as file:
                shutil.copyfileobj(content, file)
        return content is not None

    def rows_not_held(self, kind: AnswerKind, suffix: str) -> list[int]:
        """The rows that a report with this suffix should hold and cannot, as they were delivered."""
        return self.report(kind, suffix).not_held if kind in ("rejected", "whole") else []


def answer_of(
    delivery: Delivery, *, by: User | None = None, patience: float | None = None, at_once: bool = False
) -> Answer:
    """The reports of a delivery; that one was taken is in the audit log (G2), once.

    `by` asks for them; None: the person who runs this machine. `patience` is how many seconds to wait for the worker;
    `at_once` makes what it has not made, here and now. Raises TooOften, and NotFound and NotAllowed; the latter also
    where there is no file or its check has not ended, the former also where the file is kept no longer.
    """
    if by:
        permissions.check(by, "read", delivery.customer)
        refuse_other_sources(delivery, "read", by)
        throttle.refuse_too_often(throttle.ANSWERS, "answers-too-often", f"{delivery.customer_id} {by.pk}")
    if delivery.kind == Delivery.UNDO:
        raise NotAllowed("undo-has-no-file")
    if not delivery.verdict:
        raise NotAllowed("not-checked-yet")
    reports.refuse_without_file(delivery)
    return Answer(delivery, by, PATIENCE if patience is None else patience, at_once)
