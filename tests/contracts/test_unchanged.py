"""A file that changes nothing in live is done without an approval, where that was agreed on (`unchanged_ends`)."""

import pytest

from instroom.flow import delivery_document, find
from instroom.flow.connections import connections
from instroom.flow.delivery import decide
from instroom.flow.operations import customer_settings
from instroom.flow.queries.timeline import timeline
from instroom.store.models import AuditEntry, Delivery, Mail, Plan, User
from tests.contracts.customer import Row, SampleCustomer, company, person

STAFF: list[Row] = [person(str(number)) | company("1", name="Een BV") for number in range(1, 41)]


@pytest.fixture
def customer() -> SampleCustomer:
    """A customer with that agreement, whose staff is in live."""
    customer = SampleCustomer()
    User.objects.filter(username="supplier").update(email="supplier@voorbeeld.example")
    connections.add("nacht", customer.record, by=find.user("operator"))
    customer.import_(STAFF, connection="nacht")
    agree(customer)
    Mail.objects.all().delete()
    return customer


def agree(customer: SampleCustomer, ends: bool = True) -> None:
    customer_settings.save(customer.record, {"unchanged_ends": ends}, by=find.user("operator"))


def outcome(delivery: Delivery) -> tuple[str, str]:
    return delivery.state, delivery.reason


@pytest.mark.parametrize("connection", [None, "nacht"])
def test_it_is_done_and_that_is_said(customer: SampleCustomer, connection: str | None) -> None:
    """To its supplier by mail, in the audit log, and to programs; live is as it was."""
    before = customer.snapshot()
    delivery = customer.deliver(STAFF, connection=connection)
    assert outcome(delivery) == ("imported", "nothing-changed")
    assert customer.snapshot() == before
    assert delivery.finished_at is not None
    assert delivery.plans.get(environment=customer.environment("live")).state == Plan.IMPORTED
    mail = Mail.objects.get()
    assert (mail.kind, mail.to) == ("imported-unchanged", "supplier@voorbeeld.example")
    assert mail.subject == "Geïmporteerd, niets gewijzigd: personen.csv"
    assert AuditEntry.objects.get(delivery=delivery, action="imported-unchanged").user is None
    assert timeline(delivery)["reason"] == "nothing-changed"
    assert delivery_document.document(delivery)["live"]["persons"]["unchanged"] == 40


@pytest.mark.on_sqlite_alone
def test_without_the_agreement_it_waits(customer: SampleCustomer) -> None:
    agree(customer, ends=False)
    assert outcome(customer.deliver(STAFF)) == ("awaiting-approval", "")


@pytest.mark.on_sqlite_alone
@pytest.mark.parametrize(
    "rows",
    [
        [*STAFF[1:], STAFF[0] | {"job": "Coach"}],
        [*STAFF, person("41")],
        [*STAFF[1:], STAFF[0] | {"c": "", "cs": "", "name": ""}],
        [*STAFF[1:], STAFF[0] | company("2", name="Twee BV")],
        [*STAFF[1:], STAFF[0] | {"group": "Rol", "category": "Chef"}],
    ],
    ids=["changed", "new", "unlinked", "relinked", "category"],
)
def test_one_change_waits_for_a_person(customer: SampleCustomer, rows: list[Row]) -> None:
    assert customer.deliver(rows).state == "awaiting-approval"


@pytest.mark.on_sqlite_alone
def test_a_record_that_is_left_out_waits_for_a_person(customer: SampleCustomer) -> None:
    """The others change nothing, but it might have."""
    rows = [*STAFF[1:], STAFF[0] | {"born": "31-02-1980"}]
    delivery = customer.deliver(rows, on_error="skip", skip_limit_percent=50)
    assert delivery.state == "awaiting-approval"


@pytest.mark.on_sqlite_alone
def test_far_fewer_records_than_before_wait_for_a_person(customer: SampleCustomer) -> None:
    """A guard of the connection would hold that: a file of one record changes nothing either."""
    assert customer.deliver(STAFF[:20], connection="nacht").state == "awaiting-approval"
    assert outcome(customer.deliver(STAFF[:38], connection="nacht")) == ("imported", "nothing-changed")


@pytest.mark.on_sqlite_alone
def test_after_a_person_has_corrected_a_file_of_the_connection_a_person_looks(customer: SampleCustomer) -> None:
    changed = customer.deliver([*STAFF[1:], STAFF[0] | {"job": "Coach"}], connection="nacht")
    decide.refuse(changed, "Nee.", by=find.user("approver"))
    assert customer.deliver(STAFF, connection="nacht").state == "awaiting-approval"


@pytest.mark.on_sqlite_alone
def test_an_older_one_that_still_waits_is_superseded(customer: SampleCustomer) -> None:
    """It is older than what live and the newer file agree on."""
    waiting = customer.deliver([*STAFF[1:], STAFF[0] | {"job": "Coach"}], connection="nacht")
    assert outcome(customer.deliver(STAFF, connection="nacht")) == ("imported", "nothing-changed")
    waiting.refresh_from_db()
    assert waiting.state == "superseded"


@pytest.mark.on_sqlite_alone
def test_an_undo_is_always_decided_on(customer: SampleCustomer) -> None:
    delivery = customer.deliver(STAFF)
    assert customer.undo(delivery).state in ("awaiting-approval", "imported")
    assert not AuditEntry.objects.filter(action="imported-unchanged", delivery__kind=Delivery.UNDO).exists()


@pytest.mark.on_sqlite_alone
def test_it_counts_as_no_approval(customer: SampleCustomer) -> None:
    """The standing approval is measured against what a person last approved."""
    delivery = customer.deliver(STAFF, connection="nacht")
    assert (delivery.decided_by, delivery.decided_at, delivery.automatic) == (None, None, False)
