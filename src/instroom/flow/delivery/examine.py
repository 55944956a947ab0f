"""Step 1: the check, with what live says of it (product.md C, D2). Ends in `training` or `rejected`."""

from collections.abc import Collection, Sequence
from itertools import chain
from typing import NamedTuple

from django.utils import timezone

from instroom.core.check.private_numbers.bsn_columns import holds_bsn
from instroom.core.findings.ordering import in_order
from instroom.core.model import Finding
from instroom.core.plan.model import Known
from instroom.core.report.counts import counts_of
from instroom.flow import audit, erasures, find
from instroom.flow.delivery.attempts import attempt
from instroom.flow.delivery.content import Content, known, read
from instroom.flow.delivery.forget import BSN, forget_file
from instroom.flow.delivery.judging import judge_content
from instroom.flow.delivery.merging import merge_part
from instroom.flow.delivery.reports import ask_usual
from instroom.flow.delivery.states import CHECKABLE
from instroom.flow.delivery.transitions import move
from instroom.flow.delivery.versions import note_fates
from instroom.flow.source_limits import note_sources
from instroom.store.leases import HeldLease
from instroom.store.models import Delivery, Environment
from instroom.store.sql import findings, records
from instroom.store.states import State


class Examined(NamedTuple):
    """A delivery's content as judged against live; handed to the next step to save a second read."""

    content: Content
    live: Known
    """What live holds of it. Read before the plan is made, which is safe: its versions are compared at execution."""
    left_out: frozenset[int]
    """The rows that are not imported."""
    erased: frozenset[int] = frozenset()
    """The rows that are not imported either, since they name a person who has been erased."""


def examine(delivery: Delivery, lease: HeldLease) -> Examined | None:
    """Check the file and judge it against live; the delivery goes to `training`, or is `rejected` (C3).

    None where that is the end of it, or another process has done it.
    """
    live = find.environment(delivery.customer, Environment.LIVE)
    with attempt(delivery, lease, *CHECKABLE) as go:
        return _examine(delivery, lease, live) if go else None


def _examine(delivery: Delivery, lease: HeldLease, live: Environment) -> Examined | None:
    if delivery.state == State.RECEIVED:
        with lease.transaction():
            move(delivery, State.CHECKING)
    merge_part(delivery, lease)
    content = read(delivery, with_names=True)
    judged, more = _judged(content, delivery, live)
    found = content.checked.findings
    if more:
        found = in_order(chain(found, more), content.layout)
    why = why_rejected(content, judged.left_out, found)
    checked = content.checked._replace(findings=found)
    counts = counts_of(checked)
    with lease.transaction():
        move(
            delivery,
            State.REJECTED if why else State.TRAINING,
            file_format=checked.file.format or "",
            counts=counts,
            verdict=checked.verdict,
            reason=why,
            finished_at=timezone.now() if why else None,
        )
        findings.keep(delivery, found, len(found), content.checked.refused, content.names)
        note_sources(delivery, content.checked.sources | _sources_named(judged, more))
        note_fates(delivery)
        if why == BSN:
            forget_file(delivery)
        else:
            ask_usual(delivery)
        audit.record(delivery, delivery.state, verdict=checked.verdict, counts=counts)
    return None if why else judged


def _sources_named(judged: Examined, found: Sequence[Finding]) -> set[str]:
    """The sources of the stored dossiers that these findings name: who may not see those may not see the findings."""
    rows = {one.row for one in found if one.code == "person-unlinked"}
    people = [one.person.key for one in judged.content.checked.records if one.person and one.row in rows]
    companies = records.load_by_ids("company", {judged.live.persons[one].company or "" for one in people} - {""})
    alike = {one.facts["extern_source"] for one in found if one.code == "possible-duplicate"}
    return alike | {one.key[0] for one in companies.values()}


def examined(delivery: Delivery, live: Environment) -> Examined:
    """Read the file again and judge it as live is now."""
    return _judged(read(delivery), delivery, live)[0]


def _judged(content: Content, delivery: Delivery, live: Environment) -> tuple[Examined, list[Finding]]:
    if content.checked.rejected:
        return Examined(content, Known({}, {}), frozenset()), []
    there = known(content, live)
    judged = judge_content(content, there, live)
    left_out = content.checked.refused | judged.left_out
    return Examined(content, there, left_out, _rows_of_erased(content, delivery) - left_out), judged.findings


def _rows_of_erased(content: Content, delivery: Delivery) -> frozenset[int]:
    """None where it has been decided that this delivery may bring them back."""
    rows = [] if delivery.admits_erased else [one for one in content.checked.records if one.person]
    erased = erasures.erased_among(delivery.customer, {one.person.key for one in rows if one.person})
    return frozenset(one.row for one in rows if one.person and one.person.key in erased)


def why_rejected(content: Content, left_out: Collection[int], found: Sequence[Finding]) -> str:
    """A word for why nothing of this file is imported; "" where it goes on."""
    checked, policies = content.checked, content.policies
    if checked.rejected:
        return BSN if holds_bsn(checked) else "file"
    if policies.on_error == "whole":
        return "errors" if any(item.severity == "error" for item in found) else ""
    share = 100 * len(left_out) / max(checked.record_count, 1)
    return "skip-limit" if share > policies.skip_limit_percent or len(left_out) >= checked.record_count else ""
