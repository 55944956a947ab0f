"""What the audit log knew of accounts is who manages them (migration `account_managers`)."""

from importlib import import_module
from pathlib import Path

from django.apps import apps

from instroom.flow import find
from instroom.flow.file_server import accounts
from instroom.flow.operations.init import add_customer
from instroom.store import migrations
from instroom.store.models import AccountManager, FileAccount

(FILE,) = Path(migrations.__file__).parent.glob("*_account_managers.py")


def test_who_made_an_account_and_who_set_its_password_are_known() -> None:
    people = dict.fromkeys(("maker", "first", "second"), ("operator",))
    add_customer("ons", "Ons", people)
    account = accounts.add("hr", find.customer("ons"), "een-lang-woord-7", by=find.user("maker"))
    accounts.add("ander", find.customer("ons"), "een-lang-woord-7", by=find.user("second"))
    for name in ("first", "second"):
        accounts.change(account, by=find.user(name), password=f"een-ander-woord-van-{name}")
    accounts.change(account, by=find.user("maker"), name="nieuw")
    FileAccount.objects.update(made_by=None)
    AccountManager.objects.all().delete()
    import_module(f"{migrations.__name__}.{FILE.stem}").know_who_manages(apps, None)
    account.refresh_from_db()
    assert account.made_by == find.user("maker")
    assert {one.user.username for one in account.managers.all()} == {"second", "maker"}
