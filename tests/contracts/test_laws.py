"""Laws that hold for any deliveries (product.md B11, D1, D8), on made-up small worlds."""

import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from instroom.flow import delivery_document, find
from instroom.flow.operations.export import export
from tests.contracts.customer import SampleCustomer, company, person, write_csv

house = settings(
    max_examples=60 if settings.get_current_profile_name() == "thorough" else 3,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
)

names = st.sampled_from(["", "Bo", "=1+1", "+31", "Zoë", "Zoe\u0308", "An\u00a0 na", "An na", "a;b", 'q"q', "-x"])
words = st.sampled_from(["", "Een", "Twee", "@ding"])
numbers = st.sampled_from("1234")


def spelled(number: str) -> st.SearchStrategy[str]:
    """A key in ways that must meet."""
    return st.sampled_from([f"k{number}", f"K{number}", f" k{number}", f"k\u00ad{number}", f"\u200bK{number}\u00a0"])


def key_of(written: str) -> str:
    """The key, told the simple way."""
    return "".join(letter for letter in written.lower() if letter.isascii() and letter != " ")


def seen(name: str) -> str:
    """A name as it looks."""
    return {"Zoe\u0308": "Zoë", "An\u00a0 na": "An na"}.get(name, name)


@st.composite
def deliveries(draw: st.DrawFn) -> list[dict[str, str]]:
    """A delivery without faults: each person once, each company with the same data on all of its records."""
    companies = {
        number: draw(st.fixed_dictionaries({"city": words, "cgroup": st.just("G"), "ccategory": st.sampled_from("AB")}))
        for number in "123"
    }
    rows = []
    for number in draw(st.lists(numbers, unique=True, min_size=1)):
        row = person("", p=draw(spelled(number)), first=draw(names), job=draw(words))
        if code := draw(st.sampled_from(["", "VrijveldA", "VrijveldB"])):
            row |= {"free": code, "value": draw(st.sampled_from("xy"))}
        if at := draw(st.sampled_from(["", *companies])):
            row |= company("", c=draw(spelled(at)), name=f"Bedrijf {at}", **companies[at])
        rows.append(row)
    rows += [
        company(f"k{number}", name=f"Bedrijf {number}", **companies[number])
        for number in draw(st.sets(st.sampled_from("123")))
    ]
    return rows


def expected(history: list[list[dict[str, str]]]) -> dict[str, tuple[str, str, str | None]]:
    """First name, function and company of each person, told the simple way: row by row, blank leaves."""
    persons: dict[str, tuple[str, str, str | None]] = {}
    for rows in history:
        for row in rows:
            if "p" in row:
                key = key_of(row["p"])
                first, job, _ = persons.get(key, ("", "", None))
                at = key_of(row["c"]) if "c" in row else None
                persons[key] = (seen(row["first"]) or first, row["job"] or job, at)
    return persons


def persons_of(customer: SampleCustomer) -> dict[str, tuple[str, str, str | None]]:
    return {
        key[1]: (values.get("first_name", ""), values.get("job_title", ""), values.get("company", (None, None))[1])
        for (kind, key), values in customer.snapshot().items()
        if kind == "person"
    }


@house
@given(st.lists(deliveries(), min_size=1, max_size=3))
def test_what_is_stored_is_what_was_asked_and_no_link_more(history):
    customer = SampleCustomer()
    for rows in history:
        customer.import_(rows)
    assert persons_of(customer) == expected(history)
    assert customer.snapshot("training") == customer.snapshot()


@pytest.mark.on_sqlite_alone
@house
@given(st.lists(deliveries(), min_size=2, max_size=2), st.randoms())
def test_any_order_of_records_gives_the_same_dossiers(history, random):
    one, other = SampleCustomer(), SampleCustomer()
    for rows in history:
        shuffled = random.sample(rows, len(rows))
        first, second = one.import_(rows), other.import_(shuffled)
        assert delivery_document.document(first)["live"] == delivery_document.document(second)["live"]
        assert delivery_document.plan_of(first, "live").totals == delivery_document.plan_of(second, "live").totals
    assert one.snapshot() == other.snapshot()


