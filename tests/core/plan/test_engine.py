"""The engine on its own: what it looks at, what it counts, and when two plans are the same."""

import itertools
import random

import pytest

from instroom.core.fields import FIELDS
from instroom.core.model import Policies, Record, RecordPart
from instroom.core.plan.engine import make_plan
from instroom.core.plan.model import SEPARATOR, Known, Stored
from instroom.core.plan.wanted import merge

NOTHING = Known({}, {})


def part(kind, number, categories=(), free_fields=(), alone=False, **values):
    fields = tuple(values.get(name.replace(".", "_"), "") for name in FIELDS[kind])
    return RecordPart(("S", number), number, fields, tuple(categories), tuple(free_fields), alone)


def stored(kind, number, version=1, company=None, **values):
    fields = [values.get(name.replace(".", "_"), "") for name in FIELDS[kind]]
    return Stored(f"id-{number}", version, ("S", number), number, SEPARATOR.join(fields), (), (), company)


def ids():
    numbers = itertools.count()
    return lambda count: [f"new-{next(numbers)}" for _ in range(count)]


RECORDS = [
    Record(2, part("company", "c1", name="Een"), part("person", "p1", surname="Een")),
    Record(3, part("company", "c1", alone=True), part("person", "p2", surname="Twee")),
    Record(4, None, part("person", "p3", surname="Drie")),
]


def test_order_and_ids_do_not_matter_to_the_digest():
    first = make_plan(RECORDS, NOTHING, Policies(), ids())
    rows = [record.row for record in RECORDS]
    shuffled = random.Random(1).sample(RECORDS, len(RECORDS))
    renumbered = [record._replace(row=row) for row, record in zip(rows, shuffled, strict=True)]
    other_ids = lambda count: [f"other-{number}" for number in range(100, 100 + count)]  # noqa: E731
    assert make_plan(renumbered, NOTHING, Policies(), other_ids).digest == first.digest


def test_another_effect_is_another_digest():
    first = make_plan(RECORDS, NOTHING, Policies(), ids())
    assert make_plan(RECORDS[:2], NOTHING, Policies(), ids()).digest != first.digest
    assert make_plan(RECORDS, NOTHING, Policies(), ids(), left_out={9}).digest != first.digest
    unlinked = [*RECORDS[:1], RECORDS[1]._replace(company=None), RECORDS[2]]
    assert make_plan(unlinked, NOTHING, Policies(), ids()).digest != first.digest


def test_a_version_does_not_matter_to_the_digest():
    records = [Record(2, None, part("person", "p", surname="Nieuw"))]
    plans = [
        make_plan(records, Known({}, {("S", "p"): stored("person", "p", version, surname="Oud")}), Policies(), ids())
        for version in (1, 7)
    ]
    assert plans[0].digest == plans[1].digest
    assert [plan.persons[0].version for plan in plans] == [1, 7]


@pytest.mark.parametrize(
    ("blank", "new", "expected"),
    [
        ("leave", {"surname": "A"}, {}),
        ("leave", {"surname": "B", "gender": "V"}, {"surname": ("A", "B"), "gender": ("", "V")}),
        ("clear", {"surname": "A"}, {"job_title": ("Docent", "")}),
        ("clear", {}, {"job_title": ("Docent", "")}),  # a surname and the state of being active are never emptied
    ],
)
def test_blank_cells_under_both_policies(blank, new, expected):
    known = Known({}, {("S", "p"): stored("person", "p", surname="A", job_title="Docent", active="Nee")})
    records = [Record(2, None, part("person", "p", **new))]
    plan = make_plan(records, known, Policies(blank=blank), ids())
    changed = {name: (change.before[name], change.after[name]) for change in plan.changes for name in change.after}
    assert changed == expected


@pytest.mark.parametrize("blank", ["leave", "clear"])
def test_a_field_without_a_column_is_left_alone_under_both_policies(blank):
    known = Known({}, {("S", "p"): stored("person", "p", surname="A", job_title="Docent")})
    fields = tuple("A" if name == "surname" else None for name in FIELDS["person"])
    records = [Record(2, None, RecordPart(("S", "p"), "p", fields, (), (), False))]
    assert make_plan(records, known, Policies(blank=blank), ids()).changes == []


def test_unchanged_dossiers_are_looked_at_and_not_changed():
    known = Known(
        {("S", "c1"): stored("company", "c1", name="Een")},
        {("S", "p1"): stored("person", "p1", company="id-c1", surname="Een")},
    )
    plan = make_plan(RECORDS[:1], known, Policies(), ids())
    assert plan.changes == []
    assert [seen.dossier for seen in (*plan.companies, *plan.persons)] == ["id-c1", "id-p1"]
    assert plan.totals["outcomes"] == {"unchanged": 1}


def test_merging_is_symmetric_and_associative():
    parts = [
        part("company", "C1", name="Een", categories=(("G", "B"),)),
        part("company", "c1", phone="1", categories=(("G", "A"),), free_fields=(("VrijveldA", "1"),)),
        part("company", "c1", alone=True),
    ]
    results = set()
    for one, two, three in itertools.permutations(parts):
        results.add(merge(merge(one, two), three))
        results.add(merge(one, merge(two, three)))
    (whole,) = {result._replace(key=("S", "c1")) for result in results}
    assert whole.extern_id == "C1"
    assert whole.categories == (("G", "A"), ("G", "B"))
    assert not whole.alone


@pytest.mark.parametrize(
    ("old", "new", "changes"),
    [
        ("van\u00a0der", "van der", False),
        ("Zoe\u0308", "Zoë", False),
        ("Jan\u200bsen", "Jansen", False),
        ("een  \ntwee", "een\ntwee", False),
        ("van\u00a0der", "Van der", True),
        ("Zoe\u0308", "Zoé", True),
    ],
)
@pytest.mark.parametrize("blank", ["leave", "clear"])
def test_what_was_stored_before_values_were_cleaned_is_compared_as_it_looks(old, new, changes, blank):
    company = stored("company", "c", name=old)._replace(categories=((old, "x"),), free_fields=(("VrijveldA", old),))
    asked = part("company", "c", name=new, categories=((new, "x"),), free_fields=(("VrijveldA", new),))
    plan = make_plan([Record(2, asked, None)], Known({("S", "c"): company}, {}), Policies(blank=blank), ids())
    if not changes:
        assert plan.changes == []
        return
    assert plan.changes[0].after == {
        "name": new,
        "categories": sorted([[old, "x"], [new, "x"]]),
        "free_fields": {"VrijveldA": new},
    }
