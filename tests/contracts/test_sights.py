"""Every sight of data of persons is in the audit log, with who and how many, and never a value (product.md G2)."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from instroom.core.errors import NotAllowed
from instroom.flow import find
from instroom.flow.delivery import reports
from instroom.flow.delivery.answer import answer_of
from instroom.flow.delivery.reports import BeingMade, Report
from instroom.flow.operations.export import export
from instroom.flow.queries.findings_page import FindingsFilter, findings_page
from instroom.flow.queries.look_up import look_up
from instroom.flow.queries.plan_page import ChangesFilter, plan_page
from instroom.store.models import AuditEntry, Mail, Role, User
from tests.audit_rules import rules_lifted
from tests.contracts.customer import SampleCustomer, company, person

pytestmark = pytest.mark.on_sqlite_alone

SURNAME = "Zeldzaam"
ROWS = [person("1", surname=SURNAME) | company("1", name=SURNAME)]


def logged(action: str) -> AuditEntry:
    """The one entry of this action, which holds no value of a dossier."""
    entry = AuditEntry.objects.get(action=action)
    assert SURNAME.lower() not in str(entry.facts).lower()
    return entry


@pytest.mark.parametrize("by", ["operator", None])
def test_an_export(tmp_path: Path, by: str | None) -> None:
    customer = SampleCustomer()
    customer.import_(ROWS)
    User.objects.filter(username="operator").update(email="operator@voorbeeld.example")
    export(find.environment(customer.record, "live"), tmp_path / "uit.csv", by=find.user(by) if by else None)
    entry = logged("exported")
    assert entry.facts == {"environment": "live", "rows": 1}
    assert (entry.user.username if entry.user else None) == by
    mails = Mail.objects.filter(kind="exported").values_list("user__username", "subject")
    assert list(mails) == ([("operator", "operator heeft dossiers van Klant geëxporteerd")] if by else [])


def test_what_is_looked_up() -> None:
    customer = SampleCustomer()
    customer.import_(ROWS)
    look_up(customer.environment(), SURNAME, by=find.user("reader"))
    assert logged("looked-up").facts == {"environment": "live", "seen": {"companies": 1, "persons": 1}}


def test_looking_up_what_is_not_there_shows_nobody() -> None:
    customer = SampleCustomer()
    look_up(customer.environment(), "Niemand", by=find.user("reader"))
    assert not AuditEntry.objects.filter(action="looked-up").exists()


def test_a_plan_and_an_answer() -> None:
    customer = SampleCustomer()
    delivery = customer.deliver(ROWS)
    plan_page(delivery, "live", ChangesFilter(), by=find.user("approver"))
    answer = answer_of(delivery, by=find.user("supplier"), patience=0)
    with pytest.raises(BeingMade):
        answer.report("report", ".csv")
    assert not AuditEntry.objects.filter(action="answer-taken").exists(), "nothing was taken yet"
    reports.make(Report(delivery, "rejected", ".csv"), 0)
    reports.make(Report(delivery, "report", ".csv"), 0)
    answer.rows_not_held("rejected", ".csv")
    answer.report("report", ".csv")
    seen, taken = logged("plan-seen"), logged("answer-taken")
    assert (seen.facts, seen.delivery, seen.user) == (
        {"environment": "live", "dossiers": 2}, delivery, User.objects.get(username="approver")
    )  # fmt: skip
    assert (taken.delivery, taken.user) == (delivery, User.objects.get(username="supplier"))


def test_findings_once_an_hour() -> None:
    customer = SampleCustomer()
    delivery = customer.deliver([person("1", surname=SURNAME, born=SURNAME)], on_error="skip", skip_limit_percent=100)
    for who in ("reader", "approver", "reader"):
        findings_page(delivery, FindingsFilter(), by=find.user(who) if who else None)
    seen = AuditEntry.objects.filter(action="findings-seen", delivery=delivery)
    assert sorted((one.user.username if one.user else "", one.facts) for one in seen) == [
        ("approver", {}),
        ("reader", {}),
    ]
    with rules_lifted():
        seen.update(at=timezone.now() - timedelta(hours=2))
    findings_page(delivery, FindingsFilter(), by=find.user("reader"))
    assert seen.count() == 3


def test_findings_of_a_company_alone_show_nobody() -> None:
    delivery = SampleCustomer().deliver([company("1", name=SURNAME, cactive="misschien")])
    assert findings_page(delivery, FindingsFilter(), by=find.user("reader")).page.total == 1
    assert not AuditEntry.objects.filter(action="findings-seen").exists()


def test_who_has_no_role_sees_nothing(tmp_path: Path) -> None:
    customer = SampleCustomer()
    delivery = customer.import_(ROWS)
    Role.objects.filter(user__username="reader").delete()
    for sight in (
        lambda: export(find.environment(customer.record, "live"), tmp_path / "uit.csv", by=find.user("reader")),
        lambda: look_up(customer.environment(), SURNAME, by=find.user("reader")),
        lambda: plan_page(delivery, "live", ChangesFilter(), by=find.user("reader")),
        lambda: findings_page(delivery, FindingsFilter(), by=find.user("reader")),
        lambda: answer_of(delivery, by=find.user("reader")),
    ):
        with pytest.raises(NotAllowed):
            sight()
    assert not (tmp_path / "uit.csv").exists()
