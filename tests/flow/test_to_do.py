"""What needs a person: each kind of trouble is made, seen in the list, mended, and gone from it (product.md G2)."""

import datetime
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from django.db import connection
from django.db.models import QuerySet
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from tests.contracts.connection_scenario import PERSONS, ConnectionScenario, clock
from tests.contracts.customer import SampleCustomer, person
from tests.contracts.test_standing import STAFF, without_company
from tests.contracts.test_tries import its_time_comes, without_its_file

from instroom.core.errors import NotAllowed
from instroom.core.language import LANGUAGES
from instroom.core.report.to_do_text import kind_word, verb_text, what_text
from instroom.flow import find
from instroom.flow.connections import connections, taking
from instroom.flow.delivery import decide
from instroom.flow.delivery.retry import retry
from instroom.flow.file_server import account_bans, accounts, failed_attempts
from instroom.flow.file_server.account_sign_in import sign_in
from instroom.flow.mails import mail_list
from instroom.flow.moving import closing
from instroom.flow.news import outbox
from instroom.flow.operations import customer_settings
from instroom.flow.queries.operator_overview import operated_customers
from instroom.flow.queries.to_do.all_is_well import all_is_well
from instroom.flow.queries.to_do.thing import Kind, Thing
from instroom.flow.queries.to_do.to_do_list import to_do_for, to_do_of_operator
from instroom.flow.safeguards import proposals
from instroom.flow.webhooks import calls, giving_up, manage
from instroom.store.models import AskedReport, Customer, FileAccount, Mail, User, WebhookCall

pytestmark = pytest.mark.on_sqlite_alone  # but for what is marked otherwise

BAD = [*PERSONS[:-1], person("99", born="31-02-1980")]
HOUR, DAY = datetime.timedelta(hours=1), datetime.timedelta(days=1)


@pytest.fixture
def customer() -> SampleCustomer:
    """A customer of which everybody has an address: there is nothing to do."""
    made = SampleCustomer()
    for user in User.objects.all():
        User.objects.filter(pk=user.pk).update(email=f"{user.username}@voorbeeld.example")
    assert to_do(made) == []
    return made


def only(customer: SampleCustomer) -> QuerySet[Customer]:
    return Customer.objects.filter(pk=customer.record.pk)


def to_do(customer: SampleCustomer, at: str | datetime.timedelta = datetime.timedelta()) -> list[Kind]:
    """The kinds of what there is to do, at a moment of a scenario or so long from now; every text can be said."""
    things = to_do_for(only(customer), clock(at) if isinstance(at, str) else timezone.now() + at)
    for thing in things:
        assert all(texts_of(thing))
    return [thing.kind for thing in things]


def texts_of(thing: Thing) -> list[str]:
    return [
        text
        for lang in LANGUAGES
        for text in (
            what_text(thing.kind, thing.about, thing.facts, lang), verb_text(thing.kind, lang),
            kind_word(thing.kind, lang),
        )
    ]  # fmt: skip


# Connections


def test_a_file_that_is_late_and_then_missing() -> None:
    story = ConnectionScenario()
    story.tick("2027-05-04T01:59")
    assert to_do(story.customer, "2027-05-04T01:59") == []
    story.tick("2027-05-04T02:00")
    (late,) = to_do_for(only(story.customer), clock("2027-05-04T02:00"))
    assert (late.kind, late.about, late.since) == (Kind.LATE, "personen.csv", clock("2027-05-04T01:00"))
    assert what_text(late.kind, late.about, late.facts, "nl") == "personen.csv is te laat, verwacht op 04-05-2027 01:00"
    story.tick("2027-05-04T07:00")
    assert to_do(story.customer, "2027-05-04T07:00") == [Kind.MISSING]
    story.tick("2027-05-05T01:00")
    (missing,) = to_do_for(only(story.customer), clock("2027-05-05T01:10"))
    assert (missing.kind, missing.since) == (Kind.MISSING, clock("2027-05-04T01:00")), "also when the next time comes"
    file = story.receive("2027-05-05T01:20")
    story.tick("2027-05-05T01:20")
    file.refresh_from_db()
    story.customer.approve(file)
    assert to_do(story.customer, "2027-05-05T01:20") == []


