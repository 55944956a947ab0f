"""A strip of nights tells what became of each time of a connection (product.md E2)."""

from datetime import timedelta

import pytest
from tests.contracts.connection_scenario import PERSONS, ConnectionScenario, clock
from tests.contracts.customer import person

from instroom.flow.queries.nights import Outcome, nights_by_day, nights_of

pytestmark = pytest.mark.on_sqlite_alone

BAD = [*PERSONS[:-1], person("99", born="31-02-1980")]


def test_each_night_has_a_mark_of_its_own() -> None:
    story = ConnectionScenario(on_late="take")

    def outcomes(at: str) -> list[Outcome]:
        found = nights_of([story.connection], clock(at)).get(story.connection.pk)
        return [night.outcome for night in found.each] if found else []

    story.receive("2027-05-04T00:30")
    story.tick("2027-05-04T01:00")
    assert outcomes("2027-05-04T01:00") == [Outcome.ON_TIME]
    story.receive("2027-05-05T00:30")
    story.tick("2027-05-05T01:00")
    story.tick("2027-05-06T01:00")
    assert outcomes("2027-05-06T01:30") == [Outcome.ON_TIME, Outcome.STALE], "the next one has its grace"
    story.tick("2027-05-06T07:00")
    assert outcomes("2027-05-06T07:00")[2:] == [Outcome.MISSING]
    story.tick("2027-05-07T01:00")
    story.tick("2027-05-07T02:30")
    assert outcomes("2027-05-07T02:30")[2:] == [Outcome.MISSING, Outcome.LATE]
    story.receive("2027-05-07T02:40", PERSONS[:-1])
    story.tick("2027-05-07T02:40")
    assert outcomes("2027-05-07T02:40")[2:] == [Outcome.MISSING, Outcome.LATE], "it came, and late"
    story.receive("2027-05-08T00:30", BAD)
    story.tick("2027-05-08T01:00")
    story.tick("2027-05-08T09:00")
    assert outcomes("2027-05-08T09:00")[4:] == [Outcome.REJECTED], "and missing since: that is why"
    (nights,) = nights_of([story.connection], clock("2027-05-08T09:00")).values()
    assert nights.totals == dict.fromkeys(Outcome, 1)
    assert nights_of([story.connection], clock("2027-05-08T09:00") + timedelta(days=40)) == {}
    days = nights_by_day([story.connection.customer], clock("2027-05-08T09:00"))
    assert [str(day.date) for day in (days[0], days[-1])] == ["2027-04-09", "2027-05-08"]
    assert [[name for name in Outcome if day.outcomes[name]] for day in days[-6:]] == [
        [],
        *([night.outcome] for night in nights.each),
    ]
