"""Checks a file and tells what is wrong, as a delivery would be told, but keeps nothing of it: no delivery, no mail.

It asks the same of this site as a delivery, within the same limits of a file. A customer has one checked at a time, and
a person so many a minute. What it tells of live is told to who may deliver, so that they asked is in the audit log.
"""

from collections.abc import Mapping
from itertools import chain
from pathlib import Path
from typing import Any, Final, NamedTuple

from django.utils import timezone

from instroom.core.findings.ordering import in_order
from instroom.core.layout.loader import Layout
from instroom.core.layout.standard import DEFAULT_LAYOUT
from instroom.core.model import Checked, Table
from instroom.core.pipeline import check_file
from instroom.core.report.counts import counts_of
from instroom.flow import audit, find, permissions, throttle
from instroom.flow.delivery.content import Content, known
from instroom.flow.delivery.examine import why_rejected
from instroom.flow.delivery.judging import judge_content
from instroom.flow.policies import file_policies
from instroom.flow.source_limits import sources_to_deliver
from instroom.store.leases import checks_of, held_or_refused
from instroom.store.models import Connection, Customer, Environment, User

_PATIENCE: Final = 20.0  # seconds, for another check of the customer


class CheckedAlone(NamedTuple):
    """A file that was checked and not delivered."""

    checked: Checked
    table: Table | None
    """None where the file was not read, or has values that no report may show."""
    layout: Layout
    rejected_for: str
    """Why a delivery of it would be rejected, by the word of a delivery's `reason`; "" where it would go on."""


def check_alone(
    path: Path,
    customer: Customer,
    *,
    by: User,
    name: str,
    connection: Connection | None = None,
    policies: Mapping[str, Any] | None = None,
    layout: str | None = None,
) -> CheckedAlone:
    """Check a file as if it were delivered now. What is not asked is the connection's, the customer's or ours.

    Raises NotFound and NotAllowed, TooOften, and OSError where the file cannot be read.
    """
    permissions.check(by, "deliver", customer)
    throttle.refuse_too_often(throttle.CHECKS, "checks-too-often", f"{customer.pk} {by.pk}")
    permissions.refuse_moving(customer)
    wanted = find.layout(layout or (connection.layout if connection else DEFAULT_LAYOUT), customer)
    rules = file_policies(customer, connection, policies or {})
    sources = sources_to_deliver(customer, by, None, connection)
    with held_or_refused(checks_of(customer.pk), _PATIENCE):
        checked, table = check_file(
            path, wanted, rules, name, environment=True, today=timezone.now().date(), sources=sources
        )
        content, left_out = Content(checked, wanted, rules, sources), checked.refused
        if not checked.rejected:
            live = find.environment(customer, Environment.LIVE)
            judged = judge_content(content, known(content, live), live)
            left_out |= judged.left_out
            if judged.findings:
                checked = checked._replace(findings=in_order(chain(checked.findings, judged.findings), wanted))
        audit.note(customer, "file-checked", by, verdict=checked.verdict, counts=counts_of(checked))
    return CheckedAlone(checked, table, wanted, why_rejected(content, left_out, checked.findings))
