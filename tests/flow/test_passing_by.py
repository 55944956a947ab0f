"""What breaks is passed by and said once; a trouble of the site that strikes some in a row ends the round."""

import errno

import pytest

from instroom.flow import passing_by
from instroom.flow.passing_by import PassedBy, pause_after

pytestmark = pytest.mark.unstored


def test_what_breaks_is_passed_by_and_said_once_and_never_by_its_text(caplog: pytest.LogCaptureFixture) -> None:
    passed_by, done = PassedBy[str]("customer"), []
    for _ in range(3):
        for one in ("broken", "sound"):
            with passed_by.where_it_breaks(one):
                if one == "broken":
                    raise ValueError("Bo Voorbeeld")
                done.append(one)
    assert (done, passed_by.now()) == (["sound"] * 3, ["broken"])
    assert [pause_after(count) for count in (1, 2, 6, 7, 5000)] == [1, 2, 32, 60, 60]
    with passed_by.where_it_breaks("broken"):
        pass
    assert passed_by.now() == []
    assert [line.getMessage().partition(":")[0] for line in caplog.records] == [
        "customer broken broke and is passed by", "customer broken goes on again",
    ]  # fmt: skip
    assert "Voorbeeld" not in caplog.text


def test_a_trouble_of_the_site_is_said_once_and_ends_the_round_where_it_strikes_all(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(passing_by, "_site", {})
    passed_by, struck = PassedBy[int]("customer"), []

    def strike(one: int) -> None:
        with passed_by.where_it_breaks(one):
            struck.append(one)
            raise OSError(errno.ENOSPC, "", "x")

    with pytest.raises(OSError):
        for one in range(10):
            strike(one)
    assert struck == [0, 1, 2]
    strike(3)
    with passed_by.where_it_breaks(4):
        pass
    strike(5)
    strike(6)
    assert len(caplog.records) == 1
    passing_by.say_what_is_over()
    assert len(caplog.records) == 1
    monkeypatch.setattr(passing_by, "_site", {"disk": -1000.0})
    passing_by.say_what_is_over()
    assert caplog.records[-1].getMessage() == "the trouble of the site (disk) is over"
