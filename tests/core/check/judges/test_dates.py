"""Dates that are not read: why not, and which date it may be."""

import pytest
from tests.core.check.tables import PERSON, checked, only

from instroom.core.check.faults import Fault
from instroom.core.check.judges.dates import birth_judge, judge_date

TODAY = "2026-11-22"
CAUSES = {
    "29221": ("serial", "01-01-1980"),
    "29221.0": ("serial", "01-01-1980"),
    "29221,5": ("serial", "01-01-1980"),
    "29-02-1981": ("no-such-day", None),
    "31-04-1980": ("no-such-day", None),
    "1980-02-30": ("no-such-day", None),
    "31/02/1980": ("no-such-day", None),
    "00-00-0000": ("placeholder", None),
    "0000-00-00": ("placeholder", None),
    "0001-01-01": ("placeholder", None),
    "01-01-1753": ("placeholder", None),
    "30-12-1899": ("placeholder", None),
    "31-12-9999": ("placeholder", None),
    "9999-12-31": ("placeholder", None),
    "1-1-80": ("short-year", None),
    "80/1/31": ("short-year", None),
    "31/12/1980": ("form", "31-12-1980"),
    "31.12.1980": ("form", "31-12-1980"),
    "4.5.1980": ("form", "04-05-1980"),
    "5/5/1980": ("form", "05-05-1980"),
    "1980/12/31": ("form", "31-12-1980"),
    "1980-1-5": ("form", "05-01-1980"),
    "31 12 1980": ("form", "31-12-1980"),
    "04/05/1980": ("order", None),
    "12/31/1980": ("swapped", "31-12-1980"),
    "12-31-1980": ("swapped", "31-12-1980"),
    "1980-31-12": ("swapped", "31-12-1980"),
    "19801231": ("closed-up", "31-12-1980"),
    "31121980": ("closed-up", "31-12-1980"),
    "99999999": ("closed-up", None),
    "1980-12-31T00:00:00": ("time", "31-12-1980"),
    "1980-12-31 00:00:00.000": ("time", "31-12-1980"),
    "1980-12-31T00:00:00+01:00": ("time", "31-12-1980"),
    "31-12-1980 0:00": ("time", "31-12-1980"),
    "1980-12-30T23:00:00.000Z": ("time-zone", "31-12-1980"),
    "1980-06-30T22:00:00Z": ("time-zone", "01-07-1980"),
    "9999-12-31T23:00:00Z": ("time-zone", None),
    "1985/13/02": ("swapped", "13-02-1985"),
    "45-13-1980": ("no-such-day", None),
    "31 december 1980": ("month-name", "31-12-1980"),
    "31 déc. 1980": ("month-name", "31-12-1980"),
    "31. Dezember 1980": ("month-name", "31-12-1980"),
    "maandag 3 mei 1979": ("month-name", "03-05-1979"),
    "3-Mrt-1979": ("month-name", "03-03-1979"),
    "May 3, 1979": ("month-name", "03-05-1979"),
    "3rd of August 1979": ("month-name", "03-08-1979"),
    "3 jui 1979": ("month-name", None),  # juin or juillet
    "31 april 1980": ("no-such-day", None),
    "mei 1979": ("month-name", None),
    "347068800": ("since-1970", "31-12-1980"),
    "347068800000": ("since-1970", "31-12-1980"),
    "347065200": ("since-1970", "31-12-1980"),  # midnight in Amsterdam
    "0612345678": (None, None),
    "/Date(-31536000000)/": ("since-1970", "01-01-1969"),
    "31-dec-80": ("month-name", None),
    "3 mei 1980": ("month-name", "03-05-1980"),
    "1980": ("incomplete", None),
    "12-1980": ("incomplete", None),
    "31-12-198": ("incomplete", None),
    "ergens": (None, None),
    "123456": (None, None),
    "1" * 5000: (None, None),
    "1:" * 5000: (None, None),
}


@pytest.mark.parametrize("text", CAUSES, ids=lambda text: text[:30])
def test_the_cause_is_told(text: str) -> None:
    judgement = birth_judge(TODAY)(text, "")
    assert isinstance(judgement, Fault)
    assert (judgement.code, judgement.facts.get("problem"), judgement.facts.get("likely")) == (
        "value-date",
        *CAUSES[text],
    )


@pytest.mark.parametrize(
    ("text", "facts"),
    [
        ("31-02-1992", {"month": "2", "year": "1992", "days": 29}),
        ("29-02-1981", {"month": "2", "year": "1981", "days": 28}),
        ("1980-04-31", {"month": "4", "year": "1980", "days": 30}),
        ("31 april 1980", {"month": "4", "year": "1980", "days": 30}),
        ("45-13-1980", {}),
        ("31-02-0000", {"month": "2", "year": "0000", "days": 29}),
    ],
)
def test_of_a_day_that_does_not_exist_is_said_how_many_the_month_has(text: str, facts: dict[str, object]) -> None:
    judgement = judge_date(text, "")
    assert isinstance(judgement, Fault)
    assert judgement.facts == {"problem": "no-such-day", **facts}


@pytest.mark.parametrize("hyphen", "\u2010\u2011\u2012\u2013\u2212")
def test_what_looks_like_a_hyphen_is_one(hyphen: str) -> None:
    assert judge_date(f"04{hyphen}05{hyphen}1980", "") == "1980-05-04"


@pytest.mark.parametrize("text", ["5-4-1980", "04-05-1980", "1980-12-31", "29-02-1980", "22-11-2026"])
def test_what_is_read(text: str) -> None:
    assert isinstance(birth_judge(TODAY)(text, ""), str)


@pytest.mark.parametrize("text", ["1-1-1900", "01-02-1880", "23-11-2026", "01-01-2999"])
def test_what_is_unlikely_is_a_warning(text: str) -> None:
    found = only(checked({**PERSON, "PersoonGeboortedatum": text}))
    assert (found.code, found.severity) == ("value-date-implausible", "warning")
