"""A new site: from an empty folder to an operator who is signed in and adds a customer, by what `init` says."""

import os
import pty
import re
import subprocess
from pathlib import Path

import pytest
from django.test import Client
from tests.commands import INSTROOM, Run, environment

from instroom.flow.operations.init import has_site_operator
from instroom.store.models import AuditEntry, Customer, Role, User

PASSWORD = "vier natte sokken"  # noqa: S105 - of nobody


def commands_in(text: str) -> list[list[str]]:
    """What is between `instroom` and the explanation, in lines with commands."""
    return [line.split() for line in re.findall(r"^  instroom (.+?)(?: {2,}.*)?$", text, re.MULTILINE)]


@pytest.mark.on_postgresql
def test_what_init_says_leads_to_an_operator_who_adds_a_customer(run: Run) -> None:
    said = run("init").err
    add, password, customer, serve = commands_in(said)
    assert not User.objects.exists() and not Customer.objects.exists()
    assert (run(*add).code, run(*password, stdin=PASSWORD.encode()).code) == (0, 0)
    assert has_site_operator() and serve == ["serve"] and customer[:2] == ["customer", "add"]

    browser = Client(SERVER_NAME="localhost")
    assert browser.post("/sign-in", {"name": "operator", "password": PASSWORD}).status_code == 302
    assert browser.get("/").headers["Location"] == "/operator"
    assert browser.get("/operator").status_code == 200
    added = browser.post("/operator/customers/add", {"name": "voorbeeld-bv", "title": "Voorbeeld BV"})
    assert added.headers["Location"] == "/customers/voorbeeld-bv/begin"
    assert browser.get("/customers/voorbeeld-bv").status_code == 200
    assert run("customer", "add", "ander", "--title", "Ander BV").code == 0
    assert Role.objects.filter(user__username="operator", name=Role.OPERATOR).count() == 2


def test_what_was_made_by_init_before_is_named(run: Run) -> None:
    run("init")
    for lang in ("nl", "en"):
        assert "instroom init --demo" in run("user", "list", "--lang", lang).err
        ran = run("customer", "add", "nieuw", "--title", "Nieuw", "--lang", lang)
        assert ran.code == 2 and " --site-operator" in ran.err and "--by" in ran.err


def test_a_site_operator_has_no_role_besides(run: Run) -> None:
    ran = run("user", "add", "anna", "--site-operator", "--role", "reader", "--lang", "en")
    assert (ran.code, User.objects.count()) == (2, 0) and "--role" in ran.err
    assert run("user", "add", "anna", "--site-operator").code == 0
    assert run("user", "add", "Anna", "--site-operator").code == 1


@pytest.mark.on_postgresql
def test_the_demo_of_a_site_with_operators_gives_nobody_more(run: Run) -> None:
    run("user", "add", "anna", "--site-operator")
    assert run("init", "--demo").code == 0
    assert [user.username for user in User.objects.filter(is_superuser=True)] == ["anna"]
    assert Role.objects.filter(user__username="anna", customer__name="demo", name=Role.OPERATOR).exists()


def test_an_empty_folder_has_nothing_to_upgrade(run: Run, tmp_path: Path) -> None:
    ran = run("upgrade", INSTROOM_HOME=str(tmp_path / "nieuw"), INSTROOM_DATABASE_URL="")
    assert ran.code == 2 and "instroom init" in ran.err and not (tmp_path / "nieuw").exists()


def at_a_terminal(*arguments: str) -> str:
    """Run it with standard error on a terminal; what it says there."""
    ours, its = pty.openpty()
    with os.fdopen(ours, "rb", buffering=0) as terminal:
        ran = subprocess.run([INSTROOM, *arguments], env=environment(), stdout=subprocess.PIPE, stderr=its, check=False)
        said = terminal.read(65536)
        os.close(its)
    assert (ran.returncode, ran.stdout) == (0, b"")
    return said.decode().replace("\r\n", "\n")


@pytest.mark.parametrize("demo", [(), pytest.param(("--demo",), marks=pytest.mark.slow)])
def test_at_a_terminal_init_lets_the_first_operator_in_once(demo: tuple[str, ...]) -> None:
    said = at_a_terminal("init", "--email", "ik@voorbeeld.example", *demo)
    (password,) = re.findall(r"^  wachtwoord  (\S+)$", said, re.MULTILINE)
    assert "Aanmelden: http://127.0.0.1:8000/\n  naam        operator\n" in said
    assert "  instroom serve " in said and ("instroom deliver" in said) is bool(demo)
    operator = User.objects.get(username="operator")
    assert (operator.is_superuser, operator.email) == (True, "ik@voorbeeld.example")
    form = {"name": operator.email, "password": password}
    assert Client(SERVER_NAME="localhost").post("/sign-in", form).status_code == 302
    assert "wachtwoord" not in at_a_terminal("init", *demo)
    assert not any(password in str(entry.facts) for entry in AuditEntry.objects.all())


def test_a_script_makes_the_first_operator_and_reads_no_password(run: Run) -> None:
    said = run("init", "--email", "ik@voorbeeld.example", "--lang", "en").err
    assert "instroom user password operator" in said and "  password " not in said
    assert not User.objects.get(username="operator").has_usable_password()
    assert "--email was not used" in run("init", "--email", "ander@voorbeeld.example", "--lang", "en").err


def test_somebody_else_called_operator_is_not_let_in(run: Run) -> None:
    User.objects.create(username="operator", email="iemand@voorbeeld.example")
    assert "user add operator --site-operator" in run("init", "--email", "ik@voorbeeld.example").err
    assert (User.objects.get().email, User.objects.get().is_superuser) == ("iemand@voorbeeld.example", False)
