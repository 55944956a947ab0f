"""A date cell that holds a time late in the evening: midnight in another zone (finding value-date-shifted)."""

import pytest

from instroom.core.check.judges.dates import shifted_date

AT_23 = 23 * 3600


@pytest.mark.parametrize(
    ("text", "seconds", "facts"),
    [
        ("06-03-1988", AT_23, {"time": "23:00", "likely": "07-03-1988"}),
        ("31-12-1999", 22 * 3600, {"time": "22:00", "likely": "01-01-2000"}),
        ("28-02-2000", 21 * 3600, {"time": "21:00", "likely": "29-02-2000"}),
        ("30-04-1935", 85_228, {"time": "23:40", "likely": "01-05-1935"}),  # Amsterdam had a time of its own
        ("06-03-1988", 86_399, {"time": "23:59", "likely": "07-03-1988"}),
        ("06-03-1988", 0, None),
        ("06-03-1988", 12 * 3600, None),
        ("06-03-1988", 1_172, None),
        ("06-03-1988 23:00", AT_23, None),  # no date as it stands
        ("29-02-1900", AT_23, None),
        ("31-12-9999", AT_23, None),
        ("23:00", AT_23, None),
    ],
)
def test_a_time_late_in_the_evening(text: str, seconds: int, facts: dict[str, str] | None) -> None:
    fault = shifted_date(text, seconds)
    assert (fault and dict(fault.facts)) == facts