def test_a_missing_file_says_who_is_to_be_asked_for_it() -> None:
    story = ConnectionScenario()
    account = accounts.add("hr", story.customer.record, "een-lang-woord-7", by=find.user("operator"))
    story.customer.record.connections.update(account=account)
    FileAccount.objects.update(contact=find.user("supplier"))
    story.tick("2027-05-04T07:00")
    for given, family, called in (("", "", "supplier"), ("Noor", "van Dam", "Noor van Dam")):
        User.objects.filter(username="supplier").update(first_name=given, last_name=family)
        (missing,) = to_do_for(only(story.customer), clock("2027-05-04T07:00"))
        assert missing.facts["contact"] == called


def test_a_rejected_file_is_one_line_until_a_good_one_comes() -> None:
    story = ConnectionScenario()
    story.receive("2027-05-04T00:30", BAD)
    story.tick("2027-05-04T01:00")
    (rejected,) = to_do_for(only(story.customer), clock("2027-05-04T01:00"))
    assert what_text(rejected.kind, rejected.about, rejected.facts, "nl") == "personen.csv is afgekeurd: 1 fout"
    story.tick("2027-05-04T07:00")
    assert to_do(story.customer, "2027-05-04T07:00") == [Kind.REJECTED], "it is why the file is missing"
    story.customer.approve(story.by_hand("2027-05-04T07:10"))
    story.tick("2027-05-04T07:10")
    assert to_do(story.customer, "2027-05-04T07:10") == []


def test_the_same_file_as_last_time() -> None:
    story = ConnectionScenario()
    first = story.receive("2027-05-03T20:00")
    story.tick("2027-05-04T01:00")
    first.refresh_from_db()
    story.customer.approve(first)
    story.receive("2027-05-04T20:00")
    story.tick("2027-05-05T01:00")
    assert to_do(story.customer, "2027-05-05T01:00") == [Kind.STALE]
    story.customer.approve(story.by_hand("2027-05-05T01:10", BAD[:-1]))
    story.tick("2027-05-05T01:10")
    assert to_do(story.customer, "2027-05-05T01:10") == []


def test_a_paused_connection_is_mild_and_asks_for_no_file() -> None:
    story = ConnectionScenario()
    story.tick("2027-05-04T07:00")
    connections.pause(story.connection, by=find.user("operator"))
    (paused,) = to_do_for(only(story.customer), clock("2027-05-04T07:00"))
    assert (paused.kind, paused.severity) == (Kind.PAUSED, "notice")
    connections.resume(story.connection, by=find.user("operator"))
    assert to_do(story.customer) == []


# Deliveries


def test_a_file_that_failed_until_it_is_tried_again(customer: SampleCustomer) -> None:
    delivery, put_back = without_its_file(customer)
    for _ in range(4):
        assert to_do(customer) == [], "it is still tried again by itself"
        its_time_comes(delivery)
        customer.carry_on(delivery)
    assert to_do(customer) == [Kind.FAILED]
    put_back()
    retry(delivery, by=find.user("operator"))
    customer.carry_on(delivery)
    assert to_do(customer) == []


def test_a_file_that_is_held(customer: SampleCustomer) -> None:
    operator = find.user("operator")
    nacht = connections.add("nacht", customer.record, by=operator)
    customer.import_(STAFF, connection="nacht")
    connections.change(nacht, by=operator, standing=True)
    held = customer.deliver(without_company(20), connection="nacht")
    (thing,) = to_do_for(only(customer))
    assert (thing.kind, thing.path) == (Kind.HELD, f"/customers/{customer.name}/deliveries/{held.pk}/plan")
    decide.refuse(held, "Te veel.", by=find.user("approver"))
    assert to_do(customer) == []


def test_a_decision_that_takes_more_than_two_days(customer: SampleCustomer) -> None:
    delivery = customer.deliver([person("1")])
    assert to_do(customer, 47 * HOUR) == []
    assert to_do(customer, 49 * HOUR) == [Kind.UNDECIDED]
    customer.approve(delivery)
    assert to_do(customer, 49 * HOUR) == []


def test_work_that_stands_still(customer: SampleCustomer) -> None:
    one, other = customer.receive([person("1")]), customer.receive([person("2")])
    assert to_do(customer) == []
    (thing,) = to_do_for(only(customer), timezone.now() + 2 * HOUR)
    assert what_text(thing.kind, "", thing.facts, "nl") == "Het werk staat stil: 2 aanleveringen"
    for delivery in (one, other):
        customer.carry_on(delivery)
    assert to_do(customer, 2 * HOUR) == []


