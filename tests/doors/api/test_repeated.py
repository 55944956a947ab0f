"""A delivery that is sent again with its key is taken in once (draft-ietf-httpapi-idempotency-key-header)."""

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.utils import timezone
from tests.doors.api.programs import deliver, program, token_of
from tests.doors.web.web_customer import ANNA, BRAM, WebCustomer

from instroom.flow.delivery.advance import advance_all
from instroom.flow.delivery.receive_once import KEPT
from instroom.store.models import Delivery, RepeatKey

pytestmark = pytest.mark.on_postgresql


def test_the_same_again_has_the_same_answer_and_no_second_effect(customer: WebCustomer) -> None:
    client, content = program(token_of(customer, "supplier")), customer.file(ANNA).read_bytes()
    first = deliver(client, customer, content, key="maandag")
    advance_all()
    again = deliver(client, customer, content, key='"maandag"')  # as the draft writes it
    assert (again.status_code, again.json()) == (first.status_code, first.json())
    assert again.headers["Location"] == first.headers["Location"]
    assert ("Idempotency-Replayed" in first.headers, again.headers["Idempotency-Replayed"]) == (False, "true")
    assert Delivery.objects.count() == 1
    assert client.get(first.headers["Location"]).json()["state"] == "awaiting-approval"


def test_a_version_that_corrects_is_the_same_whatever_became_of_what_it_corrects(customer: WebCustomer) -> None:
    corrected = customer.deliver(ANNA)
    client, content = program(token_of(customer, "supplier")), customer.file(ANNA, BRAM).read_bytes()
    first = deliver(client, customer, content, key="k", corrects=str(corrected.pk))
    advance_all()
    corrected.refresh_from_db()
    assert corrected.state != "awaiting-approval"
    assert deliver(client, customer, content, key="k", corrects=str(corrected.pk)).json() == first.json()


@pytest.mark.parametrize("other", [{"content": b"iets anders"}, {"blank": "clear"}])
def test_a_key_is_for_one_delivery(customer: WebCustomer, other: dict[str, str]) -> None:
    client, content = program(token_of(customer, "supplier")), customer.file(ANNA).read_bytes()
    deliver(client, customer, content, key="k")
    response = deliver(client, customer, **{"content": content, "key": "k", **other})  # type: ignore[arg-type]
    assert (response.status_code, response.json()["type"]) == (422, "urn:instroom:problem:key-used")
    assert Delivery.objects.count() == 1


def test_a_key_says_nothing_of_the_name_of_the_file(customer: WebCustomer) -> None:
    """A program that makes a file again gives it the time of then."""
    client, content = program(token_of(customer, "supplier")), customer.file(ANNA).read_bytes()
    first = deliver(client, customer, content, key="k", name="personen-0900.csv").json()
    assert deliver(client, customer, content, key="k", name="personen-0905.csv").json() == first


def test_a_key_is_not_bound_to_the_name_of_the_file(customer: WebCustomer) -> None:
    client, content = program(token_of(customer, "supplier")), customer.file(ANNA).read_bytes()
    first = deliver(client, customer, content, name="upload-1.csv", key="k")
    assert deliver(client, customer, content, name="upload-2.csv", key="k").json() == first.json()
    assert Delivery.objects.get().file_name == "upload-1.csv"


def test_a_key_is_its_users_own(customer: WebCustomer) -> None:
    content = customer.file(ANNA).read_bytes()
    for role in ("supplier", "operator"):
        assert deliver(program(token_of(customer, role)), customer, content, key="k").status_code == 201
    assert Delivery.objects.count() == 2


def test_a_key_is_forgotten_after_a_week(customer: WebCustomer) -> None:
    client, content = program(token_of(customer, "supplier")), customer.file(ANNA).read_bytes()
    deliver(client, customer, content, key="k")
    RepeatKey.objects.update(made_at=timezone.now() - KEPT + timedelta(minutes=1))
    assert "Idempotency-Replayed" in deliver(client, customer, content, key="k").headers
    RepeatKey.objects.update(made_at=timezone.now() - KEPT)
    assert "Idempotency-Replayed" not in deliver(client, customer, content, key="k").headers
    assert (Delivery.objects.count(), RepeatKey.objects.count()) == (2, 1)


def test_what_was_refused_uses_no_key(customer: WebCustomer) -> None:
    client, content = program(token_of(customer, "supplier")), customer.file(ANNA).read_bytes()
    assert deliver(client, customer, content, key="k", connection="geen").status_code == 404
    assert deliver(client, customer, content, key="k").status_code == 201


@pytest.mark.parametrize("key", ["x" * 101, "a\tb", "é"])
def test_a_key_that_will_not_do(customer: WebCustomer, key: str) -> None:
    response = deliver(program(token_of(customer, "supplier")), customer, customer.file(ANNA).read_bytes(), key=key)
    assert response.status_code == 422
    assert response.json()["errors"][0]["place"] == "header.Idempotency-Key"


def test_of_many_at_once_one_is_taken_in(customer: WebCustomer) -> None:
    token, content = token_of(customer, "supplier"), customer.file(ANNA).read_bytes()

    def send(_: int) -> tuple[int, str]:
        try:
            response = deliver(program(token), customer, content, key="k")
            return response.status_code, response.json().get("id", "")
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(send, range(8)))
    assert {status for status, _ in answers} <= {201, 409}
    assert len({number for status, number in answers if status == 201}) == 1
    assert Delivery.objects.count() == 1


def test_after_a_crash_in_the_middle_it_is_a_first_time(customer: WebCustomer) -> None:
    """Killed between the file and the end of the transaction: there is neither key nor delivery."""
    file = customer.file(ANNA)
    killed = subprocess.run([sys.executable, "-c", _KILLED, str(file)], env=os.environ, timeout=600, check=False)
    assert killed.returncode == -9
    assert (Delivery.objects.count(), RepeatKey.objects.count()) == (0, 0)
    response = deliver(program(token_of(customer, "supplier")), customer, file.read_bytes(), name=file.name, key="k")
    assert (response.status_code, Delivery.objects.count()) == (201, 1)


_KILLED = """
import os, signal, sys
from pathlib import Path
from instroom.config import setup
setup()
from instroom.flow import audit, find
from instroom.flow.delivery import receive_once
audit_record = audit.record
def killed(*arguments, **facts):
    audit_record(*arguments, **facts)
    os.kill(os.getpid(), signal.SIGKILL)
audit.record = killed
path, by = Path(sys.argv[1]), find.user("ons-supplier")
receive_once.receive_once("k", path, find.customer("ons"), by=by, name="levering.csv")
"""


def test_the_same_file_without_a_key_is_a_new_delivery(customer: WebCustomer, tmp_path: Path) -> None:
    client, content = program(token_of(customer, "supplier")), customer.file(ANNA).read_bytes()
    assert deliver(client, customer, content).json()["id"] != deliver(client, customer, content).json()["id"]
