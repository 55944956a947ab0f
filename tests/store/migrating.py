"""Goes back to the tables as they were, by the single migrations of before the first release."""

from typing import Any

from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder
from tests.database import give_files_to_site

ALL_AT_ONCE = "0001_squashed_0059_uploads_marked"


def migrate_singly(name: str | None) -> Any:
    """Apply or undo the migrations up to this one; None undoes all. Gives the models of that moment."""
    MigrationRecorder(connection).record_unapplied("store", ALL_AT_ONCE)
    executor = MigrationExecutor(connection)
    executor.loader.replace_migrations = False
    executor.loader.build_graph()
    executor.migrate([("store", name)])
    return executor.loader.project_state([("store", name)]).apps if name else None


def migrate_to_newest() -> Any:
    """Apply what is lacking. Gives the models of today."""
    executor = MigrationExecutor(connection)
    targets = executor.loader.graph.leaf_nodes("store")
    executor.migrate(targets)
    give_files_to_site()  # the row of a site that had them is gone
    return executor.loader.project_state(targets).apps
