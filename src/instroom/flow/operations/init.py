"""Makes the database, brings its tables up to date and, where that is asked, makes an example customer."""

import os
from collections.abc import Collection, Mapping
from contextlib import suppress
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction

from instroom.config import secret
from instroom.flow.operations.site_files import match_files
from instroom.store import leases
from instroom.store.models import Customer, DataKey, Environment, Role, Site, User
from instroom.store.upgrade import apply_migrations, only_upgrade
from instroom.store.words_backlog import index_backlog

DEMO = "demo"
DEMO_USERS = {
    "operator": (Role.OPERATOR,),
    "supplier": (Role.SUPPLIER,),
    "approver": (Role.APPROVER,),
    "reader": (Role.READER,),
}


def init(adopt_files: bool = False) -> int:
    """Make the tables, or bring them up to date; gives how many migrations that took. Running it again changes nothing.

    Raises what `match_files` raises.
    """
    home = Path(settings.INSTROOM_HOME)
    home.mkdir(parents=True, exist_ok=True)
    for one in (home, *home.rglob("*")):  # dossiers: for nobody else's eyes
        with suppress(FileNotFoundError):  # gone in the meantime
            facts = one.lstat()
            if facts.st_mode & 0o077 and facts.st_uid == os.geteuid() and not one.is_symlink():  # lost+found is root's
                one.chmod(facts.st_mode & 0o700)
    with only_upgrade():
        taken = upgrade_tables()
        match_files(adopt_files)
    return taken


def upgrade() -> int:
    """Bring the tables up to date, and nothing else; gives how many migrations that took.

    A site of before sites had ids takes its files as its own, as `init` does. Raises what `match_files` raises; the
    tables are up to date then.
    """
    with only_upgrade():
        taken = upgrade_tables()
        if not Site.objects.filter(files_marked=True, uploads_marked=True).exists():
            match_files()
    return taken


def upgrade_tables() -> int:
    """Bring the tables up to date; gives how many migrations that took. For who is the `only_upgrade`."""
    home = Path(settings.INSTROOM_HOME)
    keys = secret.secret_keys(home)  # before the database is there: afterwards a lost one is not replaced
    if not keys and not _has_data_keys():  # an older version made the database alone, and migrations encrypt
        secret.keep(home, secret.new_key())
    taken = apply_migrations()
    index_backlog()
    return taken


@transaction.atomic
def add_demo() -> bool:
    """Make the customer `demo` with a user for each role, who have no password yet. False where it exists already.

    Its operator is the site operator of a site that has none, and every site operator is its operator.
    """
    others = list(User.objects.filter(is_superuser=True, is_active=True).values_list("username", flat=True))
    new = add_customer(DEMO, "Demo", dict.fromkeys(others, (Role.OPERATOR,)) | DEMO_USERS)
    if new and not others:
        User.objects.filter(username="operator").update(is_superuser=True)
    return new


def has_site_operator() -> bool:
    """Whether there is somebody who may add customers."""
    return User.objects.filter(is_superuser=True, is_active=True).exists()


def _has_data_keys() -> bool:
    return DataKey._meta.db_table in connection.introspection.table_names() and DataKey.objects.exists()


@transaction.atomic
def add_customer(name: str, title: str, users: Mapping[str, Collection[str]]) -> bool:
    """Make a customer with its two environments, and users with their roles. False where it exists already."""
    customer, new = Customer.objects.get_or_create(name=name, defaults={"title": title})
    leases.prepare(customer.pk)
    environments = (Environment(customer=customer, name=one) for one in (Environment.TRAINING, Environment.LIVE))
    Environment.objects.bulk_create(environments, ignore_conflicts=True)
    User.objects.bulk_create((User(username=username) for username in users), ignore_conflicts=True)
    roles = (
        Role(customer=customer, user=user, name=role)
        for user in User.objects.filter(username__in=users)
        for role in users[user.username]
    )
    Role.objects.bulk_create(roles, ignore_conflicts=True)
    return new
