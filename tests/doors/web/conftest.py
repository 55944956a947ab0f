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
