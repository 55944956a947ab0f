"""People ask and say something about a delivery: who reads it, who is told, and when it goes."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from instroom.core.errors import NotAllowed
from instroom.core.report.person_page import person_page
from instroom.flow import find
from instroom.flow.comments import MOST, MOST_LETTERS, comment, comments_on
from instroom.flow.operations.ageing import age
from instroom.flow.privacy.erasing import erase
from instroom.flow.privacy.person_document import person_document
from instroom.flow.queries.delivery_list import ListFilter, deliveries
from instroom.store.models import AuditEntry, Comment, Delivery, Mail, Role, User
from tests.contracts.customer import SampleCustomer, person

pytestmark = pytest.mark.on_sqlite_alone  # but for what is marked otherwise
TEXT = "Klopt het dat Zeldzaam vertrekt?"


@pytest.fixture
def customer() -> SampleCustomer:
    """Whose people have an address each."""
    customer = SampleCustomer()
    for name in Role.NAMES:
        User.objects.filter(username=name).update(email=f"{name}@voorbeeld.example")
    return customer


@pytest.fixture
def delivery(customer: SampleCustomer) -> Delivery:
    delivery = customer.deliver([person("1", surname="Zeldzaam")])
    Mail.objects.all().delete()
    return delivery


def told() -> list[tuple[str, str]]:
    """Kind and name of the mails since this was last asked."""
    mails = list(Mail.objects.order_by("user__username"))
    assert all("Zeldzaam" not in f"{mail.subject}{mail.text}{mail.html}" for mail in mails)
    Mail.objects.all().delete()
    return [(mail.kind, mail.user.username) for mail in mails if mail.user]


def is_open(delivery: Delivery) -> bool:
    [one] = deliveries(delivery.customer, ListFilter(), by=find.user("operator")).items
    return bool(one.delivery.question_open)  # type: ignore[attr-defined] # annotated


@pytest.mark.on_postgresql
def test_a_question_stays_open_until_it_is_answered_and_the_delivery_where_it_is(delivery: Delivery) -> None:
    assert not is_open(delivery)
    asked = comment(delivery, f" {TEXT} ", by=find.user("approver"), row=2)
    assert told() == [("question", "supplier")]
    assert (asked.text, asked.row, is_open(delivery)) == (TEXT, 2, True)
    comment(delivery, "Ja.", by=find.user("supplier"), asks=False)
    assert told() == [("remark", "approver")]
    assert not is_open(delivery)
    comment(delivery, "Goed zo.", by=find.user("operator"), asks=False)
    assert told() == [("remark", "approver"), ("remark", "supplier")]
    assert [one.user.username for one in comments_on(delivery)] == ["approver", "supplier", "operator"]
    delivery.refresh_from_db()
    assert delivery.state == "awaiting-approval"
    assert [entry.facts for entry in AuditEntry.objects.filter(action="commented").order_by("number")] == [
        {"asks": True}, {"asks": False}, {"asks": False},
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "row", "code"),
    [
        (" ", None, "comment-empty"),
        ("a" * (MOST_LETTERS + 1), None, "comment-too-long"),
        (TEXT, 0, "comment-row"),
        (TEXT, 10_000_000, "comment-row"),
    ],
)
def test_what_cannot_be_said_is_refused(delivery: Delivery, text: str, row: int | None, code: str) -> None:
    with pytest.raises(NotAllowed) as refused:
        comment(delivery, text, by=find.user("supplier"), row=row)
    assert refused.value.code == code
    assert (told(), Comment.objects.count()) == ([], 0)


def test_who_neither_delivers_nor_decides_says_nothing(delivery: Delivery) -> None:
    with pytest.raises(NotAllowed):
        comment(delivery, TEXT, by=find.user("reader"))


def test_a_delivery_takes_so_many(delivery: Delivery) -> None:
    user, now = find.user("supplier"), timezone.now()
    for _ in range(MOST):
        Comment.objects.create(delivery=delivery, user=user, at=now, text="", asks=False)
    with pytest.raises(NotAllowed) as refused:
        comment(delivery, TEXT, by=user)
    assert refused.value.code == "comments-most"


def grow_old(customer: SampleCustomer, delivery: Delivery) -> None:
    Delivery.objects.filter(pk=delivery.pk).update(finished_at=timezone.now() - timedelta(days=4000))
    age()


def be_erased(customer: SampleCustomer, delivery: Delivery) -> None:
    erase(customer.record, "1", "HR", "Op verzoek.", by=find.user("operator"))


@pytest.mark.parametrize("goes", [grow_old, be_erased])
def test_the_text_goes_with_the_values(
    customer: SampleCustomer, delivery: Delivery, goes: Callable[[SampleCustomer, Delivery], None]
) -> None:
    comment(delivery, TEXT, by=find.user("approver"))
    customer.approve(delivery)
    goes(customer, delivery)
    [left] = comments_on(Delivery.objects.get(pk=delivery.pk))
    assert (left.text, left.user, left.asks) == ("", find.user("approver"), True)
    with pytest.raises(NotAllowed) as refused:
        comment(left.delivery, TEXT, by=find.user("approver"))
    assert refused.value.code == "comments-closed"


def test_a_person_reads_what_was_said_about_their_row(customer: SampleCustomer, delivery: Delivery) -> None:
    comment(delivery, TEXT, by=find.user("approver"), row=2)
    comment(delivery, "Over iemand anders.", by=find.user("approver"), row=3)
    document = person_document(customer.record, "1", "HR", "nl", by=find.user("operator"))
    [there] = document["deliveries"]
    assert [(one["row"], one["text"]) for one in there["comments"]] == [(2, TEXT)]
    assert f"<td>{TEXT}</td>" in person_page(document, "nl")
