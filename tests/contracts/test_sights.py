"""Every sight of data of persons is in the audit log, with who and how many, and never a value (product.md G2)."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from instroom.core.errors import NotAllowed
from instroom.flow.delivery.answer import answer_of
from instroom.flow.queries.export import export
from instroom.flow.queries.findings_page import Filter as FindingsFilter
from instroom.flow.queries.findings_page import findings_page
from instroom.flow.queries.look_up import look_up
from instroom.flow.queries.plan_page import Filter, plan_page
from instroom.store.models import AuditEntry, Role, User
from tests.contracts.office import Office, company, person

SURNAME = "Zeldzaam"
ROWS = [person("1", surname=SURNAME) | company("1", name=SURNAME)]


def logged(action: str) -> AuditEntry:
    """The one entry of this action, which holds no value of a dossier."""
    entry = AuditEntry.objects.get(action=action)
    assert SURNAME.lower() not in str(entry.facts).lower()
    return entry


@pytest.mark.parametrize("by", ["reader", None])
def test_an_export(tmp_path: Path, by: str | None) -> None:
    office = Office()
    office.import_(ROWS)
    export(office.name, "live", tmp_path / "uit.csv", by=by)
    entry = logged("exported")
    assert entry.facts == {"environment": "live", "rows": 1}
    assert (entry.user.username if entry.user else None) == by


def test_what_is_looked_up() -> None:
    office = Office()
    office.import_(ROWS)
    look_up(office.environment(), SURNAME, "reader")
    assert logged("looked-up").facts == {"environment": "live", "seen": {"companies": 1, "persons": 1}}


def test_looking_up_what_is_not_there_shows_nobody() -> None:
    office = Office()
    look_up(office.environment(), "Niemand", "reader")
    assert not AuditEntry.objects.filter(action="looked-up").exists()


def test_a_plan_and_an_answer() -> None:
    office = Office()
    delivery = office.deliver(ROWS)
    plan_page(delivery, "live", Filter(), by="approver")
    answer_of(delivery, "supplier")
    seen, taken = logged("plan-seen"), logged("answer-taken")
    assert (seen.facts, seen.delivery, seen.user) == (
        {"environment": "live", "dossiers": 2}, delivery, User.objects.get(username="approver")
    )  # fmt: skip
    assert (taken.delivery, taken.user) == (delivery, User.objects.get(username="supplier"))


def test_findings_once_an_hour() -> None:
    office = Office()
    delivery = office.deliver([person("1", surname=SURNAME, born=SURNAME)], on_error="skip", skip_limit_percent=100)
    for who in ("reader", "approver", "reader"):
        findings_page(delivery, FindingsFilter(), by=who)
    seen = AuditEntry.objects.filter(action="findings-seen", delivery=delivery)
    assert sorted((one.user.username if one.user else "", one.facts) for one in seen) == [
        ("approver", {}),
        ("reader", {}),
    ]
    seen.update(at=timezone.now() - timedelta(hours=2))
    findings_page(delivery, FindingsFilter(), by="reader")
    assert seen.count() == 3


def test_findings_of_a_company_alone_show_nobody() -> None:
    delivery = Office().deliver([company("1", name=SURNAME, cactive="misschien")])
    assert findings_page(delivery, FindingsFilter(), by="reader").page.total == 1
    assert not AuditEntry.objects.filter(action="findings-seen").exists()


def test_who_has_no_role_sees_nothing(tmp_path: Path) -> None:
    office = Office()
    delivery = office.import_(ROWS)
    Role.objects.filter(user__username="reader").delete()
    for sight in (
        lambda: export(office.name, "live", tmp_path / "uit.csv", by="reader"),
        lambda: look_up(office.environment(), SURNAME, "reader"),
        lambda: plan_page(delivery, "live", Filter(), by="reader"),
        lambda: findings_page(delivery, FindingsFilter(), by="reader"),
        lambda: answer_of(delivery, "reader"),
    ):
        with pytest.raises(NotAllowed):
            sight()
    assert not (tmp_path / "uit.csv").exists()
