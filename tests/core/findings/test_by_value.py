"""Findings that differ in their row alone are one line."""

from collections import Counter

from hypothesis import given
from tests.core.findings.test_collected import FINDINGS

from instroom.core.findings import finding
from instroom.core.findings.by_value import like_that_on, lines_of
from instroom.core.model import Finding

DATE = [finding("value-date", row, "PersoonGeboortedatum", "31-02-1980", facts={"problem": "x"}) for row in (3, 5, 9)]
OTHER = finding("value-date", 4, "PersoonGeboortedatum", "30-02-1980", facts={"problem": "x"})


def test_those_with_most_rows_come_first() -> None:
    assert lines_of([OTHER, *DATE]) == [(DATE[0], 3), (OTHER, 1)]


def test_what_is_said_otherwise_is_another_line() -> None:
    code = finding("value-postal-code", 2, "BedrijfPostPostcode", "12", facts={"country": "NL"})
    assert len(lines_of([code, code._replace(facts={"country": "BE"}), code._replace(other_rows=(1,))])) == 3


def test_the_rows_of_a_line() -> None:
    found = [DATE[0], OTHER, *DATE[1:]]
    assert list(like_that_on(5, found)) == DATE[1:]
    assert list(like_that_on(4, found)) == [OTHER]
    assert list(like_that_on(77, found)) == []


def test_long_values_are_cut_and_told_apart() -> None:
    long = [finding("value-email", 2, "PersoonEmailWerk", "x" * 30_000 + end) for end in "ab"]
    lines = lines_of(long)
    assert len(lines) == 2
    assert len(lines[0].first.value or "") == 200


@given(FINDINGS)
def test_every_finding_is_in_one_line(found: list[Finding]) -> None:
    lines = lines_of(found)
    assert sum(line.amount for line in lines) == len(found)
    assert Counter(line.first._replace(row=None).code for line in lines).keys() == Counter(o.code for o in found).keys()
