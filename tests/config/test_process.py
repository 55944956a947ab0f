"""By its name alone it is known whether a process of this machine has ended; of others nobody can tell."""

import pytest

from instroom.config.process import MOST_OF_NAME, is_gone, process_name

HOST, PID, SINCE, PLACE = process_name().rsplit(":", 3)


@pytest.mark.parametrize(
    ("name", "gone"),
    [
        (f"{HOST}:{PID}:{SINCE}:{PLACE}", False),
        (f"{HOST}:{PID}:1:{PLACE}", True),
        (f"{HOST}:99999999:{SINCE}:{PLACE}", True),
        (f"elsewhere:99999999:{SINCE}:00000000", False),
    ],
    ids=["itself", "another of its number", "none of its number", "on another machine"],
)
def test_who_has_ended(name: str, *, gone: bool) -> None:
    assert len(name.encode()) <= MOST_OF_NAME
    assert is_gone(name) == gone
