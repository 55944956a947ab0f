"""What is stored under a name of before the first release is found under today's after the migrations."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone


@pytest.fixture
def before() -> Iterator[Any]:
    """The models as they were before the renames, with a customer and a user in their tables."""
    apps = to("0008_audit_log")
    customer = apps.get_model("store", "Customer").objects.create(name="ons", title="Ons")
    apps.get_model("store", "Environment").objects.create(customer=customer, name="live")
    apps.get_model("store", "User").objects.create(username="o")
    yield apps
    to_newest()


def to(name: str) -> Any:
    executor = MigrationExecutor(connection)
    executor.migrate([("store", name)])
    return executor.loader.project_state([("store", name)]).apps


def to_newest() -> Any:
    executor = MigrationExecutor(connection)
    targets = executor.loader.graph.leaf_nodes("store")
    executor.migrate(targets)
    return executor.loader.project_state(targets).apps


def test_the_scopes_of_a_token(before: Any) -> None:
    user, customer = (before.get_model("store", name).objects.get() for name in ("User", "Customer"))
    before.get_model("store", "ApiToken").objects.create(
        user=user, customer=customer, name="p", token_hash="0" * 64, scopes=["read", "settle"],
        made_at=timezone.now(), expires_at=timezone.now(),
    )  # fmt: skip
    assert to_newest().get_model("store", "ApiToken").objects.get().scopes == ["read", "configure"]


@pytest.mark.parametrize(
    ("action", "facts", "action_now", "facts_now"),
    [
        ("approved-by-itself", {}, "auto-approved", {}),
        ("token-made", {"scopes": ["settle", "read"]}, "token-made", {"scopes": ["configure", "read"]}),
        ("account-changed", {"lenient_end": True}, "account-changed", {"allow_missing_close_notify": True}),
        ("moved", {"moved": {"added": 1}}, "live-changed", {"differences": {"added": 1}}),
        ("plan-seen", {"text": "moved"}, "plan-seen", {"text": "moved"}),
    ],
)
def test_a_line_of_the_audit_log(
    before: Any, action: str, facts: dict[str, Any], action_now: str, facts_now: dict[str, Any]
) -> None:
    before.get_model("store", "AuditEntry").objects.create(at=timezone.now(), action=action, facts=facts)
    entry = to_newest().get_model("store", "AuditEntry").objects.get()
    assert (entry.action, entry.facts) == (action_now, facts_now)


@pytest.mark.parametrize(
    ("state", "reason", "now"),
    [("awaiting-approval", "moved", "live-changed"), ("refused", "moved", "moved"), ("held", "guards", "guards")],
)
def test_the_reason_of_a_delivery(before: Any, state: str, reason: str, now: str) -> None:
    """That of a refusal is what a person wrote."""
    customer = before.get_model("store", "Customer").objects.get()
    first = before.get_model("store", "Delivery").objects.create(
        customer=customer, state=state, reason=reason, layout="standard/1", received_at=timezone.now(), by_itself=True
    )
    before.get_model("store", "Delivery").objects.create(
        customer=customer, layout="standard/1", received_at=timezone.now(), mends=first
    )
    deliveries = to_newest().get_model("store", "Delivery").objects
    assert (deliveries.get(pk=first.pk).reason, deliveries.get(pk=first.pk).automatic) == (now, True)
    assert deliveries.exclude(pk=first.pk).get().corrects_id == first.pk


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
    plan = to_newest().get_model("store", "Plan").objects.get()
    assert (plan.state, bytes(plan.differences)) == (state, b"o" if state == "outdated" else b"")
