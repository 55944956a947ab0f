"""What is in the ledger already is told apart at the upgrade: whether a change is one of what others act on."""

from typing import Any

import pytest
from django.utils import timezone
from tests.store.migrating import migrate_singly, migrate_to_newest

from instroom.core.fields import FIELDS
from instroom.core.plan.guards import ACTED_ON
from instroom.store.ids import new_id

pytestmark = pytest.mark.slow  # the migration never changes again


def test_the_ledger_knows_what_others_act_on() -> None:
    apps = migrate_singly("0034_account_managers")
    model = apps.get_model
    customer = model("store", "Customer").objects.create(name="ons", title="Ons")
    live = model("store", "Environment").objects.create(customer=customer, name="live")
    delivery = model("store", "Delivery").objects.create(customer=customer, received_at=timezone.now(), layout="x")
    plan = model("store", "Plan").objects.create(
        environment=live, delivery=delivery, digest="", totals={}, basis=b"", outcomes=b"", made_at=timezone.now()
    )

    def change(action: str, after: dict[str, Any]) -> Any:
        made = model("store", "StoredChange").objects.create(
            environment=live, plan=plan, kind="person", dossier=new_id(), action=action, extern_source="HR",
            extern_id="1", before={}, after=after,
        )  # fmt: skip
        return made.pk

    expected = {
        change("changed", {"remarks": 'He wrote "email": none', field: "x"}): field in ACTED_ON
        for fields in FIELDS.values()
        for field in fields
    }
    expected[change("new", {"work_email": "x"})] = False
    found = migrate_to_newest().get_model("store", "StoredChange").objects.values_list("pk", "sensitive")
    assert dict(found) == expected