def test_files_that_wait_for_a_person() -> None:
    story = ConnectionScenario()
    for waits_for, kind in (("name", Kind.OTHER_NAME), ("date", Kind.OLDER_DATE)):
        file = story.receive("2027-05-03T20:00", name=f"{waits_for}.csv")
        type(file).objects.filter(pk=file.pk).update(waits_for=waits_for)
        file.refresh_from_db()
        assert to_do(story.customer) == [kind]
        taking.take_now(file, by=find.user("operator"), connection=story.connection)
        assert to_do(story.customer) == []


def test_a_report_that_was_given_up(customer: SampleCustomer) -> None:
    delivery = customer.deliver([person("1")])
    asked = AskedReport.objects.create(delivery=delivery, kind="report", suffix=".csv", given_up_at=timezone.now())
    assert to_do(customer) == [Kind.REPORT_GIVEN_UP]
    asked.delete()  # as a day later
    assert to_do(customer) == []


# Accounts of the file server


def guess(times: int, address: str) -> None:
    for _ in range(times):
        with pytest.raises(NotAllowed):
            sign_in("hr", "verkeerd", address, tls=True)


def test_an_account_that_is_closed_after_wrong_passwords(customer: SampleCustomer) -> None:
    account = accounts.add("hr", customer.record, "een-lang-woord-7", by=find.user("operator"))
    guess(5, "192.0.2.7")
    assert to_do(customer) == [Kind.ACCOUNT_CLOSED]
    account_bans.lift_bans(account, by=find.user("operator"))
    failed_attempts.record_upload(account.pk)
    assert to_do(customer) == []
    sign_in("hr", "een-lang-woord-7", "192.0.2.7", tls=True)
    guess(5, "192.0.2.8")
    assert Kind.ACCOUNT_CLOSED not in to_do(customer), "its own program is not kept out"
    guess(5, "192.0.2.7")
    assert to_do(customer) == [Kind.ACCOUNT_CLOSED]


def test_an_upload_that_was_struck_down(customer: SampleCustomer) -> None:
    account = accounts.add("hr", customer.record, "een-lang-woord-7", by=find.user("operator"))
    failed_attempts.remember(account.pk, "wrong-password", address="192.0.2.7")
    assert to_do(customer) == []
    failed_attempts.remember(account.pk, "no-close-notify", address="192.0.2.7", file_name="personen.csv")
    (thing,) = to_do_for(only(customer))
    assert what_text(thing.kind, thing.about, thing.facts, "nl").startswith("Account hr: 2 × mislukt. Het programma")
    failed_attempts.record_upload(account.pk)
    assert to_do(customer) == []


# Webhooks, mails, people


def test_calls_that_did_not_arrive_and_a_receiver_that_is_gone(customer: SampleCustomer) -> None:
    operator = find.user("operator")
    hook = manage.add("adm", customer.record, by=operator, address="https://adm.voorbeeld.example/").webhook
    call = calls.try_out(hook, by=operator)
    ours = WebhookCall.objects.filter(pk=call.pk)
    giving_up.give_up(hook, ours, timezone.now())
    assert to_do(customer) == [Kind.CALLS_GIVEN_UP]
    call.refresh_from_db()
    calls.send_again(call, by=operator)
    assert to_do(customer) == []
    giving_up.stop(hook, ours, timezone.now())
    assert to_do(customer) == [Kind.WEBHOOK_GONE]
    hook.refresh_from_db()
    manage.resume(hook, by=operator)
    call.refresh_from_db()
    calls.send_again(call, by=operator)
    assert to_do(customer) == []


def test_mails_that_did_not_go_out(customer: SampleCustomer) -> None:
    facts = {"name": "x.csv", "Name": "x.csv", "customer": "Klant", "link": "https://voorbeeld.example/", "lines": []}
    outbox.write("imported", "a@voorbeeld.example", "nl", facts, customer=customer.record)
    mail = Mail.objects.get()
    Mail.objects.update(given_up_at=timezone.now())
    assert to_do(customer) == [Kind.MAILS_GIVEN_UP]
    mail_list.try_again(customer.record, mail.pk, by=find.user("operator"))
    assert to_do(customer) == []


def test_nobody_who_may_approve_can_be_mailed(customer: SampleCustomer) -> None:
    approver = User.objects.filter(username="approver")
    approver.update(email="")
    assert to_do(customer) == [Kind.NO_APPROVER]
    approver.update(email="approver@voorbeeld.example", is_active=False)
    assert to_do(customer) == [], "without approvers the operators are asked"
    User.objects.filter(username="operator").update(email="")
    assert to_do(customer) == [Kind.NO_APPROVER]
    approver.update(is_active=True)
    assert to_do(customer) == []


