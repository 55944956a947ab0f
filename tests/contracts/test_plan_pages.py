"""The changes of a plan by field, and what many get, on both databases and after their values are gone."""

import pytest

from instroom.flow import find
from instroom.flow.absent_persons import absent_persons
from instroom.flow.queries.plan_page import ChangesFilter, FieldGroup, PlanPage, plan_page
from instroom.flow.standing_out import frequent_values_of
from instroom.store.models import Delivery, Plan
from instroom.store.sql import plans
from tests.contracts.customer import SampleCustomer, company, person

pytestmark = pytest.mark.on_sqlite_alone  # but for what is marked otherwise
MANY = range(30)
ALL = ChangesFilter()


def page_of(delivery: Delivery, wanted: ChangesFilter = ALL, **options: bool) -> PlanPage:
    page = plan_page(delivery, "live", wanted, by=find.user("approver"), **options)
    assert page
    return page


def live_plan(delivery: Delivery) -> Plan:
    return delivery.plans.get(environment__name="live")


@pytest.fixture
def moved() -> Delivery:
    """Thirty persons get another job; of these, five another department, one a company. And one is new."""
    customer = SampleCustomer()
    customer.import_([person(str(number), job="Kok") for number in MANY] + [person("99")])
    rows = [person(str(number), job="Chef", department="Oost" if number < 5 else "") for number in MANY]
    rows[7] |= company("1", name="Een")
    return customer.deliver([*rows, person("100", job="Chef")])


@pytest.mark.on_postgresql
def test_a_field_that_changes_in_many_stands_for_those_that_change_it_alone(moved: Delivery) -> None:
    page = page_of(moved, folded=True)
    assert page.fields == [FieldGroup("person", "job_title", 30)]
    assert (page.amount, page.page.total) == (32, 8)
    found = {row.document["extern_id"] for row in page.page.items}
    assert found == {"0", "1", "2", "3", "4", "7", "100"}
    asked = {
        ChangesFilter(field="person.job_title"): 30,
        ChangesFilter(field="person.department"): 5,
        ChangesFilter(field="company.name"): 0,
        ChangesFilter("linked", field="person.job_title"): 1,
        ChangesFilter(field="person.job_title", text="chef"): 0,
        ChangesFilter(field="person.job'--"): 8,
        ChangesFilter(field="nobody.job_title"): 8,
    }
    for wanted, total in asked.items():
        assert page_of(moved, wanted, folded=True).page.total == total, wanted
    assert page_of(moved).page.total == 32, "programs get every change"


def test_what_many_get_and_who_is_absent_is_known_until_the_values_are_gone(moved: Delivery) -> None:
    [frequent] = frequent_values_of(live_plan(moved))
    assert (frequent.value, frequent.number) == ("Chef", 30)
    assert [extern_id for _, extern_id in absent_persons(live_plan(moved))] == ["99"]
    plans.remove_values(live_plan(moved), moved.received_at)
    assert frequent_values_of(live_plan(moved)) == []
    assert absent_persons(live_plan(moved)) == []


def test_nobody_is_called_absent_where_records_were_left_out() -> None:
    customer = SampleCustomer()
    customer.import_([person("1"), person("2")])
    delivery = customer.deliver([person("1"), person("2", born="31-02-1980")], on_error="skip", skip_limit_percent=100)
    assert absent_persons(live_plan(delivery)) == []
