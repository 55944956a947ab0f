"""What went wrong with a delivery stands on its page, and an operator has it tried again there."""

import re
from datetime import timedelta

from django.test import Client
from django.utils import timezone
from tests.doors.web.web_customer import ANNA, WebCustomer, markup
from tests.kept_files import path_of

from instroom.doors.web.deliveries.progress import steps_of
from instroom.flow import find
from instroom.flow.delivery.advance import advance_all
from instroom.flow.delivery.receive import receive
from instroom.store.models import Delivery


def test_a_delivery_that_failed_says_why_and_an_operator_has_it_tried_again(customer: WebCustomer) -> None:
    by, owner = find.user(f"{customer.name}-supplier"), find.customer(customer.name)
    delivery = receive(customer.file(ANNA), owner, by=by)
    kept = path_of(delivery.file_key)
    aside = kept.rename(kept.with_suffix(".aside"))
    address = f"/customers/{customer.name}/deliveries/{delivery.pk}"

    def page(role: str) -> str:
        return markup(customer.signed_in(role).get(address))

    def goes_on(**values: object) -> None:
        Delivery.objects.filter(pk=delivery.pk).update(**values, try_again_at=timezone.now() - timedelta(seconds=1))
        advance_all()

    goes_on(failures=0)
    for piece in ("Attempt 1 failed. The next one is at", "The kept file is gone from the server."):
        assert piece in page("supplier")
    assert "updates automatically" not in page("supplier")
    listed = markup(customer.signed_in("supplier").get(f"/customers/{customer.name}/deliveries"))
    delivery.refresh_from_db()
    assert re.search(rf"next attempt on [^<]+{timezone.localtime(delivery.try_again_at):%H:%M}", listed)
    button = f'action="{address}/retry"'
    assert button not in page("operator")
    goes_on(failures=4)
    assert "The kept file is gone from the server." in page("supplier")
    assert re.findall(
        r'<li class="(\w+)"', page("supplier").partition('<ol class="steps"')[2].partition("</ol>")[0]
    ) == [*("done", "stopped", "later", "later", "later")]
    assert [button in page(role) for role in ("operator", "supplier", "approver")] == [True, False, False]
    delivery.state, delivery.verdict = "superseded", "clean"  # by newer ones, which were first in training
    assert [step.state for step in steps_of(delivery)] == ["done", "done", "stopped", "later", "later"]
    aside.rename(kept)
    operator: Client = customer.signed_in("operator")
    told = operator.post(f"{address}/retry", follow=True)
    assert "The delivery is being tried again." in markup(told)
    assert "Result of the check" not in markup(told)
    advance_all()
    assert "had it tried again" in page("operator")
    delivery.refresh_from_db()
    assert delivery.state == "awaiting-approval"
