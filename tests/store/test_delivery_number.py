"""The deliveries that were there get their numbers in the order that they had, that of their ids."""

import pytest
from django.utils import timezone
from tests.store.migrating import migrate_singly, migrate_to_newest

from instroom.store.ids import new_ids

pytestmark = pytest.mark.slow  # this migration never changes again


def test_each_customer_has_its_own_numbers() -> None:
    before = migrate_singly("0051_site")
    one, other = (before.get_model("store", "Customer").objects.create(name=name, title=name) for name in ("a", "b"))
    oldest, *ids = new_ids(5)
    for pk, customer in [*zip(ids, (one, other, one, other), strict=True), (oldest, one)]:
        before.get_model("store", "Delivery").objects.create(
            pk=pk, customer=customer, layout="standard/1", received_at=timezone.now()
        )
    after = migrate_to_newest().get_model("store", "Delivery").objects.order_by("pk")
    assert list(after.values_list("customer__name", "number")) == [("a", 1), ("a", 2), ("b", 1), ("a", 3), ("b", 2)]
