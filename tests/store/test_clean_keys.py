"""Keys that were stored before what nobody sees was left out of them."""

import logging
from collections.abc import Iterator
from typing import Any

import pytest
from tests.store.migrating import migrate_singly, migrate_to_newest

pytestmark = pytest.mark.slow  # these migrations never change again

BEFORE = "0013_live_changed"


@pytest.fixture
def before() -> Iterator[Any]:
    """The models as they were, with an environment."""
    apps = migrate_singly(BEFORE)
    customer = apps.get_model("store", "Customer").objects.create(name="ons", title="Ons")
    apps.get_model("store", "Environment").objects.create(customer=customer, name="live")
    yield apps
    migrate_to_newest()


def keys_after(apps: Any, keys: list[tuple[str, str]], kind: str = "Person") -> list[tuple[str, str]]:
    """Store dossiers with these keys, migrate, and give their keys in the same order."""
    model = apps.get_model("store", kind)
    place = apps.get_model("store", "Environment").objects.get()
    ids = [
        model.objects.create(environment=place, extern_source=source, extern_id=key.upper(), extern_id_key=key).pk
        for source, key in keys
    ]
    migrate_to_newest()
    stored = model.objects.in_bulk(ids)
    assert [stored[one].extern_id for one in ids] == [key.upper() for _, key in keys]
    return [(stored[one].extern_source, stored[one].extern_id_key) for one in ids]


@pytest.mark.parametrize("kind", ["Person", "Company"])
def test_a_key_becomes_what_it_looks_like(before: Any, kind: str) -> None:
    keys = [("HR", "p\u200b1"), ("HR\u00a0NL", "p 2"), ("HR", "p  3"), ("België", "é"), ("HR", "p4")]
    assert keys_after(before, keys, kind) == [
        ("HR", "p1"),
        ("HR NL", "p 2"),
        ("HR", "p 3"),
        ("België", "é"),
        ("HR", "p4"),
    ]


@pytest.mark.parametrize(
    "keys",
    [[("HR", "p\u200b1"), ("HR", "p1")], [("HR", "p\u200b1"), ("HR", "p\u00ad1")], [("H\u00adR", "p"), ("HR", "p")]],
)
def test_keys_that_look_the_same_stay_and_are_named(
    before: Any, keys: list[tuple[str, str]], caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        assert keys_after(before, keys) == keys
    assert any("looks like that of another" in line for line in caplog.messages)
