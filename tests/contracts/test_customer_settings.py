"""What holds for a customer's deliveries is an operator's to set (policies of product.md B6, C3, D3, D4)."""

from typing import Any

import pytest

from instroom.core.errors import NotAllowed
from instroom.flow import find
from instroom.flow.operations import customer_settings
from instroom.store.models import AuditEntry
from tests.contracts.customer import SampleCustomer, person

pytestmark = pytest.mark.on_sqlite_alone

ALL = {
    "blank": "clear", "nothing_words": "blank", "on_error": "skip", "skip_limit_percent": 60,
    "approver_differs": True, "quiet_above": 100, "quiet_from": "21:30", "quiet_until": "05:00", "unchanged_ends": True,
    "keep_files_days": 14, "keep_ledger_months": 12, "keep_audit_months": 240,
}  # fmt: skip


def test_what_is_kept_holds_for_the_next_delivery() -> None:
    customer = SampleCustomer()
    before = customer.deliver([person("1")])
    assert sorted(customer_settings.save(customer.record, ALL, by=find.user("operator"))) == sorted(ALL)
    customer.record.refresh_from_db()
    assert customer.record.policies == ALL
    after = customer.deliver([person("2"), person("3", born="31-02-1980")])
    assert (before.policies["blank"], after.policies["blank"], after.state) == ("leave", "clear", "awaiting-approval")
    assert customer_settings.settings_of(customer.record) == ALL


def test_only_what_differs_is_kept_and_told() -> None:
    customer = SampleCustomer()
    customer_settings.save(customer.record, {"blank": "clear", "quiet_above": 2000}, by=find.user("operator"))
    assert customer.record.policies == {"blank": "clear"}
    assert customer_settings.save(customer.record, {"blank": "clear"}, by=find.user("operator")) == []
    entry = AuditEntry.objects.get(action="settings-changed")
    assert entry.facts == {"changed": {"blank": ["leave", "clear"]}}


def test_there_may_be_no_quiet_hours() -> None:
    customer = SampleCustomer()
    customer_settings.save(customer.record, {"quiet_from": ""}, by=find.user("operator"))
    assert customer_settings.settings_of(customer.record)["quiet_from"] == ""


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("blank", "wis"), ("blank", ""), ("on_error", None),
        ("skip_limit_percent", 101), ("skip_limit_percent", -1), ("skip_limit_percent", "tien"),
        ("quiet_above", 10_001), ("quiet_above", ""), ("quiet_from", "25:00"), ("quiet_from", "8 uur"),
        ("quiet_until", ""), ("approver_differs", "on"), ("unchanged_ends", 1), ("password", "x"),
        ("keep_files_days", 13), ("keep_files_days", 367), ("keep_files_days", "30"), ("keep_files_days", True),
        ("keep_ledger_months", 11), ("keep_audit_months", 241),
    ],
)  # fmt: skip
def test_what_is_no_value_is_refused(name: str, value: Any) -> None:
    customer = SampleCustomer()
    with pytest.raises(NotAllowed):
        customer_settings.save(customer.record, {**ALL, name: value}, by=find.user("operator"))
    customer.record.refresh_from_db()
    assert customer.record.policies == {}


@pytest.mark.parametrize("role", ["supplier", "approver", "reader"])
def test_only_an_operator_sets_them(role: str) -> None:
    customer = SampleCustomer()
    with pytest.raises(NotAllowed):
        customer_settings.save(customer.record, ALL, by=find.user(role))
