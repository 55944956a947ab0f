"""The supplier gets the answer in the form that he delivered (product.md C4), also with what only live could tell.

The file is read again for it: it is kept, and its cells are stored nowhere else.
"""

from pathlib import Path
from typing import NamedTuple

from instroom.core.errors import NotAllowed, NotFound
from instroom.core.language import Language
from instroom.core.layout.loader import Layout
from instroom.core.model import Checked, Table
from instroom.core.report.files import AnswerKind, rows_not_held, write_report
from instroom.flow import audit, delivery_document, permissions
from instroom.flow.delivery.content import read_with_table
from instroom.store.files import delivered_files
from instroom.store.models import Delivery, Environment, User
from instroom.store.sql import plans


class Answer(NamedTuple):
    """All that the reports of a delivery are made of."""

    checked: Checked
    """With all findings of the delivery, also those that depend on what is stored."""
    table: Table | None
    layout: Layout
    left_out: frozenset[int]
    """The rows that were kept out for what is stored."""

    def write(self, kind: AnswerKind, target: Path, lang: Language = "nl") -> bool:
        """Write one report; False where there are no rejected records to write. Raises OSError."""
        return write_report(kind, target, self.checked, self.table, self.layout, lang, self.left_out)

    def rows_not_held(self, kind: AnswerKind, suffix: str) -> list[int]:
        """The rows that a report with this suffix should hold and cannot, as they were delivered."""
        return rows_not_held(kind, Path(f"answer{suffix}"), self.checked, self.table, self.left_out)


def answer_of(delivery: Delivery, *, by: User | None = None) -> Answer:
    """Read the file of a delivery again, for its reports; that they were taken is in the audit log (G2).

    `by` asks for them; None: the person who runs this machine. Raises NotFound and NotAllowed; the latter also where
    there is no file or its check has not ended, the former also where the file is kept no longer.
    """
    if by:
        permissions.check(by, "read", delivery.customer)
    _refuse_without_file(delivery)
    audit.record(delivery, "answer-taken", by)
    content, table = read_with_table(delivery)
    checked = content.checked._replace(findings=delivery_document.findings(delivery))
    return Answer(checked, table, content.layout, _left_out(delivery, checked))


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
    faulty = frozenset(one.row for one in checked.findings if one.severity == "error" and one.row)
    plan = delivery_document.plan_of(delivery, Environment.LIVE)
    if plan is None:
        return faulty
    out = frozenset(row for row, word, _, _ in plans.outcomes(plan) if word == "left_out")
    return out - (checked.repeated - faulty)
