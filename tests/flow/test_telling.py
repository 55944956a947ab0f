"""Which state of a delivery is told to whom; and never to the people in a file (product.md E4)."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.db.models import Q
from django.test import Client
from django.utils import timezone
from tests.contracts.customer import SampleCustomer, company, person, write_csv

from instroom.flow import find
from instroom.flow.delivery import decide, scheduled, undo
from instroom.flow.delivery.receive import receive
from instroom.flow.delivery.receive_once import receive_once
from instroom.flow.delivery.reports import make_asked
from instroom.flow.file_server import accounts
from instroom.flow.mails.daily_overviews import gather_due
from instroom.flow.news import links
from instroom.store.models import Delivery, Mail, Role, User

pytestmark = pytest.mark.on_sqlite_alone  # but for what is marked otherwise

IN_THE_FILE = "p@elders.example"
PERSON = person("1", email=IN_THE_FILE, home_email=IN_THE_FILE, first="Jip")


@pytest.fixture
def customer() -> SampleCustomer:
    """A customer whose people have an address each; the approver reads English."""
    customer = SampleCustomer()
    for name in Role.NAMES:
        User.objects.filter(username=name).update(email=f"{name}@voorbeeld.example")
    User.objects.filter(username="approver").update(language="en")
    return customer


def told() -> list[tuple[str, str]]:
    """What has been written since this was last asked: kind and to whom."""
    mails = told_but_kept()
    Mail.objects.all().delete()
    return mails


@pytest.mark.on_postgresql
def test_the_approver_is_told_that_a_plan_waits_and_the_supplier_that_it_is_imported(customer: SampleCustomer) -> None:
    delivery = customer.deliver([PERSON | company("1", name="Een BV")])
    mail = Mail.objects.get()
    assert (mail.subject, mail.customer, mail.delivery) == (
        "Awaiting approval: personen.csv",
        customer.record,
        delivery,
    )
    assert "Persons: 1 new" in mail.text
    assert told() == [("awaiting-approval", "approver")]
    customer.approve(delivery)
    assert "Personen: 1 nieuw" in Mail.objects.get().text
    assert told() == [("imported", "supplier")]


def test_a_rejection_is_told_to_who_delivered_with_counts(customer: SampleCustomer) -> None:
    customer.deliver([PERSON, person("2", born="31-02-1980")])
    text = Mail.objects.get().text
    assert "1 fout" in text
    assert "2 ingevulde regels" in text
    assert told() == [("rejected", "supplier")]


@pytest.mark.on_postgresql
def test_many_rejections_within_minutes_are_one_mail(customer: SampleCustomer) -> None:
    """It says of each what it is now, and what comes later is another one."""
    for _ in range(9):
        customer.deliver([person("2", born="31-02-1980")])
    gather_due()
    assert not Mail.objects.filter(Q(held_until=None) | Q(gathered_in__isnull=False)).exists()
    gather_due(timezone.now() + timedelta(minutes=5))
    mail = Mail.objects.get(held_until=None)
    assert (mail.kind, mail.to) == ("rejected-gathered", "supplier@voorbeeld.example")
    assert mail.subject == "Afgekeurd: 9 aanleveringen van Klant"
    assert mail.text.count("/deliveries/") == 9
    assert mail.gathered.count() == 9
    customer.deliver([person("2", born="31-02-1980")])
    gather_due(timezone.now() + timedelta(minutes=5))
    assert Mail.objects.filter(kind="rejected", held_until=None).count() == 1, "one alone goes as it is"


def test_rejections_of_several_people_are_not_put_together(customer: SampleCustomer) -> None:
    for name in ("supplier", "supplier", "operator"):
        customer.deliver([person("2", born="31-02-1980")], by=find.user(name))
    gather_due(timezone.now() + timedelta(minutes=5))
    sent = Mail.objects.filter(held_until=None).values_list("kind", "user__username")
    assert sorted(sent) == [("rejected", "operator"), ("rejected-gathered", "supplier")]


def test_gathering_that_breaks_off_loses_nothing(customer: SampleCustomer, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is one transaction: after any kill there is the one mail, or all of them wait."""
    for _ in range(2):
        customer.deliver([person("2", born="31-02-1980")])

    def killed(*given: object, **named: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr("instroom.flow.mails.daily_overviews.Mail.objects.bulk_create", killed)
        broken.setattr("instroom.flow.news.outbox.Mail.objects.bulk_create", killed)
        with pytest.raises(KeyboardInterrupt):
            gather_due(timezone.now() + timedelta(minutes=5))
    assert Mail.objects.filter(held_until__isnull=False, gathered_in=None).count() == 2
    gather_due(timezone.now() + timedelta(minutes=5))
    assert Mail.objects.get(held_until=None).gathered.count() == 2


def test_a_refusal_is_told_and_its_reason_is_not(customer: SampleCustomer) -> None:
    delivery = customer.deliver([PERSON])
    told()
    decide.refuse(delivery, "Jip werkt hier niet meer", by=find.user("approver"))
    assert "Jip" not in Mail.objects.get().text
    assert told() == [("refused", "supplier")]


def test_a_plan_that_changed_goes_back_to_the_approver(customer: SampleCustomer) -> None:
    first, second = customer.deliver([PERSON]), customer.deliver([PERSON | {"job": "Bakker"}])
    decide.approve(first, by=find.user("approver"))
    decide.approve(second, by=find.user("approver"))
    customer.carry_on(second)
    assert second.state == "awaiting-approval"
    assert ("live-changed", "approver") in told()


def test_withdrawn_and_superseded_are_not_told(customer: SampleCustomer) -> None:
    delivery = customer.deliver([PERSON])
    told()
    decide.withdraw(delivery, by=find.user("supplier"))
    assert told() == []


def test_who_is_asked_reads_what_stands_out_and_no_values(customer: SampleCustomer) -> None:
    customer.import_([PERSON | {"surname": "Kramer", "first": "Fleur"} | company("1", name="Een")])
    told()
    customer.deliver([PERSON | {"surname": "Janssen", "first": "Joost"}])
    text = Mail.objects.get().text
    assert "For 1 person, so much of the name and date of birth changes" in text
    assert "No company any more: 1 person. Last time 0." in text
    assert not re.search("Kramer|Fleur|Janssen|Joost|Een", text)


def test_who_approved_it_hears_that_it_was_withdrawn(customer: SampleCustomer) -> None:
    delivery = customer.deliver([PERSON])
    decide.approve(delivery, by=find.user("approver"), at=timezone.now() + timedelta(days=1))
    told()
    decide.withdraw(delivery, by=find.user("supplier"))
    assert told() == [("withdrawn", "approver")]


def test_who_delivered_hears_when_it_goes_to_live_and_that_it_does_not_after_all(customer: SampleCustomer) -> None:
    delivery, approver = customer.deliver([PERSON]), find.user("approver")
    told()
    at = timezone.now() + timedelta(days=1)
    decide.approve(delivery, by=approver, at=at)
    assert timezone.localtime(at).strftime("%H:%M") in Mail.objects.get().text
    assert told() == [("scheduled", "supplier")]
    scheduled.reschedule(delivery, at + timedelta(days=1), by=approver)
    assert told() == [("scheduled", "supplier")]
    scheduled.unapprove(delivery, "Nog niet.", by=approver)
    assert sorted(told()) == [("unapproved", "approver"), ("unapproved", "supplier")]
    decide.withdraw(delivery, by=find.user("operator"))
    assert told() == [("withdrawn-by-other", "supplier")]


def test_who_withdraws_what_they_approved_hears_nothing(customer: SampleCustomer) -> None:
    delivery = customer.deliver([PERSON])
    decide.approve(delivery, by=find.user("operator"), at=timezone.now() + timedelta(days=1))
    told()
    decide.withdraw(delivery, by=find.user("operator"))
    assert told() == [("withdrawn-by-other", "supplier")]


def test_an_undo_says_how_many_it_removes(customer: SampleCustomer) -> None:
    customer.undo(customer.import_([PERSON]))
    asked, done = Mail.objects.filter(kind__startswith="undo-").order_by("pk")
    for mail in (asked, done):
        assert "1 dossier" in mail.text
        assert "0 new, 0 changed, 0 unchanged, 1 removed" in mail.text


def test_an_undo_is_named_as_one(customer: SampleCustomer) -> None:
    delivery = customer.import_([PERSON])
    told()
    customer.undo(delivery)
    kinds = [(mail.kind, mail.subject) for mail in Mail.objects.order_by("pk")]
    assert kinds == [
        ("undo-awaiting-approval", "Awaiting approval: the undo of personen.csv"),
        ("undo-imported", "Done: the undo of personen.csv"),
    ]
    assert "The undo of personen.csv has been done in live" in Mail.objects.order_by("pk").last().text


def test_an_undo_of_what_never_reached_live_is_not_told_as_an_import(customer: SampleCustomer) -> None:
    delivery = customer.deliver([PERSON])
    decide.withdraw(delivery, by=find.user("supplier"))
    told()
    assert customer.carry_on(undo.undo(delivery, by=find.user("approver"))).state == "imported"
    assert told() == []


def test_a_failure_is_told_to_the_operator_too(customer: SampleCustomer) -> None:
    delivery = customer.receive([PERSON])
    Delivery.objects.filter(pk=delivery.pk).update(state="checking", crashes=3)
    customer.carry_on(delivery)
    assert sorted(told()) == [("failed", "operator"), ("failed", "supplier")]


def test_without_an_approver_the_operator_is_asked(customer: SampleCustomer) -> None:
    Role.objects.filter(name=Role.APPROVER).delete()
    customer.deliver([PERSON])
    assert told() == [("awaiting-approval", "operator")]


def test_where_supplier_and_approver_differ_the_supplier_is_not_asked(customer: SampleCustomer) -> None:
    customer.record.policies = {"approver_differs": True}
    customer.record.save()
    Role.objects.create(customer=customer.record, user=User.objects.get(username="supplier"), name=Role.APPROVER)
    Role.objects.filter(user__username="approver").delete()
    customer.deliver([PERSON])
    assert told() == [("awaiting-approval", "operator")]


def test_who_has_left_the_customer_is_not_told_of_it(customer: SampleCustomer) -> None:
    delivery = customer.deliver([PERSON])
    told()
    Role.objects.filter(user__username="supplier").delete()
    decide.refuse(delivery, "nee", by=find.user("approver"))
    assert told() == []


def test_nobody_is_told_twice_who_is_supplier_and_operator(customer: SampleCustomer) -> None:
    Role.objects.create(customer=customer.record, user=User.objects.get(username="supplier"), name=Role.OPERATOR)
    delivery = customer.receive([PERSON])
    Delivery.objects.filter(pk=delivery.pk).update(state="checking", crashes=3)
    customer.carry_on(delivery)
    assert sorted(told()) == [("failed", "operator"), ("failed", "supplier")]


def test_no_mail_goes_to_or_speaks_of_the_people_in_a_file(customer: SampleCustomer) -> None:
    """Whatever becomes of a delivery: imported, rejected, refused, undone."""
    customer.undo(customer.import_([PERSON | company("1", name="Geheim BV")]))
    customer.deliver([PERSON | {"born": "31-02-1980"}])
    decide.refuse(customer.deliver([PERSON]), "nee", by=find.user("approver"))
    assert Mail.objects.count() >= 6
    for mail in Mail.objects.all():
        assert mail.to.endswith("@voorbeeld.example")
        for text in (mail.subject, mail.text, mail.html):
            assert not any(word in text for word in ("Jip", "Voorbeeld,", IN_THE_FILE, "Geheim", "31-02"))


def test_each_link_leads_to_a_page(customer: SampleCustomer) -> None:
    delivery = customer.deliver([PERSON])
    client = Client(SERVER_NAME="localhost")
    client.force_login(User.objects.get(username="approver"))
    for link in (links.delivery(delivery), links.plan(delivery)):
        assert link.startswith("http://127.0.0.1:8000/")
        assert client.get(link.removeprefix("http://127.0.0.1:8000")).status_code == 200


def by_account(customer: SampleCustomer, folder: Path, *records: dict[str, str]) -> Delivery:
    """A file comes in at the file server, and goes as far as it does by itself."""
    account = accounts.add(f"hr-{customer.name}", customer.record, "een-lang-woord-7", by=find.user("operator"))
    file = write_csv(folder / "personen.csv", records)
    return customer.carry_on(receive(file, customer.record, by=account))


def report_of(mail: Mail) -> bytes:
    """The annotated workbook, as the supplier gets it from the link in a mail."""
    client = Client(SERVER_NAME="localhost")
    client.force_login(User.objects.get(username="supplier"))
    page = client.get(re.findall(r"http://127.0.0.1:8000(/\S+)", mail.text)[0])
    (address,) = set(re.findall(r'href="([^"]+/files/annotated)"', page.content.decode()))
    make_asked()
    return b"".join(client.get(address).streaming_content)  # type: ignore[arg-type]


def test_what_came_by_an_account_is_told_to_the_suppliers_with_a_way_to_the_report(
    customer: SampleCustomer, tmp_path: Path
) -> None:
    """After the check, and after each import (product.md F4)."""
    delivery = by_account(customer, tmp_path, PERSON | company("1", name="Een BV"))
    assert told_but_kept() == [("received", "supplier"), ("awaiting-approval", "approver"), ("checked", "supplier")]
    assert report_of(Mail.objects.get(kind="checked")).startswith(b"PK")
    told()
    customer.approve(delivery)
    assert told_but_kept() == [("imported", "supplier")]
    assert report_of(Mail.objects.get()).startswith(b"PK")


def test_a_rejection_of_what_came_by_an_account_leads_to_the_report(customer: SampleCustomer, tmp_path: Path) -> None:
    by_account(customer, tmp_path, PERSON | {"born": "31-02-1980"})
    assert told_but_kept() == [("received", "supplier"), ("rejected", "supplier")]
    assert report_of(Mail.objects.get(kind="rejected")).startswith(b"PK")


def test_who_is_asked_to_approve_is_not_told_apart_that_it_was_checked(
    customer: SampleCustomer, tmp_path: Path
) -> None:
    Role.objects.create(customer=customer.record, user=User.objects.get(username="supplier"), name=Role.APPROVER)
    by_account(customer, tmp_path, PERSON)
    assert sorted(kind for kind, _ in told()) == ["awaiting-approval", "awaiting-approval", "received"]


def told_but_kept() -> list[tuple[str, str]]:
    """As `told`, and the mails stay."""
    return [(mail.kind, mail.to.partition("@")[0]) for mail in Mail.objects.order_by("pk")]


def test_what_a_person_delivers_is_not_told_as_received_and_what_a_program_does_is(
    customer: SampleCustomer, tmp_path: Path
) -> None:
    """Of a program with a token its own user is told; of an account all suppliers are."""
    file = write_csv(tmp_path / "personen.csv", [PERSON])
    receive(file, customer.record, by=find.user("supplier"))
    assert told() == []
    receive(file, customer.record, by=find.user("supplier"), by_program=True)
    assert "zodra het bestand aan de beurt is" in Mail.objects.get().text.lower()
    assert told() == [("received", "supplier")]
    for _ in range(2):
        receive_once("sleutel", file, customer.record, by=find.user("supplier"))
    assert told() == [("received", "supplier")]


@pytest.mark.parametrize(("waits_for", "kind"), [("name", "received-waits"), ("date", "received-older")])
def test_a_file_that_waits_for_a_person_is_told_to_the_operator_too(
    customer: SampleCustomer, tmp_path: Path, waits_for: str, kind: str
) -> None:
    account = accounts.add(f"hr-{customer.name}", customer.record, "een-lang-woord-7", by=find.user("operator"))
    file = write_csv(tmp_path / "anders.csv", [PERSON])
    receive(file, customer.record, by=account, waits_for=waits_for)
    assert sorted(told()) == [(kind, "operator"), (kind, "supplier")]
