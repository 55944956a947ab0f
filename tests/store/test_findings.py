"""Findings come back as they were kept, and a look at a few reads a few."""

import json
import zlib
from collections import Counter
from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from tests.core.findings.test_collected import FINDINGS
from tests.store.migrating import migrate_singly, migrate_to_newest

from instroom.core.findings import CATALOGUE, finding
from instroom.core.findings.collected import KEPT_WHOLE, MOST_OF_GROUP
from instroom.core.model import Finding
from instroom.store.models import Customer, Delivery, FindingChunk, KeptFindings
from instroom.store.sql import findings
from instroom.store.sql.findings import StoredFindings

ODD = finding("value-email", 3, "PersoonEmailWerk", "half \ud83d, nul \x00, é", (), {"likely": ["a", 1, None]})


@pytest.fixture
def delivery() -> Delivery:
    return new_delivery()


def new_delivery() -> Delivery:
    customer, _ = Customer.objects.get_or_create(name="ons", defaults={"title": "Ons"})
    number = customer.deliveries.count() + 1
    return Delivery.objects.create(
        customer=customer, number=number, layout="standard/1", received_at="2030-01-01T00:00:00Z"
    )


def kept(found: list[Finding], amount: int | None = None) -> StoredFindings:
    delivery = new_delivery()
    findings.keep(delivery, found, len(found) if amount is None else amount)
    return findings.stored(delivery)


@given(FINDINGS.map(lambda found: [*found, ODD]))
def test_they_come_back_as_they_were(found: list[Finding]) -> None:
    stored = kept(found)
    assert stored == found
    assert stored.counts() == Counter((one.severity, one.code, one.column) for one in found)
    assert not stored.unlisted()
    for code in {one.code for one in found}:
        assert stored.among(lambda group, code=code: group[1] == code) == [one for one in found if one.code == code]


def many() -> list[Finding]:
    """Of three kinds, in four chunks."""
    codes = sorted(CATALOGUE)[:3]
    return [finding(codes[row % 3], row, "PersoonNaam", f"x{row}") for row in range(1, 3_501)]


@pytest.mark.parametrize(
    "part", [slice(0, 50), slice(975, 1025), slice(-3, None), slice(10, 3_400, 1_000), slice(5, 5)]
)
def test_a_part_of_them(part: slice) -> None:
    found = many()
    stored, code = kept(found), found[0].code
    assert stored[part] == found[part]
    assert stored[-1] == found[-1]
    some = stored.among(lambda group: group[1] == code)
    assert some[part] == [one for one in found if one.code == code][part]


def test_a_page_is_one_query_for_one_or_two_chunks() -> None:
    stored = kept(many())
    assert stored[0]  # the customer's key is read once
    with CaptureQueriesContext(connection) as queries:
        assert len(stored[975:1025]) == 50
    [query] = queries
    assert "IN (0, 1)" in query["sql"]


def test_the_first_of_each_code() -> None:
    late = finding("value-email", 4_000, "PersoonEmailWerk", "x")
    found = [*many(), late]
    first = kept(found).first_of_each_code(2)
    assert list(first.values()) == [found[0:4:3], found[1:5:3], found[2:6:3], [late]]


def test_of_too_many_the_first_of_each_group_are_listed_and_all_are_counted() -> None:
    telephone = [finding("value-phone", row, "PersoonMobiel", "x") for row in range(2, 1_502)]
    email = [finding("value-email", row, "PersoonEmailWerk", "y") for row in range(1_502, 1_602)]
    stored = kept([*telephone, *email], KEPT_WHOLE + 1)
    group = telephone[0].severity, "value-phone", "PersoonMobiel"
    assert stored == [*telephone[:MOST_OF_GROUP], *email]
    assert stored.counts()[group] == 1_500
    assert stored.unlisted() == {group: 500}
    assert kept(telephone, KEPT_WHOLE) == telephone


