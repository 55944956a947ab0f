"""Where live has changed and the plan with it, the approver sees what changed since approval (product.md D5)."""

import pytest

from instroom.flow import delivery_document, find
from instroom.flow.delivery import decide
from instroom.flow.queries import plan_differences
from instroom.store import models
from tests.contracts.customer import SampleCustomer, company, person

pytestmark = pytest.mark.on_sqlite_alone  # but for what is marked otherwise


def live_plans(delivery: models.Delivery) -> list[str]:
    """The states of the plans against live that are kept, the oldest first."""
    return list(delivery.plans.filter(environment__name="live").order_by("pk").values_list("state", flat=True))


def changed_office() -> tuple[SampleCustomer, models.Delivery]:
    """A delivery that goes back: of four persons one became another change, one is done already, one is back."""
    customer = SampleCustomer()
    customer.import_(
        [person("1", first="Bo"), person("2", first="An"), person("3", first="Ed"), person("4", job="Kok")]
    )
    slow = customer.deliver([
        person("1", first="Bob"), person("2", first="Anna"), person("3", first="Ed"), person("4", job="Chef"),
        person("5", first="Els") | company("9", name="Negen"),
    ])  # fmt: skip
    customer.import_([person("1", first="Bobbie"), person("2", first="Anna"), person("3", first="Eddy")])
    customer.approve(slow)
    assert (slow.state, slow.reason) == ("awaiting-approval", "live-changed")
    return customer, slow


@pytest.mark.on_postgresql
def test_what_changed_since_approval_is_shown_change_by_change():
    _, slow = changed_office()
    assert plan_differences.counts_of(slow) == {"added": 1, "different": 1, "gone": 1}
    page = plan_differences.differences_page(slow)
    assert page is not None
    seen = {one.word: (one.name, one.approved and one.approved["fields"], one.now and one.now["fields"])
            for one in page.page.items}  # fmt: skip
    assert seen == {
        "different": ("Bob Voorbeeld", {"first_name": ["Bo", "Bob"]}, {"first_name": ["Bobbie", "Bob"]}),
        "gone": ("Anna Voorbeeld", {"first_name": ["An", "Anna"]}, None),
        "added": ("Ed Voorbeeld", None, {"first_name": ["Eddy", "Ed"]}),
    }
    assert slow.audit.get(action="live-changed").facts["differences"]["different"] == 1


@pytest.mark.on_postgresql
def test_what_changed_since_approval_is_chosen_by_kind_and_paged():
    _, slow = changed_office()
    for word in ("added", "gone", "different"):
        page = plan_differences.differences_page(slow, word)
        assert page is not None
        assert [one.word for one in page.page.items] == [word]
    second = plan_differences.differences_page(slow, number=2, size=2)
    assert second is not None
    assert (second.page.number, second.page.pages, len(second.page.items)) == (2, 2, 1)


def test_a_new_dossier_and_its_link_do_not_differ_for_their_new_ids():
    _, slow = changed_office()
    page = plan_differences.differences_page(slow)
    assert page is not None
    assert "Els Voorbeeld" not in {one.name for one in page.page.items}


def test_a_link_that_became_another_one_is_told():
    customer = SampleCustomer()
    customer.import_([person("1") | company("1", name="Een"), company("2", name="Twee"), company("3", name="Drie")])
    slow = customer.deliver([person("1") | company("2")])
    customer.import_([person("1") | company("3")])
    customer.approve(slow)
    page = plan_differences.differences_page(slow)
    assert page is not None
    [one] = page.page.items
    assert one.approved is not None and one.now is not None
    assert (one.approved["link"], one.now["link"]) == (["relinked", "1", "2"], ["relinked", "3", "2"])


def test_the_plan_that_was_approved_is_kept_as_long_as_the_delivery_waits():
    customer, slow = changed_office()
    assert live_plans(slow) == ["outdated", "planned"]
    customer.approve(slow)
    assert slow.state == "imported"
    assert live_plans(slow) == ["imported"]
    assert plan_differences.differences_page(slow) is None
    assert delivery_document.document(slow)["live"]["state"] == "imported"


def test_what_is_approved_again_no_longer_says_that_live_changed():
    _, slow = changed_office()
    decide.approve(slow, by=find.user("approver"))
    assert (slow.state, slow.reason) == ("approved", "")


def test_a_sight_of_what_changed_since_approval_is_in_the_audit_log():  # G2
    _, slow = changed_office()
    plan_differences.differences_page(slow, by=find.user("reader"))
    entry = slow.audit.get(action="plan-seen")
    assert (entry.user.username, entry.facts["dossiers"]) == ("reader", 3)


def test_a_refusal_ends_it_too():
    _, slow = changed_office()
    decide.refuse(slow, "nee", by=find.user("approver"))
    assert live_plans(slow) == ["planned"]
    assert plan_differences.counts_of(slow) == {}


def test_when_it_moves_again_it_is_compared_with_what_was_approved_last():
    customer, slow = changed_office()
    customer.import_([person("3", first="Ed"), person("4", job="Bakker")])
    customer.approve(slow)
    assert slow.state == "awaiting-approval"
    assert live_plans(slow) == ["outdated", "planned"]
    assert plan_differences.counts_of(slow) == {"different": 1, "gone": 1}


def test_where_nothing_changed_nothing_is_kept():
    customer = SampleCustomer()
    customer.import_([person("1", first="Bo")])
    slow = customer.deliver([person("1", first="Bob")])
    customer.import_([person("1", job="Coach")])
    assert customer.approve(slow).state == "imported"
    assert live_plans(slow) == ["imported"]


def test_an_undo_that_changed_is_compared_too():
    from instroom.flow.delivery.undo import undo

    customer = SampleCustomer()
    first = customer.import_([person("1", first="Bo"), person("2", first="An")])
    back = customer.carry_on(undo(first, by=find.user("approver")))
    customer.import_([person("2", first="Anna")])
    customer.approve(back)
    assert back.state == "awaiting-approval"
    assert sum(plan_differences.counts_of(back).values()) == 1


@pytest.mark.on_postgresql
def test_a_link_to_a_new_company_on_another_page_has_its_name():
    from instroom.flow.queries.plan_page import ChangesFilter, plan_page

    customer = SampleCustomer()
    delivery = customer.deliver([person("1") | company("9", name="Negen")])
    page = plan_page(delivery, "live", ChangesFilter(kind="person"))
    assert page is not None
    assert page.page.items[0].document["link"] == ["linked", None, "9"]
    assert page.page.items[0].in_training
    models.Person.objects.filter(environment=customer.environment("training")).delete()
    page = plan_page(delivery, "live", ChangesFilter(kind="person"))
    assert page is not None
    assert not page.page.items[0].in_training