def test_an_operator_without_an_address(customer: SampleCustomer) -> None:
    operator = find.user("operator")
    assert to_do_of_operator(operator, only(customer)) == []
    operator.email = ""
    assert [thing.kind for thing in to_do_of_operator(operator, only(customer))] == [Kind.NO_ADDRESS]


def test_a_proposal_that_waits_for_a_second_person(customer: SampleCustomer) -> None:
    operator = find.user("operator")
    customer_settings.save(customer.record, {"approver_differs": True}, by=operator)
    customer.record.refresh_from_db()
    customer_settings.save(customer.record, {"approver_differs": False}, by=operator)
    assert to_do(customer) == [Kind.PROPOSAL]
    (waits,) = proposals.waiting(customer.record)
    proposals.refuse(waits, by=operator)
    assert to_do(customer) == []


# The site


def test_a_move_that_stands_still_is_all_that_is_said_of_its_customer(customer: SampleCustomer) -> None:
    customer.receive([person("1")])
    operator = find.user("operator")
    operator.is_superuser = True
    operator.save()
    closing.close(customer.record, by=operator)
    assert to_do(customer) == []
    assert to_do(customer, 3 * HOUR) == [Kind.MOVE_STANDS_STILL]
    customer.record.refresh_from_db()
    closing.reopen(customer.record)
    assert to_do(customer, 3 * HOUR) == [Kind.STILL]


def chosen_certificate(folder: Path, days: int) -> Path:
    """A certificate for so many days from now."""
    key, now = ec.generate_private_key(ec.SECP256R1()), timezone.now()
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "voorbeeld.example")])
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    made = made.serial_number(1).not_valid_before(now - DAY).not_valid_after(now + days * DAY)
    target = folder / f"{days}.pem"
    target.write_bytes(made.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM))
    return target


def test_a_certificate_that_ends_is_told_to_who_runs_the_site(
    customer: SampleCustomer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def kinds(days: int, is_superuser: bool) -> list[Kind]:
        monkeypatch.setenv("INSTROOM_FTP_CERTIFICATE", str(chosen_certificate(tmp_path, days)))
        monkeypatch.setenv("INSTROOM_FTP_KEY", str(tmp_path / "key.pem"))
        operator = find.user("operator")
        operator.is_superuser = is_superuser
        return [thing.kind for thing in to_do_of_operator(operator, only(customer))]

    (tmp_path / "key.pem").touch()
    assert kinds(13, True) == [Kind.CERTIFICATE]
    assert kinds(13, False) == []
    assert kinds(90, True) == []


# The list as a whole


@pytest.mark.on_postgresql
def test_the_worst_comes_first_and_of_other_operators_nothing_is_seen(customer: SampleCustomer) -> None:
    other = SampleCustomer()
    hook = manage.add("adm", other.record, by=find.user("operator"), address="https://adm.voorbeeld.example/").webhook
    giving_up.stop(hook, hook.calls.all(), timezone.now())
    other.receive([person("1")])
    customer.receive([person("1")])
    operator = find.user("operator")
    found = to_do_for(operated_customers(operator), timezone.now() + 2 * HOUR)
    assert [thing.kind for thing in found] == [Kind.STILL, Kind.STILL, Kind.WEBHOOK_GONE]
    operator.roles.filter(customer=other.record).delete()
    (own,) = to_do_for(operated_customers(operator), timezone.now() + 2 * HOUR)
    assert own.customer is not None
    assert own.customer.name == customer.name


@pytest.mark.on_postgresql
def test_what_goes_well_is_said_with_the_last_file(customer: SampleCustomer) -> None:
    assert all_is_well(only(customer)) == (0, None)
    connections.add("nacht", customer.record, by=find.user("operator"))
    delivery = customer.deliver([person("1")])
    assert all_is_well(only(customer)) == (1, delivery.received_at)


@pytest.mark.on_postgresql
def test_thirty_customers_take_as_many_queries_as_three(customer: SampleCustomer) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            to_do_for(operated_customers(find.user("operator")), timezone.now() + 9 * DAY)
        return len(asked)

    def add(number: int) -> None:
        for _ in range(number):
            made = SampleCustomer()
            connections.add("nacht", made.record, by=find.user("operator"))
            made.receive([person("1")])

    add(2)
    few = queries()
    add(27)
    assert queries() == few


def test_the_kinds_have_all_their_texts() -> None:
    said: Callable[[str], str]
    for lang in LANGUAGES:
        for said in (lambda kind: verb_text(kind, lang), lambda kind: kind_word(kind, lang)):  # noqa: B023
            assert all(said(kind) for kind in Kind)
