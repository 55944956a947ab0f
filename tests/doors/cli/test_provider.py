"""`instroom provider`: the way of an operator who sets it up, and the way back in."""

import pytest
from tests.commands import Run

from instroom.flow import find
from instroom.flow.operations.init import DEMO_USERS, add_customer
from instroom.flow.people.sign_in import refuse_switched_off
from instroom.store.models import SignInProvider


def test_a_provider_is_set_up_shown_and_removed(run: Run) -> None:
    add_customer("demo", "Demo", DEMO_USERS)
    assert run("provider", "show").code == 2
    issuer = ("--issuer", "https://inlog.voorbeeld.example/", "--client-id", "instroom")
    made = run("provider", "set", *issuer, "--secret", "--domain", "Voorbeeld.example", stdin=b"heel geheim\n")
    assert made.code == 0
    assert "heel geheim" not in made.out + SignInProvider.objects.get().client_secret
    assert run("provider", "set", "--group", "hr=supplier:HR", "--group", "a=b=reader,supplier").code == 0
    shown = run("provider", "show", "--format", "json").document
    assert shown["groups"] == {
        "hr": {"roles": ["supplier"], "sources": ["HR"]},
        "a=b": {"roles": ["supplier", "reader"], "sources": []},
    }
    assert (shown["has_secret"], shown["mail_domains"]) == (True, ["voorbeeld.example"])
    assert shown["redirect_uri"].endswith("/sign-in/with/demo/back")
    for wrong in (
        ("--issuer", "https://inlog.voorbeeld.example/?x=1"), ("--issuer", "http://127.0.0.1/"), ("--group", "hr=baas"),
        ("--domain", "geen domein"), ("--client-id", "met spatie"), ("--passwords", "off"), ("--by", "reader"),
    ):  # fmt: skip
        assert run("provider", "set", *wrong).code == 1, wrong
    assert run("provider", "show", "--format", "json").document == shown
    SignInProvider.objects.update(passwords=False)
    with pytest.raises(Exception, match="organisation"):
        refuse_switched_off(find.user("reader"))
    assert run("provider", "set", "--passwords", "on").code == 0  # the way back in
    refuse_switched_off(find.user("reader"))
    assert (run("provider", "remove").code, SignInProvider.objects.count()) == (0, 0)
