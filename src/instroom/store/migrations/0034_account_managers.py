"""Who manages the accounts of the file server, as far as the audit log knows."""

from typing import Any

from django.db import migrations


def know_who_manages(apps: Any, schema_editor: Any) -> None:
    """The audit log says who made each account, and who set its present password."""
    Account, Manager = apps.get_model("store", "FileAccount"), apps.get_model("store", "AccountManager")
    entries = apps.get_model("store", "AuditEntry").objects.filter(
        action__in=("account-made", "account-changed"), user__isnull=False
    )
    for account in Account.objects.all():
        for entry in entries.filter(customer=account.customer_id).order_by("at"):
            if entry.facts.get("account") not in (account.name, account.former_name or account.name):
                continue
            if entry.action == "account-made":
                account.made_by_id = entry.user_id
                account.save(update_fields=["made_by"])
            else:
                if entry.facts.get("password"):
                    Manager.objects.filter(account=account).delete()
                Manager.objects.get_or_create(account=account, user_id=entry.user_id)


class Migration(migrations.Migration):
    dependencies = [("store", "0033_safeguards")]
    operations = [migrations.RunPython(know_who_manages, migrations.RunPython.noop, elidable=True)]
