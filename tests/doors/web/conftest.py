"""Two customers with people."""

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.doors.web.web_customer import (
        WebCustomer,  # models: loaded when the fixtures are used, after Django is set up
    )


@pytest.fixture
def customer(tmp_path: Path) -> "WebCustomer":
    """The customer `ons`."""
    from tests.doors.web.web_customer import add_web_customer

    return add_web_customer("ons", tmp_path)


@pytest.fixture
def other_customer(tmp_path: Path) -> "WebCustomer":
    """Another customer, `ander`."""
    from tests.doors.web.web_customer import add_web_customer

    return add_web_customer("ander", tmp_path)


@pytest.fixture(scope="module")
def shared_customer(emptied_once: None, tmp_path_factory: pytest.TempPathFactory) -> "WebCustomer":
    """The customer `ons`, for tests that are rolled back."""
    from tests.doors.web.web_customer import add_web_customer

    return add_web_customer("ons", tmp_path_factory.mktemp("ons"))


@pytest.fixture(scope="module")
def other_shared_customer(shared_customer: "WebCustomer", tmp_path_factory: pytest.TempPathFactory) -> "WebCustomer":
    """Another customer, `ander`, beside it."""
    from tests.doors.web.web_customer import add_web_customer

    return add_web_customer("ander", tmp_path_factory.mktemp("ander"))
