"""What has not ended is found by its own index, and is what the states say."""

import pytest

from instroom.flow.delivery.states import OPEN
from instroom.store.sql.open_deliveries import _INDEX, open_deliveries


@pytest.mark.on_sqlite_alone
def test_sqlite_takes_the_index_of_open_deliveries() -> None:
    found = open_deliveries().filter(state="held").select_related("customer")
    assert "INDEX delivery_open" in found.explain()


def test_its_states_are_those_that_have_not_ended() -> None:
    assert dict(_INDEX.condition.children) == {"state__in": list(OPEN)}
