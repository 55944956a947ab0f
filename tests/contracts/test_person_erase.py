"""Who is erased is gone, and comes back by nothing but a decision on a new delivery (product.md G3)."""

import json
import shutil
import zlib
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.apps import apps
from django.utils import timezone

from instroom.core.errors import NotAllowed, NotFound
from instroom.core.keys import key
from instroom.flow import delivery_document, erasures, find
from instroom.flow.delivery.admitting import admit_erased
from instroom.flow.delivery.decide import withdraw
from instroom.flow.delivery.refresh import refresh_training
from instroom.flow.delivery.undo import undo
from instroom.flow.privacy.data_subject import find_person
from instroom.flow.privacy.erasing import erase
from instroom.flow.privacy.restored import apply_register
from instroom.store.models import AuditEntry, Category, Erasure
from instroom.store.sql import plans
from tests.contracts.customer import SampleCustomer, company, person
from tests.kept_files import path_of

ANNA = person(
    "geheim-1", first="Annageheim", group="Rol", category="Geheimerol", free="VrijveldA", value="geheimveld",
    email="geheim@voorbeeld.example",
)  # fmt: skip
BRAM = person("2", first="Bram", group="Rol", category="Docent") | company("7", name="Werkgever")
WORD = "geheim"


@pytest.fixture
def home(instroom_home: Path) -> Iterator[Path]:
    """Without the register of other tests."""
    shutil.rmtree(path_of("_erased"), ignore_errors=True)
    yield instroom_home


def erase_anna(customer: SampleCustomer) -> None:
    erase(customer.record, "GEHEIM-1", None, "Op verzoek", by=find.user("operator"))


def traces(home: Path, customer: SampleCustomer) -> list[str]:
    """Where anything of her is left: tables, also in what is compressed there, and files."""
    found = []
    for model in apps.get_app_config("store").get_models():
        if WORD in " ".join(map(str, map(_opened, model._default_manager.values_list()))).lower():
            found.append(model.__name__)
    return found + [one.name for one in home.glob(f"files/{customer.name}/**/*") if one.is_file()]


def _opened(row: tuple[object, ...]) -> str:
    texts = []
    for value in row:
        if isinstance(value, bytes | memoryview):
            try:
                value = zlib.decompress(value)
            except zlib.error:
                value = bytes(value)
        texts.append(str(value))
    return json.dumps(texts)


def names(customer: SampleCustomer, environment: str = "live") -> set[str]:
    return {key[1] for (kind, key) in customer.snapshot(environment) if kind == "person"}


def test_nothing_is_left(home: Path) -> None:
    customer = SampleCustomer()
    first = customer.import_([ANNA | company("7", name="Werkgever"), BRAM])
    customer.undo(customer.import_([ANNA | {"first": "Geheimer"}, BRAM]))
    customer.deliver([ANNA | {"born": "geheime datum"}, BRAM])
    waiting = customer.deliver([ANNA | {"job": "geheim beroep"}])
    with pytest.raises(NotAllowed) as refused:
        erase_anna(customer)
    assert (refused.value.code, refused.value.facts["deliveries"]) == ("erasure-waits", [str(waiting.pk)])
    customer.approve(waiting)

    erase_anna(customer)

    assert traces(home, customer) == []
    assert names(customer) == names(customer, "training") == {"2"}
    assert customer.environment().persons == 1
    assert set(Category.objects.values_list("name", flat=True)) == {"Docent"}
    first.refresh_from_db()
    assert (first.state, first.file_name, first.counts["persons"]) == ("imported", "personen.csv", 2)
    [register] = Erasure.objects.all()
    assert (register.reason, register.erased_by) == ("Op verzoek", find.user("operator"))
    assert AuditEntry.objects.filter(action="person-erased").count() == 1


@pytest.mark.on_sqlite_alone
def test_an_undo_and_a_refresh_leave_them_out(home: Path) -> None:
    customer = SampleCustomer()
    first = customer.import_([ANNA | company("7", name="Werkgever"), BRAM])
    undone = customer.undo(first)
    erase_anna(customer)
    again = customer.undo(undone)
    assert delivery_document.plan_of(again, "live").totals["erased"] == 1  # type: ignore[union-attr]
    assert names(customer) == {"2"}
    refresh_training(customer.record, by=find.user("operator"))
    assert names(customer, "training") == {"2"}


