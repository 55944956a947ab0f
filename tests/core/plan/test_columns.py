"""What a file holds by column, and what jumps beside the file before it."""

import pytest

from instroom.core.fields import COMPANY_FIELDS, PERSON_FIELDS
from instroom.core.layout.standard import standard
from instroom.core.model import Record, RecordPart
from instroom.core.plan.columns import FieldCounts, Jump, KindCounts, as_json, count_columns, from_json, jumps
from instroom.core.plan.model import Change
from instroom.core.plan.wanted import wanted
from instroom.core.report.columns_text import jump_text


def person(number: int, **fields: str) -> RecordPart:
    """A person in which these fields are filled in."""
    values = tuple(fields.get(name, "") for name in PERSON_FIELDS)
    return RecordPart(("HR", f"p{number}"), f"P{number}", values, (), (), False)


def company(number: int, name: str) -> RecordPart:
    values = tuple(name if field == "name" else "" for field in COMPANY_FIELDS)
    return RecordPart(("HR", f"c{number}"), f"C{number}", values, (), (), False)


def changed(number: int, before: dict[str, str], after: dict[str, str], action: str = "changed") -> Change:
    key = ("HR", f"p{number}")
    return Change("person", str(number), 1, key, f"P{number}", action, "", 2, before, after, None, None, None)  # type: ignore[arg-type]


def test_each_dossier_counts_once() -> None:
    here = company(1, "Een BV")
    persons = [person(row, surname="Voorbeeld", first_name=name) for row, name in enumerate(("Bo", "Bo", ""))]
    records = [Record(row, here, one) for row, one in enumerate(persons)]
    changes = [
        changed(0, {}, {"surname": "Voorbeeld", "first_name": "Bo"}, "new"),
        changed(1, {"first_name": "Bob"}, {"first_name": "Bo"}),
        changed(2, {"first_name": "Bo"}, {"first_name": ""}),
    ]
    found = count_columns(wanted(records), changes)
    assert found["company"] == KindCounts(1, 0, {"name": FieldCounts(1, 1, 1, 0, 0)})
    assert found["person"] == KindCounts(
        3, 1, {"surname": FieldCounts(3, 1, 3, 1, 0), "first_name": FieldCounts(2, 1, 2, 1, 2)}
    )
    assert from_json(as_json(found)) == found


USUAL = FieldCounts(95, 90, 2, 1, 1)


@pytest.mark.parametrize(
    ("now", "new", "found"),
    [
        (USUAL, 3, []),
        (FieldCounts(100, 95, 2, 0, 15), 19, []),
        (USUAL, 40, [Jump("new-keys", "person", "", 40, 100, 2)]),
        (FieldCounts(40, 38, 2, 0, 50), 2, [Jump("emptied", "person", "work_email", 60, 100, 5)]),
        (FieldCounts(0, 0, 0, 0, 95), 2, [Jump("emptied", "person", "work_email", 100, 100, 5)]),
        (FieldCounts(95, 3, 80, 0, 80), 2, [Jump("one-value", "person", "work_email", 80, 95, 2)]),
        (FieldCounts(95, 90, 2, 0, 60), 2, [Jump("changed", "person", "work_email", 60, 100, 1)]),
    ],
)  # fmt: skip
def test_what_jumps(now: FieldCounts, new: int, found: list[Jump]) -> None:
    before = {"person": KindCounts(100, 2, {"work_email": USUAL})}
    assert jumps({"person": KindCounts(100, new, {"work_email": now})}, before) == found  # type: ignore[dict-item]


def test_a_few_dossiers_do_not_jump_nor_does_the_first_file() -> None:
    empty = KindCounts(4, 4, {})
    full = KindCounts(4, 0, {"work_email": FieldCounts(4, 4, 1, 0, 0)})
    assert jumps({"person": empty}, {"person": full}) == []
    assert jumps({"person": KindCounts(100, 100, {"work_email": USUAL})}, {}) == []


def test_what_was_always_so_does_not_jump() -> None:
    """Everybody lives in one country, and a file of new persons only comes each month."""
    one = KindCounts(100, 100, {"home_address.country": FieldCounts(100, 1, 100, 100, 0)})
    assert jumps({"person": one}, {"person": one}) == []


def test_it_is_said_in_numbers_without_a_value() -> None:
    emptied = Jump("emptied", "person", "work_email", 60, 100, 5)
    assert jump_text(emptied._asdict(), standard(), "nl").endswith(
        ": leeg bij 60 van 100 personen (60 %). De vorige keer was dat 5 %."
    )
    new = Jump("new-keys", "company", "", 1200, 2400, 0)
    assert jump_text(new._asdict(), standard(), "en").startswith(
        "New: 1,200 of 2,400 companies (50%). Last time that was 0%."
    )