def test_rows_are_those_of_all_that_was_found(delivery: Delivery) -> None:
    errors = [finding("value-phone", row, "PersoonMobiel", "x", severity="error") for row in range(2, 1_502)]
    warnings = [finding("value-email", row, "PersoonEmailWerk", "y", severity="warning") for row in (9, 7, 9)]
    findings.keep(delivery, [*errors, *warnings], KEPT_WHOLE + 1)
    assert findings.rows_of(delivery) == (list(range(2, 1_502)), {"value-email": [7, 9]}, None)


def test_long_values_do_not_make_a_chunk_large(delivery: Delivery) -> None:
    found = [finding("value-email", row, "PersoonEmailWerk", "x" * 30_000) for row in range(2, 42)]
    findings.keep(delivery, found, len(found))
    assert FindingChunk.objects.filter(delivery=delivery).count() > 3
    assert findings.stored(delivery) == found


def test_only_names_on_rows_with_a_finding_are_kept_and_go_with_the_values(delivery: Delivery) -> None:
    names = {2: "Fleur de Boer", 3: "F. Boer", 4: "Niemand"}
    findings.keep(delivery, [ODD, ODD._replace(row=2)], 2, names=names)
    assert findings.names_on(delivery, [2, 3, 4]) == {2: "Fleur de Boer", 3: "F. Boer"}
    assert findings.names_on(delivery, [3]) == {3: "F. Boer"}
    assert findings.stored(delivery) == [ODD, ODD._replace(row=2)]
    content = b"".join(map(bytes, FindingChunk.objects.values_list("content", flat=True)))
    assert b"Boer" not in content
    findings.remove_values(delivery)
    assert findings.names_on(delivery, [2, 3, 4]) == {}


def test_before_its_check_a_delivery_has_none(delivery: Delivery) -> None:
    assert findings.stored(delivery) == []
    assert findings.rows_of(delivery) == ([], {}, None)


FOUND = [*many(), ODD]
IN_ONE_PIECE = zlib.compress(
    json.dumps(FOUND, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")
)


@pytest.mark.parametrize("by", ["a look", "the cleaning"])
def test_what_was_kept_in_one_piece_is_put_in_chunks(delivery: Delivery, by: str) -> None:
    Delivery.objects.update(counts={"errors": len(FOUND)})
    delivery.refresh_from_db()
    KeptFindings.objects.create(delivery=delivery, packed=IN_ONE_PIECE)
    if by == "the cleaning":
        findings.put_older_in_chunks()
        assert KeptFindings.objects.get().packed is None
    assert findings.stored(delivery) == FOUND
    assert FindingChunk.objects.filter(delivery=delivery).count() == 4
    assert len(findings.rows_of(delivery).errors) == sum(one.severity == "error" for one in FOUND)


@pytest.mark.slow  # the migration never changes again
def test_what_was_kept_in_one_piece_goes_to_a_table_of_its_own() -> None:
    old = migrate_singly("0035_sensitive").get_model
    made = {
        "customer": old("store", "Customer").objects.create(name="ons", title="Ons"),
        "layout": "standard/1",
        "received_at": "2030-01-01T00:00:00Z",
    }
    delivery = old("store", "Delivery").objects.create(**made, findings=IN_ONE_PIECE)
    old("store", "Delivery").objects.create(**made)  # undone, or not checked yet
    migrate_to_newest()
    kept = KeptFindings.objects.get()
    assert (kept.delivery_id, bytes(kept.packed or b"")) == (delivery.pk, IN_ONE_PIECE)


@pytest.mark.parametrize("damage", [lambda whole: whole[:-9], lambda whole: whole[: len(whole) // 2]])
def test_of_a_damaged_piece_nothing_is_lost_in_silence(
    delivery: Delivery, damage: Callable[[bytes], bytes], caplog: pytest.LogCaptureFixture
) -> None:
    packed = damage(zlib.compress(json.dumps(many()).encode()))
    KeptFindings.objects.create(delivery=delivery, packed=packed)
    with pytest.raises(ValueError, match="the end is missing"):
        findings.stored(delivery)
    findings.put_older_in_chunks()
    assert str(delivery.pk) in caplog.text
    assert bytes(KeptFindings.objects.get().packed or b"") == packed
    assert not FindingChunk.objects.exists()
