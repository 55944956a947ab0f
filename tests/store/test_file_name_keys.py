"""What was stored before the keys of file names gets them. Of two connections that are one now, the older one keeps the
name."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.hashers import make_password
from django.utils import timezone
from tests.store.migrating import migrate_singly, migrate_to_newest

pytestmark = pytest.mark.slow  # these migrations never change again

BEFORE, AFTER = "0014_clean_keys", "0015_file_name_keys"
DELIVERED_BEFORE, DELIVERED_AFTER = "0026_token_made_with", "0027_delivered_file_name_keys"
NOW = timezone.now()


@pytest.fixture
def before() -> Iterator[Any]:
    """The models of before, with an account in their tables."""
    apps = migrate_singly(BEFORE)
    customer = apps.get_model("store", "Customer").objects.create(name="ons", title="Ons")
    apps.get_model("store", "FileAccount").objects.create(
        customer=customer, name="hr", password=make_password(None), made_at=NOW
    )
    yield apps
    migrate_to_newest()


def _connect(apps: Any, name: str, file_name: str, age: int = 0, *, with_account: bool = True) -> None:
    models = {one: apps.get_model("store", one).objects for one in ("Connection", "Customer", "FileAccount")}
    account = models["FileAccount"].get() if with_account else None
    models["Connection"].create(
        customer=models["Customer"].get(), name=name, account=account, file_name=file_name,
        layout="standard/1", made_at=NOW - timedelta(days=age),
    )  # fmt: skip


def test_each_has_the_key_of_its_file_name(before: Any) -> None:
    _connect(before, "een", "Caf\u00e9.csv")
    _connect(before, "geen", "", with_account=False)
    _connect(before, "ook-geen", "", with_account=False)
    after = migrate_singly(AFTER).get_model("store", "Connection").objects
    assert dict(after.values_list("name", "file_name_key")) == {"een": "caf\u00e9.csv", "geen": "", "ook-geen": ""}


def test_of_two_that_are_one_now_the_older_one_keeps_the_name(before: Any) -> None:
    _connect(before, "jong", "Caf\u00e9.csv", age=1)
    _connect(before, "oud", "cafe\u0301.csv", age=2)
    after = migrate_singly(AFTER).get_model("store", "Connection").objects
    young = after.get(name="jong")
    assert after.get(name="oud").file_name_key == "caf\u00e9.csv"
    assert young.file_name_key == f"{young.pk}/caf\u00e9.csv"
    assert young.file_name == "Caf\u00e9.csv"


def test_a_delivered_file_has_the_key_of_its_name(before: Any) -> None:
    apps = migrate_singly(DELIVERED_BEFORE)
    keys = {
        "Personen.csv": "personen.csv",
        "Cafe\u0301.csv": "caf\u00e9.csv",
        " \u00c9\u00c9N.xlsx": "\u00e9\u00e9n.xlsx",
        "": "",
    }
    customer = apps.get_model("store", "Customer").objects.get()
    for name in keys:
        apps.get_model("store", "Delivery").objects.create(
            customer=customer, file_name=name, layout="standard/1", received_at=NOW
        )
    after = migrate_singly(DELIVERED_AFTER).get_model("store", "Delivery").objects
    assert dict(after.values_list("file_name", "file_name_key")) == keys
