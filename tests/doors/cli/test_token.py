"""`instroom token`: made, listed and ended at the command line."""

import json

from tests.commands import Run

from instroom.flow.operations.init import DEMO_USERS, add_customer
from instroom.flow.people.api_tokens import holder
from instroom.store.models import ApiToken


def test_a_token_is_shown_once_and_kept_as_a_hash(run: Run) -> None:
    add_customer("demo", "Demo", DEMO_USERS)
    made = run("token", "add", "HR-systeem", "--by", "supplier", "--days", "30", "--lang", "en")
    assert made.code == 0, made.err
    secret = made.out.strip()
    visit = holder(secret)
    assert visit is not None
    assert (visit.user.username, sorted(visit.actions)) == ("supplier", ["deliver", "read"])
    assert "This token is shown only once. It is valid until" in made.err
    assert secret.removeprefix("instroom_") not in str(list(ApiToken.objects.values()))


def test_a_token_is_ended_by_its_owner_or_an_operator(run: Run) -> None:
    add_customer("demo", "Demo", DEMO_USERS)
    first, second = (
        json.loads(run("token", "add", name, "--by", "supplier", "--format", "json").out) for name in ("een", "twee")
    )
    assert run("token", "end", first["id"], "--by", "reader").code == 2
    assert holder(first["token"]) is not None
    assert run("token", "end", first["id"], "--by", "supplier").code == 0
    assert run("token", "end", second["id"]).code == 0  # by operator
    assert [holder(one["token"]) for one in (first, second)] == [None, None]
    assert run("token", "list", "--customer", "nergens").code == 2
    listed = json.loads(run("token", "list", "--format", "json").out)["tokens"]
    assert [(one["name"], one["ended_at"] is None, "token" in one) for one in listed] == [
        ("twee", False, False),
        ("een", False, False),
    ]
    assert "geldt niet meer sinds" in run("token", "list").out


def test_what_the_user_may_not_do_no_program_may_do(run: Run) -> None:
    add_customer("demo", "Demo", DEMO_USERS)
    refused = run("token", "add", "x", "--by", "reader", "--scope", "approve", "--lang", "en")
    assert refused.code == 1
    assert refused.err == "reader may not approve for demo: that takes the role approver or operator.\n"
    assert run("token", "add", "x", "--days", "367").code == 2
    assert run("token", "end", "niets").code == 2
    assert not ApiToken.objects.exists()
