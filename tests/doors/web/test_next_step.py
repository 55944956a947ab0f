"""On top of each delivery stands what happens now, for who reads it (one sentence, by state and by role)."""

import re

import pytest
from tests.doors.web.web_customer import ANNA, BAD_DATE, WebCustomer

from instroom.doors.cli.run_due import run_due
from instroom.flow import find
from instroom.flow.delivery.decide import approve, refuse, withdraw
from instroom.flow.delivery.undo import undo
from instroom.store.models import Delivery, User

_SENTENCE = re.compile(r'<p class="note ?(\w*)" data-next-step>\s*([^<]*?)\s*<')
_MOMENT = re.compile(r"\b\w+ \d+, \d{4}, \d\d:\d\d|\d+ \w+ \d{4}, \d\d:\d\d")


def said(customer: WebCustomer, role: str, delivery: Delivery) -> tuple[str, str]:
    """The sentence and how it looks; without the moment in it."""
    client = customer.signed_in(role)
    page = client.get(f"/customers/ons/deliveries/{delivery.pk}").content.decode()
    found = _SENTENCE.search(page)
    return (_MOMENT.sub("THEN", found[2]), found[1]) if found else ("", "")


@pytest.fixture
def approver(customer: WebCustomer) -> User:
    """One who can be mailed, and has a name."""
    User.objects.filter(username="ons-approver").update(
        email="noor@voorbeeld.example", first_name="Noor", last_name="van Dam"
    )
    return find.user("ons-approver")


def test_a_rejected_file(customer: WebCustomer) -> None:
    one = customer.deliver(ANNA, BAD_DATE)
    told = "Nothing was imported: 1 error in 1 of the 2 rows. Live has not changed."
    for role in ("supplier", "approver"):
        assert said(customer, role, one) == (told, "error")


def test_a_decision_is_waited_for(customer: WebCustomer, approver: User) -> None:
    one = customer.deliver(ANNA)
    assert said(customer, "approver", one) == ("Waits for you, since THEN.", "")
    assert said(customer, "reader", one) == ("It is in training. Noor van Dam decides on live.", "")
    assert said(customer, "supplier", one) == ("It is in training. Noor van Dam decides on live.", "")
    User.objects.filter(username="ons-supplier").update(email="sam@voorbeeld.example")
    told = "Done for you: it is in training. Noor van Dam decides on live, and you get a message."
    assert said(customer, "supplier", one) == (told, "")


def test_nobody_who_decides_can_be_mailed(customer: WebCustomer) -> None:
    told = "It is in training. Nobody who can approve it (ons-approver) has an e-mail address: tell them."
    assert said(customer, "supplier", customer.deliver(ANNA)) == (told, "")


def test_what_was_decided(customer: WebCustomer, approver: User) -> None:
    one = customer.import_in_live(ANNA)
    assert said(customer, "supplier", one) == ("Done: in live since THEN.", "success")
    back = undo(one, by=find.user("ons-operator"))
    run_due(back)
    approve(back, by=approver)
    run_due(back)
    assert said(customer, "supplier", one) == ("Undone: what it changed in live has been put back.", "")
    refused, taken_back, first = (customer.deliver(ANNA | {"PersoonVoornaam": name}) for name in ("Aa", "Bea", "Cor"))
    refuse(refused, "Niet nu.", by=approver)
    assert said(customer, "supplier", refused) == ("Refused. Live has not changed.", "error")
    withdraw(taken_back, by=find.user("ons-supplier"))
    assert said(customer, "supplier", taken_back) == ("Withdrawn. Live has not changed.", "")
    first.refresh_from_db()
    approve(first, by=approver, at=first.received_at.replace(year=2999))
    assert said(customer, "supplier", first) == ("It will be imported into live on THEN.", "")
