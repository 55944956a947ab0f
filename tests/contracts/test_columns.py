"""A file whose columns differ much from those of the file before it: said to who decides, in each place."""

import pytest

from instroom.flow.delivery_columns import columns_of
from instroom.flow.delivery_document import plan_of
from instroom.store.models import Mail, User
from tests.commands import Run
from tests.contracts.customer import Row, SampleCustomer, person

pytestmark = pytest.mark.on_sqlite_alone

STAFF = [person(str(number), first=f"Naam {number}", job="Coach") for number in range(1, 11)]


def without_jobs(rows: list[Row]) -> list[Row]:
    return [row | {"job": ""} for row in rows]


def test_the_first_file_has_nothing_beside_it() -> None:
    found = columns_of(plan_of(SampleCustomer().deliver(STAFF), "live"))
    assert found is not None
    assert (found.before, found.jumps) == ({}, [])
    assert found.now["person"].fields["job_title"] == (10, 1, 10, 10, 0)


def test_a_column_that_came_empty_stands_out_in_the_mail_and_in_show(run: Run) -> None:
    customer = SampleCustomer()
    User.objects.filter(username="approver").update(email="approver@voorbeeld.example", language="en")
    customer.import_(STAFF)
    delivery = customer.deliver(without_jobs(STAFF))
    found = columns_of(plan_of(delivery, "live"))
    assert found is not None
    assert [(jump.name, jump.field, jump.number, jump.percent_before) for jump in found.jumps] == [
        ("emptied", "job_title", 10, 0)
    ]
    said = "blank for 10 of 10 persons (100%). Last time that was 0%."
    assert said in Mail.objects.filter(kind="awaiting-approval").latest("pk").text
    assert said in run("show", str(delivery.pk), "--lang", "en").out


def test_another_file_of_the_same_does_not_stand_out() -> None:
    customer = SampleCustomer()
    customer.import_(STAFF)
    found = columns_of(plan_of(customer.deliver([*STAFF, person("11", first="Nieuw", job="Coach")]), "live"))
    assert found is not None
    assert found.jumps == []


def test_what_was_never_imported_is_not_what_it_is_held_against() -> None:
    customer = SampleCustomer()
    customer.import_(STAFF)
    customer.deliver(without_jobs(STAFF))
    found = columns_of(plan_of(customer.deliver(STAFF), "live"))
    assert found is not None
    assert found.jumps == []