@pytest.mark.parametrize("admitted", [False, True])
def test_a_new_delivery_waits_for_a_decision(home: Path, admitted: bool) -> None:
    customer = SampleCustomer()
    customer.import_([ANNA, BRAM])
    erase_anna(customer)
    again = customer.deliver([ANNA | {"p": "Geheim-1"}, BRAM])
    plan = delivery_document.plan_of(again, "live")
    assert (again.state, again.reason, plan and plan.totals["erased"]) == ("held", "erased", 1)
    assert names(customer, "training") == {"2"}
    if admitted:
        with pytest.raises(NotAllowed):
            admit_erased(again, by=find.user("approver"))
        admit_erased(again, by=find.user("operator"))
        assert (again.state, again.reason) == ("held", "admitted")
    assert customer.approve(again).state == "imported"
    assert names(customer) == ({"2", "geheim-1"} if admitted else {"2"})
    after = customer.deliver([ANNA | {"job": "Docent"}, BRAM])
    assert after.state == ("awaiting-approval" if admitted else "held")


@pytest.mark.on_sqlite_alone
def test_a_restored_backup_brings_nobody_back(home: Path) -> None:
    customer = SampleCustomer()
    customer.import_([ANNA, BRAM])
    customer.deliver([BRAM])
    erase_anna(customer)
    Erasure.objects.all().delete()
    customer.import_([ANNA, BRAM])  # as an older database has it
    waiting = customer.deliver([ANNA | {"job": "geheim beroep"}])
    assert apply_register() == 1
    assert names(customer) == names(customer, "training") == {"2"}
    assert customer.approve(waiting).state == "awaiting-approval", "its plan was made anew, without her"
    assert customer.approve(waiting).state == "imported"
    assert (apply_register(), names(customer)) == (0, {"2"})
    [one] = Erasure.objects.all()
    registered = erasures.Registered(customer.record.pk, one.person, one.erased_at, None)
    shutil.rmtree(path_of("_erased"))
    assert (apply_register(), list(erasures.registered())) == (0, [registered])


@pytest.mark.on_sqlite_alone
def test_the_last_word_of_the_register_counts_and_an_older_one_is_read(home: Path) -> None:
    """Erased, admitted, erased again: each is a name of its own, in that order."""
    customer = SampleCustomer()
    customer.import_([BRAM])
    moments = [timezone.now() + timedelta(minutes=number) for number in range(3)]
    said = [(moments[0], None), (moments[0], moments[1]), (moments[2], None)]
    for erased_at, admitted_at in said:
        values = {"erased_at": erased_at, "admitted_at": admitted_at}
        Erasure.objects.update_or_create(customer=customer.record, person="0a", defaults=values)
        erasures.write_missing(customer.record)
    for stray in (".nfs0000", "0a", "0a.1"):
        path_of(f"_erased/{customer.record.pk.hex}/{stray}").touch()
    path_of("_erased/Thumbs.db").touch()
    assert [one[2:] for one in erasures.registered()] == said
    older = json.dumps([str(customer.record.pk), "0b", moments[0].isoformat(), None])
    (home / "erasures").write_text(f"\n{older}\n{older[:-3]}")
    try:
        assert next((one.person, *one[2:]) for one in erasures.registered()) == ("0b", *said[0])
    finally:
        (home / "erasures").unlink()


@pytest.mark.on_sqlite_alone
def test_what_an_erasure_takes() -> None:
    customer = SampleCustomer()
    delivery = customer.import_([ANNA])
    for by, reason in (("approver", "Op verzoek"), ("operator", " ")):
        with pytest.raises(NotAllowed):
            erase(customer.record, "geheim-1", None, reason, by=find.user(by))
    with pytest.raises(NotFound):
        erase(customer.record, "geheim-2", "HR", "Op verzoek", by=find.user("operator"))
    assert not erasures.erased_among(customer.record, [key("HR", "geheim-2")])
    waiting = customer.carry_on(undo(delivery, by=find.user("operator")))
    with pytest.raises(NotAllowed) as named:
        erase_anna(customer)
    assert named.value.facts["deliveries"] == [str(waiting.pk)], "it is named once"
    withdraw(waiting, by=find.user("operator"))
    for plan in delivery.plans.all():
        plans.remove_values(plan, timezone.now())  # before the file goes, which its policy keeps for longer
    erase_anna(customer)
    delivery.refresh_from_db()
    assert delivery.file_removed_at
    with pytest.raises(NotFound):
        find_person(customer.record, "geheim-1")
