"""`instroom customer`: added, listed, and what holds for their deliveries."""

from pathlib import Path

import pytest
from tests.commands import Run
from tests.core.test_png import picture

from instroom.flow.moving import closing
from instroom.flow.operations.init import DEMO_USERS, add_customer
from instroom.store.models import Customer, Role, User

OURS = {
    "blank": "leave", "nothing_words": "keep", "on_error": "whole", "skip_limit_percent": 10,
    "approver_differs": False, "unchanged_ends": False,
    "quiet_above": 2000, "quiet_from": "20:00", "quiet_until": "06:00",
    "keep_files_days": 30, "keep_ledger_months": 60, "keep_audit_months": 84,
}  # fmt: skip


@pytest.fixture(autouse=True)
def demo() -> None:
    """The customer `demo`, whose operator is a site operator."""
    add_customer("demo", "Demo", DEMO_USERS)
    User.objects.filter(username="operator").update(is_superuser=True)


def test_a_customer_is_added_and_listed(run: Run) -> None:
    added = run("customer", "add", "nieuw", "--title", "Nieuw BV", "--lang", "en")
    assert (added.code, "instroom user invite ADDRESS --customer nieuw" in added.err) == (0, True)
    assert run("customer", "list").out == "demo: Demo\nnieuw: Nieuw BV\n"
    closing.close(Customer.objects.get(name="nieuw"), by=User.objects.get(username="operator"))
    assert run("customer", "list", "--lang", "en").out == "demo: Demo\nnieuw: Nieuw BV (closed while it moves)\n"
    listed = run("customer", "list", "--format", "json").document["customers"]
    assert {one["name"]: one["moving"] for one in listed} == {"demo": False, "nieuw": True}
    listed = run("customer", "list", "--format", "json").document["customers"]
    assert [(one["name"], one["title"]) for one in listed] == [("demo", "Demo"), ("nieuw", "Nieuw BV")]
    shown = run("customer", "show", "nieuw", "--format", "json").document
    assert shown == listed[1] | {"policies": OURS}
    assert list(Role.objects.filter(customer__name="nieuw").values_list("user__username", "name")) == [
        ("operator", "operator")
    ]


def test_a_site_operator_is_made_while_a_customer_moves(run: Run) -> None:
    customer = Customer.objects.get()
    closing.close(customer, by=User.objects.get(username="operator"))
    made = run("user", "site-operator", "reader")
    assert made.code == 0, made.err
    closing.reopen(customer)
    assert Role.objects.filter(customer=customer, user__username="reader", name=Role.OPERATOR).exists()


@pytest.mark.parametrize(
    ("words", "code", "why"),
    [
        (("add", "nieuw"), 2, "--title"),
        (("add", "demo", "--title", "Nog een"), 1, "al een klant demo"),
        (("add", "Nieuw", "--title", "Nieuw"), 1, "korte naam"),
        (("add", "nieuw", "--title", " "), 1, "hoe de klant heet"),
        (("add", "nieuw", "--title", "Nieuw", "--by", "reader"), 1, "sitebeheerder"),
        (("show", "nergens"), 2, "geen klant nergens"),
        (("change", "nergens", "--blank", "clear"), 2, "geen klant nergens"),
        (("change", "demo", "--blank", "clear", "--by", "reader"), 1, "instellingen wijzigen"),
        (("change", "demo", "--quiet-from", "25:00"), 1, "20:00"),
        (("change", "demo", "--quiet-above", "100001"), 2, "--quiet-above"),
    ],
)
def test_what_is_not_possible_says_why(run: Run, words: tuple[str, ...], code: int, why: str) -> None:
    ran = run("customer", *words)
    assert (ran.code, why in ran.err) == (code, True), ran.err
    assert Customer.objects.get().policies == {}


def test_the_policies_that_are_named_change(run: Run) -> None:
    changed = run("customer", "change", "demo", "--approver-differs", "--quiet-from", "", "--format", "json")
    assert (changed.code, changed.err) == (0, "Gewijzigd: approver_differs, quiet_from\n")
    assert changed.document["policies"] == OURS | {"approver_differs": True, "quiet_from": ""}
    changed = run("customer", "change", "demo", "--approver-may-be-supplier", "--skip-limit", "5", "--lang", "en")
    assert (
        "  With a faulty record nothing is imported\n  Somebody other than the supplier must approve\n" in changed.out
    )
    assert changed.out.endswith("  There are no quiet hours\n")
    assert "somebody else confirms it: `instroom proposal" in changed.err, "it relaxes a safeguard"
    assert Customer.objects.get().policies == {"approver_differs": True, "quiet_from": "", "skip_limit_percent": 5}
    assert run("customer", "change", "demo", "--lang", "en").err.startswith(
        "This waits until somebody else confirms it"
    )


