"""An address that the mail server refuses is told to the operators who can be reached, once (product.md E4)."""

import pytest
from django.utils import timezone
from tests.contracts.customer import SampleCustomer
from tests.mail_sink import MailSink

from instroom.flow import find
from instroom.flow.mails import mail_list, mailing
from instroom.flow.mails.refused_addresses import refused_since
from instroom.flow.news import outbox
from instroom.flow.people import invitations
from instroom.store.models import Customer, Mail, Role, User

pytestmark = pytest.mark.on_sqlite_alone  # but for what is marked otherwise

BAD = "weg@voorbeeld.example"
FILE = "personen-van-de-bakker.csv"


def refuse(sink: MailSink, *addresses: str, answer: str = "550 5.1.1 nobody here") -> None:
    sink.refuse.update({f"rcpt TO:<{address}>": answer for address in addresses})


def news(customer: Customer | None, to: str = BAD) -> Mail:
    """Send a mail of something else."""
    facts = {"name": FILE, "Name": FILE, "customer": "Voorbeeld BV", "link": "", "lines": []}
    outbox.write("imported", to, "nl", facts, customer=customer)
    mail = Mail.objects.latest("made_at")
    send_all()
    mail.refresh_from_db()
    return mail


def send_all() -> None:
    for _ in range(5):
        mailing.send_due()


def told() -> list[str]:
    """To whom it was said that an address is refused."""
    return sorted(Mail.objects.filter(kind="address-refused").values_list("to", flat=True))


@pytest.fixture
def customer(sink: MailSink) -> Customer:
    """With two operators, and a supplier whose address is refused."""
    sample = SampleCustomer()
    for name in ("operator", "approver"):
        User.objects.filter(username=name).update(email=f"{name}@voorbeeld.example")
    User.objects.filter(username="supplier").update(email=BAD)
    User.objects.filter(username="approver").update(language="en")
    Role.objects.create(customer=sample.record, user=find.user("approver"), name=Role.OPERATOR)
    refuse(sink, BAD)
    return sample.record


@pytest.mark.on_postgresql
def test_the_operators_are_told_once_without_what_the_mail_said(customer: Customer) -> None:
    refused = [news(customer) for _ in range(3)]
    assert all(mail.refused_at and mail.given_up_at for mail in refused)
    assert told() == ["approver@voorbeeld.example", "operator@voorbeeld.example"]
    dutch, english = Mail.objects.filter(kind="address-refused").order_by("-language")
    assert dutch.subject == f"Mail aan {BAD} komt niet aan"
    assert "Het is het adres van supplier." in dutch.text
    assert "It is the address of supplier." in english.text
    assert FILE not in dutch.text + english.text + dutch.html + english.html
    assert refused_since([BAD, "operator@voorbeeld.example"]) == {BAD: refused[0].refused_at}


def test_a_mail_that_is_taken_ends_it_and_the_next_refusal_is_told_again(customer: Customer, sink: MailSink) -> None:
    first = news(customer)
    sink.refuse.clear()
    mail_list.try_again(customer, first.pk, by=find.user("operator"))
    assert mailing.send_due() == 1
    assert refused_since([BAD]) == {}
    refuse(sink, BAD)
    news(customer)
    assert len(told()) == 4
    assert BAD in refused_since([BAD])


@pytest.mark.parametrize("answer", ["450 mailbox is busy", "451 greylisted"])
def test_what_may_pass_is_no_refusal(customer: Customer, sink: MailSink, answer: str) -> None:
    refuse(sink, BAD, answer=answer)
    assert news(customer).refused_at is None
    assert told() == []


def test_a_mail_that_is_refused_for_what_it_says_is_no_refusal_of_the_address(
    customer: Customer, sink: MailSink
) -> None:
    sink.refuse = {"DATA": "554 looks like spam"}
    assert news(customer).given_up_at is not None
    assert refused_since([BAD]) == {}


def test_an_operator_whose_address_is_refused_is_not_told_at_it(customer: Customer, sink: MailSink) -> None:
    refuse(sink, "operator@voorbeeld.example")
    news(customer, "operator@voorbeeld.example")
    assert told() == ["approver@voorbeeld.example"]
    news(customer)
    assert told() == ["approver@voorbeeld.example"] * 2


def test_where_all_operators_are_refused_nothing_goes_round(customer: Customer, sink: MailSink) -> None:
    addresses = ["operator@voorbeeld.example", "approver@voorbeeld.example"]
    refuse(sink, *addresses)
    for _ in range(3):
        for address in (BAD, *addresses):
            news(customer, address)
    assert Mail.objects.filter(kind="address-refused").count() <= 4, (
        "each of the two, of each other and of the supplier"
    )
    assert not Mail.objects.filter(sent_at=None, given_up_at=None).exists()
    assert set(refused_since([BAD, *addresses])) == {BAD, *addresses}


def test_a_mail_of_ones_own_account_is_told_to_the_operators_of_ones_customers(customer: Customer) -> None:
    Customer.objects.create(name="ander", title="Ander")
    news(None)
    assert len(told()) == 2
    assert set(Mail.objects.filter(kind="address-refused").values_list("customer", flat=True)) == {customer.pk}


def test_an_address_that_a_person_no_longer_has_is_not_told(customer: Customer) -> None:
    User.objects.filter(username="supplier").update(email="nieuw@voorbeeld.example")
    assert news(customer).refused_at is not None
    assert told() == []


def test_an_invitation_that_cannot_arrive_is_told(customer: Customer) -> None:
    User.objects.filter(username="supplier").update(email="")
    invitations.invite(customer, BAD, ["reader"], "nl", by=find.user("operator"))
    send_all()
    assert len(told()) == 2
    said = Mail.objects.filter(kind="address-refused", language="nl").latest("made_at")
    assert f"iemand die is uitgenodigd om voor {customer.title} te werken" in said.text
    assert timezone.now() >= refused_since([BAD])[BAD]