@pytest.mark.on_sqlite_alone
@house
@given(st.lists(deliveries(), min_size=1, max_size=2))
def test_the_totals_add_up(history):
    customer = SampleCustomer()
    for rows in history:
        delivery = customer.import_(rows)
        totals = delivery_document.plan_of(delivery, "live").totals
        assert sum(totals["outcomes"].values()) == totals["records"] == len(rows)
        named = {key_of(row["p"]) for row in rows if "p" in row}
        assert sum(totals["persons"][action] for action in ("new", "changed", "unchanged")) == len(named)
        named = {key_of(row["c"]) for row in rows if "c" in row}
        assert sum(totals["companies"].values()) == len(named)


@pytest.mark.on_sqlite_alone
@pytest.mark.parametrize(
    ("blank", "file_format"),
    [
        ("leave", "csv"),
        ("leave", "xml"),
        ("clear", "xlsx"),
        *(
            pytest.param(*one, marks=pytest.mark.slow)
            for one in (("leave", "xlsx"), ("clear", "csv"), ("clear", "xml"))
        ),
    ],
)
@settings(house, max_examples=3)
@given(st.lists(deliveries(), min_size=1, max_size=2))
def test_delivering_an_export_changes_nothing(blank, file_format, history):
    customer = SampleCustomer()
    for rows in history:
        customer.import_(rows)
    before = customer.snapshot()
    with tempfile.TemporaryDirectory() as folder:
        (file,) = export(
            find.environment(customer.record, "live"), Path(folder) / f"uit.{file_format}", file_format
        ).files
        delivery = customer.import_(file, blank=blank)
    assert delivery.counts["errors"] == delivery.counts["warnings"] == 0
    totals = delivery_document.document(delivery)["live"]
    assert totals["left_out"] == totals["persons"]["changed"] == totals["companies"]["changed"] == 0
    assert list(delivery_document.changes(delivery, "live")) == []
    assert customer.snapshot() == before


@house
@given(st.lists(deliveries(), max_size=2), deliveries())
def test_import_and_undo_restores_everything(history, rows):
    customer = SampleCustomer()
    for earlier in history:
        customer.import_(earlier)
    before = customer.snapshot()
    delivery = customer.import_(rows)
    after = customer.snapshot()
    undone = customer.undo(delivery)
    assert customer.snapshot() == before == customer.snapshot("training")
    customer.undo(undone)
    assert customer.snapshot() == after


@pytest.mark.on_sqlite_alone
@house
@given(deliveries(), deliveries(), deliveries())
def test_undo_keeps_what_a_later_delivery_asked(first, second, third):
    customer = SampleCustomer()
    customer.import_(first)
    delivery = customer.import_(second)
    customer.import_(third)
    asked = {key_of(row["p"]): row for row in third if "p" in row}
    changed = {
        key_of(change["extern_id"]): change
        for change in delivery_document.changes(customer.record.deliveries.order_by("-pk").first(), "live")
    }
    customer.undo(delivery)
    stored = persons_of(customer)
    for key, row in asked.items():
        if key in changed:  # what the later delivery really changed is still as it asked
            for name, index in (("first_name", 0), ("job_title", 1)):
                if name in changed[key]["fields"]:
                    assert stored[key][index] == seen(row[{"first_name": "first", "job_title": "job"}[name]])


@pytest.mark.on_sqlite_alone
@house
@given(st.data())
def test_left_out_records_do_not_depend_on_the_order(data):
    rows = data.draw(deliveries())
    faults = [
        person("f1", born="x"),
        person("f2") | company("9"),
        person("f3") | company("k1", name="Bedrijf 1 anders"),
        person("f4") | company("8", city="Delft"),
    ]
    rows = [*rows, *data.draw(st.lists(st.sampled_from(faults), unique_by=lambda row: row["p"]))]
    shuffled = data.draw(st.permutations(rows))
    one, other = SampleCustomer(), SampleCustomer()
    first, second = (
        customer.deliver(order, on_error="skip", skip_limit_percent=99)
        for customer, order in ((one, rows), (other, shuffled))
    )
    assert first.state == second.state
    if first.state == "awaiting-approval":
        one.approve(first)
        other.approve(second)
    assert one.snapshot() == other.snapshot()


def test_rows_are_written_as_a_spreadsheet_would(tmp_path):
    """The laws lean on this: what is delivered is what the rows say."""
    path = write_csv(tmp_path / "x.csv", [person("1", first='a;"b"')])
    assert path.read_bytes().count(b"\r\n") == 2