def test_a_quota_is_shown_and_set(run: Run, tmp_path: Path) -> None:
    assert run("customer", "quota", "demo").out == "demo gebruikt 0 van 20.480 MB.\n"
    assert run("customer", "quota", "demo", "0", "--lang", "en").out == "demo uses 0 of 0 MB.\n"
    assert run("customer", "quota", "demo", "--format", "json").document == {"customer": "demo", "used": 0, "quota": 0}
    file = tmp_path / "personen.csv"
    file.write_text("x", encoding="utf-8")
    delivered = run("deliver", str(file), "--lang", "en")
    assert (delivered.code, "there is no room for this file" in delivered.err) == (1, True)
    assert run("customer", "quota", "demo", "default").out == "demo gebruikt 0 van 20.480 MB.\n"
    assert (
        run("customer", "quota", "demo", "veel").code,
        run("customer", "quota", "demo", "9" * 5000).code,
        run("customer", "quota", "demo", "5", "--by", "reader").code,
    ) == (1, 1, 1)


def test_what_is_kept_is_listed(run: Run) -> None:
    listed = run("customer", "kept", "demo", "--format", "json").document
    assert (listed["periods"]["keep_files_days"], listed["kept"][0]) == (
        30,
        {"kind": "files", "amount": 0, "oldest": None, "goes_at": None},
    )
    assert "0 files and their reports; the oldest of -" in run("customer", "kept", "demo", "--lang", "en").out


def test_a_customer_moves_step_by_step(run: Run, tmp_path: Path) -> None:
    def move(*words: str) -> tuple[int, str]:
        ran = run("customer", "move", *words, "--key", "key", "--lang", "en")
        return ran.code, ran.out + ran.err

    for wrong in ([], ["demo"], ["--out", "b"], ["demo", "--in", "b"], ["demo", "--out", "b", "--done", "b"]):
        assert move(*wrong)[0] == 2, wrong
    assert move("demo", "--out", "b")[0] == 0
    assert (tmp_path / "key").stat().st_mode & 0o077 == 0
    assert move("demo", "--out", "b")[0] == 0
    for refused, why in (
        (("--in", "b"), "has this customer already, as demo"),
        (("demo", "--done", "b"), "holds no receipt"),
        (("--open", "b"), "has not released"),
        (("--in", "b", "--user", "anna="), "OLD=NEW"),
    ):
        code, told = move(*refused)
        assert (code in (1, 2), why in told) == (True, True), told
    assert "is moving to another site" in run("customer", "change", "demo", "--blank", "clear", "--lang", "en").err
    assert move("demo", "--cancel", "b")[0] == 0
    assert run("customer", "change", "demo", "--blank", "clear").code == 0


def test_the_institute_is_named_by_a_site_operator(run: Run, tmp_path: Path) -> None:
    assert "instroom institute change --name" in run("institute", "show").err
    (tmp_path / "logo.png").write_bytes(picture())
    asked = ("--name", "Instituut X", "--phone", "030-0000000", "--logo", "logo.png")
    changed = run("institute", "change", *asked, "--lang", "en")
    assert (changed.code, changed.out) == (0, "Instituut X\n030-0000000\n"), changed.err
    document = {"name": "Instituut X", "phone": "030-0000000", "email": "", "website": "", "has_logo": True}
    assert run("institute", "show", "--format", "json").document == document
    assert run("institute", "change", "--logo", "", "--format", "json").document == document | {"has_logo": False}
    assert run("institute", "change", "--name", "Ander", "--by", "reader").code == 1
    assert run("institute", "change", "--logo", "nergens.png").code == 2


def test_a_customer_has_a_contact(run: Run) -> None:
    assert "helpdesk" in run("customer", "contact", "demo").err
    assert run("customer", "contact", "demo", "--person", "Noor van Dam", "--phone", "030-1111111").code == 0
    assert run("customer", "contact", "demo", "--phone", "", "--format", "json").document == {
        "name": "Noor van Dam", "phone": "", "email": ""
    }  # fmt: skip
    assert run("customer", "contact", "demo", "--email", "geen adres").code == 1
