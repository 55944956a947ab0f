"""Two customers with people."""

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.doors.web.desk import Desk  # models: loaded when the fixtures are used, after Django is set up


@pytest.fixture
def desk(tmp_path: Path) -> "Desk":
    """The customer `ons`."""
    from tests.doors.web.desk import open_desk

    return open_desk("ons", tmp_path)


@pytest.fixture
def other_desk(tmp_path: Path) -> "Desk":
    """Another customer, `ander`."""
    from tests.doors.web.desk import open_desk

    return open_desk("ander", tmp_path)


@pytest.fixture(scope="module")
def shared_desk(emptied_once: None, tmp_path_factory: pytest.TempPathFactory) -> "Desk":
    """The customer `ons`, for tests that are rolled back."""
    from tests.doors.web.desk import open_desk

    return open_desk("ons", tmp_path_factory.mktemp("ons"))


@pytest.fixture(scope="module")
def other_shared_desk(shared_desk: "Desk", tmp_path_factory: pytest.TempPathFactory) -> "Desk":
    """Another customer, `ander`, beside it."""
    from tests.doors.web.desk import open_desk

    return open_desk("ander", tmp_path_factory.mktemp("ander"))
