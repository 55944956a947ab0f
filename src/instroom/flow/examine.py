"""Step 1: the check, with what live says of it (product.md C, D2). Ends in `training` or `rejected`."""

from django.db import transaction
from django.utils import timezone

from instroom.core.model import Finding
from instroom.core.ordering import in_order
from instroom.core.plan.judge import Judged
from instroom.core.report.counts import counts_of
from instroom.flow import audit, find
from instroom.flow.attempts import attempt
from instroom.flow.content import Content, known, read
from instroom.flow.judging import judge_content
from instroom.flow.moves import move
from instroom.store import findings as kept
from instroom.store.models import Delivery, Environment


class Examined:
    """The content of a delivery and the rows that are not imported; handed to the next step to save a second read."""

    def __init__(self, content: Content, left_out: frozenset[int]) -> None:
        self.content, self.left_out = content, left_out


def examine(delivery: Delivery) -> Examined | None:
    """Check the file and judge it against live; the delivery goes to `training`, or is `rejected` (C3).

    None where that is the end of it, or another process has done it.
    """
    with attempt(delivery, Environment.TRAINING, "received", "checking") as go:
        return _examine(delivery) if go else None


def _examine(delivery: Delivery) -> Examined | None:
    if delivery.state == "received":
        move(delivery, "checking")
    content = read(delivery)
    judged = _judge(delivery, content)
    found = in_order([*content.checked.findings, *judged.findings], content.layout)
    examined = Examined(content, content.checked.refused | judged.left_out)
    why = _why_rejected(examined, found)
    checked = content.checked._replace(findings=found)
    counts = counts_of(checked)
    with transaction.atomic():
        move(
            delivery,
            "rejected" if why else "training",
            file_format=checked.file.format or "",
            findings=kept.pack(found),
            counts=counts,
            verdict=checked.verdict,
            reason=why,
            finished_at=timezone.now() if why else None,
        )
        audit.record(delivery, delivery.state, verdict=checked.verdict, counts=counts)
    return None if why else examined


def _judge(delivery: Delivery, content: Content) -> Judged:
    if content.checked.rejected:
        return Judged([], frozenset())
    live = find.environment(delivery.customer, Environment.LIVE)
    return judge_content(content, known(content, live), live)


def left_out(delivery: Delivery, content: Content) -> frozenset[int]:
    """The rows that are not imported, as live is now."""
    return content.checked.refused | _judge(delivery, content).left_out


def _why_rejected(examined: Examined, found: list[Finding]) -> str:
    """A word for why nothing of this file is imported; "" where it goes on."""
    checked, policies = examined.content.checked, examined.content.policies
    if checked.rejected:
        return "file"
    if policies.on_error == "whole":
        return "errors" if any(item.severity == "error" for item in found) else ""
    share = 100 * len(examined.left_out) / max(checked.record_count, 1)
    return "skip-limit" if share > policies.skip_limit_percent or len(examined.left_out) >= checked.record_count else ""
