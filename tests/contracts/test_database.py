"""The ground under the tests that store: the database asked for, migrated, empty, and the same one for commands."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection

from instroom.store.models import Customer

DOORS = Path(__file__).parents[1] / "doors"
COUNT = """
from instroom.config import setup
setup()
from instroom.store.models import Customer
print(Customer.objects.count())
"""


def test_it_is_the_database_that_this_run_is_for(database_kind: str) -> None:
    assert connection.vendor == database_kind


@pytest.mark.parametrize("door", sorted(one.parent.name for one in DOORS.glob("*/conftest.py")))
def test_each_door_is_tried_on_both_databases(door: str) -> None:
    modules = (DOORS / door).glob("test_*.py")
    assert any("pytest.mark.on_postgresql" in one.read_text(encoding="utf-8") for one in modules)


def test_it_is_nobodys_own(instroom_home: Path) -> None:
    assert instroom_home.name.startswith("instroom-tests-")
    assert database_name_is_ours(str(connection.settings_dict["NAME"]), instroom_home)


def database_name_is_ours(name: str, home: Path) -> bool:
    """A file in this run's folder, or a database of this run's server."""
    return name.startswith(("instroom_gw", "instroom_alone")) or Path(name).is_relative_to(home)


@pytest.mark.parametrize("time", ["first", "second"])
def test_each_test_begins_with_nothing(time: str) -> None:
    assert not Customer.objects.exists()
    Customer.objects.create(name="voorbeeld", title=f"Voorbeeld, {time}")


def test_a_command_sees_what_a_test_has_stored() -> None:
    Customer.objects.create(name="voorbeeld", title="Voorbeeld")
    done = subprocess.run([sys.executable, "-c", COUNT], capture_output=True, text=True, check=True, env=os.environ)
    assert done.stdout.split() == ["1"]


def test_the_migrations_are_those_of_the_models() -> None:
    call_command("makemigrations", check=True, verbosity=0)
