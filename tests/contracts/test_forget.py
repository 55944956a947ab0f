"""The file of a delivery goes with all that was made of it, whatever happens in between; the delivery stays."""

import pytest
from django.db import transaction

from instroom.core.errors import NotFound
from instroom.flow.delivery.answer import answer_of
from instroom.flow.delivery.forget import forget_file
from instroom.flow.delivery.reports import make_asked
from instroom.store.leases import held, reports_of
from instroom.store.models import AskedReport, Delivery
from tests.contracts.customer import SampleCustomer, person
from tests.kept_files import path_of

pytestmark = pytest.mark.on_sqlite_alone  # but for what is marked otherwise


def files_of(delivery: Delivery) -> list[str]:
    """What is on disk of it: the file and its reports."""
    own = path_of(delivery.file_key)
    return [one.name for one in own.parent.glob(f"{own.name}*")]


@pytest.mark.parametrize(
    "is_made",
    [
        pytest.param(True, id="reports are made"),
        pytest.param(False, id="reports are asked for", marks=pytest.mark.on_postgresql),
    ],
)
def test_name_hash_and_counts_stay(is_made: bool) -> None:
    customer = SampleCustomer()
    delivery, other = (customer.deliver([person("1", born="31-02-1980")]) for _ in range(2))
    if is_made:
        make_asked()
    forget_file(delivery)
    assert files_of(delivery) == []
    make_asked()
    assert len(files_of(other)) > 1
    assert not AskedReport.objects.exists()
    with pytest.raises(NotFound, match=str(delivery.pk)):
        answer_of(delivery)
    delivery.refresh_from_db()
    assert (delivery.file_name, delivery.sha256, delivery.counts) == (other.file_name, other.sha256, other.counts)
    assert (delivery.kept_bytes, delivery.file_removed_at is None) == (0, False)


@pytest.mark.on_postgresql
def test_it_stays_where_what_it_goes_for_does_not_happen() -> None:
    delivery = SampleCustomer().deliver([person("1")])
    with pytest.raises(RuntimeError), transaction.atomic():
        forget_file(delivery)
        raise RuntimeError
    delivery.refresh_from_db()
    assert (files_of(delivery) != [], delivery.file_removed_at) == (True, None)


def test_it_goes_later_where_a_report_is_being_made_or_the_process_was_killed() -> None:
    delivery = SampleCustomer().deliver([person("1")])
    with held(reports_of(delivery.customer_id)):
        forget_file(delivery)
    assert files_of(delivery) != []
    with pytest.raises(NotFound):
        answer_of(delivery)
    make_asked()
    assert files_of(delivery) == []
