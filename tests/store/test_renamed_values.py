"""What is stored under a name of before the first release is found under today's after the migrations."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.utils import timezone
from tests.store.migrating import migrate_singly, migrate_to_newest

from instroom.flow.queries.audit_verification import verify_all

pytestmark = pytest.mark.slow  # these migrations never change again


@pytest.fixture
def before() -> Iterator[Any]:
    """The models as they were before the renames, with a customer and a user in their tables."""
    apps = migrate_singly("0008_audit_log")
    customer = apps.get_model("store", "Customer").objects.create(name="ons", title="Ons")
    apps.get_model("store", "Environment").objects.create(customer=customer, name="live")
    apps.get_model("store", "User").objects.create(username="o")
    yield apps
    migrate_to_newest()


def test_the_scopes_of_a_token(before: Any) -> None:
    user, customer = (before.get_model("store", name).objects.get() for name in ("User", "Customer"))
    before.get_model("store", "ApiToken").objects.create(
        user=user, customer=customer, name="p", token_hash="0" * 64, scopes=["read", "settle"],
        made_at=timezone.now(), expires_at=timezone.now(),
    )  # fmt: skip
    assert migrate_to_newest().get_model("store", "ApiToken").objects.get().scopes == ["read", "configure"]


def test_the_lines_of_the_audit_log(before: Any) -> None:
    lines: list[tuple[str, dict[str, Any], str, dict[str, Any]]] = [
        ("approved-by-itself", {}, "auto-approved", {}),
        ("token-made", {"scopes": ["settle", "read"]}, "token-made", {"scopes": ["configure", "read"]}),
        ("account-changed", {"lenient_end": True}, "account-changed", {"allow_missing_close_notify": True}),
        ("moved", {"moved": {"added": 1}}, "live-changed", {"differences": {"added": 1}}),
        ("plan-seen", {"text": "moved"}, "plan-seen", {"text": "moved"}),
    ]
    for action, facts, _, _ in lines:
        before.get_model("store", "AuditEntry").objects.create(at=timezone.now(), action=action, facts=facts)
    before.get_model("store", "AuditEntry").objects.create(
        at=timezone.now(), action="imported", customer=before.get_model("store", "Customer").objects.get()
    )
    entries = migrate_to_newest().get_model("store", "AuditEntry").objects.filter(customer=None).order_by("number")
    assert list(entries.values_list("action", "facts")) == [(action, facts) for _, _, action, facts in lines]
    assert [(one.number, one.fault) for one in verify_all()] == [(len(lines), None), (1, None)]


def test_the_reasons_of_deliveries(before: Any) -> None:
    """That of a refusal is what a person wrote."""
    reasons = [
        ("awaiting-approval", "moved", "live-changed"),
        ("refused", "moved", "moved"),
        ("held", "guards", "guards"),
    ]
    common = {
        "customer": before.get_model("store", "Customer").objects.get(),
        "layout": "standard/1",
        "received_at": timezone.now(),
    }
    deliveries = before.get_model("store", "Delivery").objects
    for state, reason, _ in reasons:
        first = deliveries.create(state=state, reason=reason, by_itself=True, **common)
    correction = deliveries.create(mends=first, **common)
    deliveries = migrate_to_newest().get_model("store", "Delivery").objects
    assert deliveries.get(pk=correction.pk).corrects_id == first.pk
    now = deliveries.exclude(pk=correction.pk).values_list("state", "reason", "automatic")
    assert sorted(now) == sorted((state, reason, True) for state, _, reason in reasons)


@pytest.mark.parametrize(("environment", "state"), [("live", "outdated"), ("training", "refreshed")])
def test_a_plan_that_is_no_longer_executed(before: Any, environment: str, state: str) -> None:
    customer = before.get_model("store", "Customer").objects.get()
    place, _ = before.get_model("store", "Environment").objects.get_or_create(customer=customer, name=environment)
    delivery = before.get_model("store", "Delivery").objects.create(
        customer=customer, layout="standard/1", received_at=timezone.now()
    )
    before.get_model("store", "Plan").objects.create(
        environment=place, delivery=delivery, state="dropped", digest="d", totals={}, basis=b"b", outcomes=b"o",
        made_at=timezone.now(),
    )  # fmt: skip
    plan = migrate_to_newest().get_model("store", "Plan").objects.get()
    assert (plan.state, bytes(plan.differences)) == (state, b"o" if state == "outdated" else b"")
