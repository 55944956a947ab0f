"""Data keys: one a customer, wrapped by the site's secret keys. What was changed, moved or lost does not open."""

from uuid import UUID

import pytest
from django.db import transaction

from instroom.core.errors import SettingsError
from instroom.flow.operations.init import add_customer
from instroom.store import data_keys
from instroom.store.models import Customer, DataKey
from instroom.store.sealing import SealBroken

pytestmark = pytest.mark.on_sqlite_alone  # but for what is marked otherwise

FIRST, SECOND = "first-secret-key-" * 2, "second-secret-key-" * 2


@pytest.fixture(autouse=True)
def site_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INSTROOM_SECRET_KEYS", FIRST)
    data_keys.by_id.cache_clear()


def made(name: str) -> UUID:
    add_customer(name, name, {})
    return Customer.objects.get(name=name).pk


@pytest.mark.on_postgresql
def test_each_customer_and_the_site_has_a_key_of_its_own() -> None:
    ours, theirs = made("ours"), made("theirs")
    keys = {data_keys.current(one).id for one in (ours, theirs, None, ours, None)}
    assert len(keys) == DataKey.objects.count() == 3
    for one in (ours, None):
        sealed = data_keys.seal(one, b"Vermeulen", about=b"row 1")
        assert b"Vermeulen" not in sealed
        assert data_keys.unseal(memoryview(sealed), about=b"row 1") == b"Vermeulen"


def test_what_was_changed_or_moved_does_not_open() -> None:
    sealed = data_keys.seal(None, b"Vermeulen", about=b"row 1")
    changed = [sealed[:at] + bytes([sealed[at] ^ 1]) + sealed[at + 1 :] for at in range(len(sealed))]
    for one in (*changed, sealed[:-1], sealed[:10], b"", b"Vermeulen"):
        with pytest.raises(SealBroken):
            data_keys.unseal(one, about=b"row 1")
    with pytest.raises(SealBroken):
        data_keys.unseal(sealed, about=b"row 2")


@pytest.mark.on_postgresql
def test_an_older_key_reads_and_a_new_one_writes() -> None:
    before = data_keys.seal(None, b"Vermeulen")
    with transaction.atomic():
        data_keys.replace(None)
    after = data_keys.seal(None, b"Vermeulen")
    assert before[1:9] != after[1:9]
    assert data_keys.unseal(before) == data_keys.unseal(after) == b"Vermeulen"
    lookup = data_keys.lookup_key(made("ours"))
    assert lookup == data_keys.lookup_key(made("ours")) != data_keys.lookup_key(made("theirs"))


def test_the_first_of_the_sites_keys_wraps_and_all_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    sealed = data_keys.seal(None, b"Vermeulen")
    monkeypatch.setenv("INSTROOM_SECRET_KEYS", f"{SECOND} {FIRST}")
    data_keys.by_id.cache_clear()
    assert data_keys.unseal(sealed) == b"Vermeulen"
    data_keys.rewrap_all()
    for known, opens in ((SECOND, True), (FIRST, False)):
        monkeypatch.setenv("INSTROOM_SECRET_KEYS", known)
        data_keys.by_id.cache_clear()
        if opens:
            assert data_keys.unseal(sealed) == b"Vermeulen"
        else:
            with pytest.raises(SettingsError, match="None of this site's secret keys opens its data"):
                data_keys.unseal(sealed)
