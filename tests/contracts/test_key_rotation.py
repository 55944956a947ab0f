"""`instroom keys rotate`: all stays readable, nothing is under an older key any more, and that key goes."""

from datetime import timedelta

import pytest
from django.db.models import F

from instroom.config import secret
from instroom.config.secret import secret_keys
from instroom.core.plan.frequent import MANY
from instroom.flow import comments, delivery_document, find
from instroom.flow.operations import key_rotation
from instroom.flow.people import codes
from instroom.flow.queries.audit_verification import verify_all
from instroom.flow.webhooks import manage
from instroom.store import audit_chain, data_keys
from instroom.store.models import AuditHead, DataKey, Delivery, Mail, User, Webhook
from instroom.store.sealing import unseal
from instroom.store.sql import findings, sealed_columns
from tests.contracts.customer import SampleCustomer, company, person
from tests.database import home


@pytest.fixture
def customer() -> SampleCustomer:
    """With something in every column that is sealed."""
    made = SampleCustomer()
    User.objects.filter(username="supplier").update(email="supplier@voorbeeld.example")
    many = [str(number) for number in range(3, 3 + MANY)]
    first = made.import_([person("1") | company("B-1", name="Een BV"), person("2", job="geen"), *map(person, many)])
    made.import_([person("1", surname="Merelstein"), *(person(number, job="Coach") for number in many)])
    comments.comment(first, "Klopt dit?", by=find.user("approver"))
    made.undo(first)
    return made


def all_of(customer: SampleCustomer) -> list[object]:
    """What is read of all that is sealed."""
    deliveries = list(Delivery.objects.filter(customer=customer.record).order_by("pk"))
    plans = [delivery_document.plan_of(one, "live") for one in deliveries]
    changes = [list(delivery_document.changes(one, place)) for one in deliveries for place in ("live", "training")]
    found = [list(findings.stored(one)) for one in deliveries]
    mails = [(one.subject, one.text, one.html, one.facts) for one in Mail.objects.order_by("pk")]
    files = [file.opened().read() for file in sorted(key_rotation.files_of(customer.record), key=lambda one: one.key)]
    asked = [one.text for delivery in deliveries for one in comments.comments_on(delivery)]
    return [[plan and (plan.kept, plan.frequent) for plan in plans], changes, found, mails, files, asked]


def test_all_is_read_as_before_and_nothing_is_under_the_older_keys(customer: SampleCustomer) -> None:
    webhook, secret = manage.add(
        "crm", customer.record, by=find.user("operator"), address="https://crm.voorbeeld.example/"
    )
    spare = codes.new_recovery_codes(user := find.user("approver"))
    before, older, site = all_of(customer), data_keys.current(customer.record.pk), secret_keys(home())
    assert all(before[1]) and all(before[3]) and before[4]
    done = key_rotation.rotate()
    assert (done.site_key, done.keys) == (True, 2)
    assert secret_keys(home()) == [secret_keys(home())[0], *site[:1]] != site
    assert all_of(customer) == before
    assert key_rotation.reseal_values() == 0
    assert not sealed_columns.is_used(older.id)
    assert {file.key_id() for file in key_rotation.files_of(customer.record)} == {
        data_keys.current(customer.record.pk).id
    }
    assert key_rotation.delete_unused_keys() == 0  # what began under it may still be written
    DataKey.objects.filter(replaced_at__isnull=False).update(replaced_at=F("replaced_at") - timedelta(days=4))
    assert key_rotation.delete_unused_keys() == 1
    data_keys.by_id.cache_clear()
    (home() / "secret-key").write_text(f"{secret_keys(home())[0]}\n", encoding="ascii")
    assert all_of(customer) == before
    assert unseal(Webhook.objects.get(pk=webhook.pk).secret, "webhook") == secret
    codes.check(user, spare[0], "192.0.2.1")
    for head in AuditHead.objects.all():  # under the new key alone, once the older one is out
        assert audit_chain.is_sealed(head.chain, head.number, head.hash, head.seal)
    key_rotation.rotate()  # the key under which the customer's audit log ended is gone with this
    assert {one.fault for one in verify_all()} == {None}


@pytest.mark.on_sqlite_alone
def test_nothing_is_lost_where_changes_of_the_sites_key_were_broken_off(customer: SampleCustomer) -> None:
    before = all_of(customer)
    for _ in range(2):  # killed before anything was wrapped by the new key
        secret.add(home())
    key_rotation.rotate()
    assert len(secret_keys(home())) == 2
    data_keys.by_id.cache_clear()
    assert all_of(customer) == before


@pytest.mark.on_sqlite_alone
def test_every_sealed_column_has_values_in_these_tests(customer: SampleCustomer) -> None:
    empty = {(one.table, one.column) for one in sealed_columns.sealed_columns()}
    for key in DataKey.objects.values_list("pk", flat=True):
        empty -= {(one.table, one.column) for one in sealed_columns.sealed_columns() if next(one.rows_under(key), [])}
    assert empty <= {("store_mail", "facts")}


def test_what_is_written_under_an_older_key_meanwhile_is_found_later(customer: SampleCustomer) -> None:
    key_rotation.rotate()
    [older] = DataKey.objects.filter(customer=customer.record, replaced_at__isnull=False)
    mail = Mail.objects.filter(customer=customer.record).first()
    assert mail
    late = data_keys.by_id(older.pk).seal(b"late")
    column = next(one for one in sealed_columns.sealed_columns() if (one.table, one.column) == ("store_mail", "text"))
    [rows] = list(column.rows_under(data_keys.current(customer.record.pk).id))
    column.replace([(late, row, blob) for row, blob, _ in rows])
    DataKey.objects.filter(pk=older.pk).update(replaced_at=F("replaced_at") - timedelta(days=4))
    assert key_rotation.delete_unused_keys() == 0
    assert key_rotation.reseal_values() == len(rows)
    assert key_rotation.delete_unused_keys() == 1
    assert Mail.objects.get(pk=mail.pk).text == "late"
