"""The next version of Instroom: this one, with migrations of its own behind the newest."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.test import override_settings

from instroom.store import migrations
from tests.commands import environment
from tests.database import ROOT

_MIGRATION = """
from django.db import migrations, models
from instroom.store.index_operation import AddIndexBesideWork

class Migration(migrations.Migration):
    dependencies = [("store", "{before}")]
    atomic = {atomic}
    operations = [{operations}]
"""


def newest() -> str:
    """The last migration of this version."""
    [(_, name)] = MigrationLoader(None).graph.leaf_nodes("store")
    return str(name)


def write_migrations(folder: Path, texts: Sequence[str]) -> None:
    """One for each text with its operations."""
    before = newest()
    for number, text in enumerate(texts, int(before[:4]) + 1):
        name = f"{number:04}_next"
        source = _MIGRATION.format(before=before, atomic="AddIndexBesideWork" not in text, operations=text)
        (folder / f"{name}.py").write_text(source, encoding="utf-8")
        before = name


@contextmanager
def next_migrations(folder: Path, *texts: str) -> Iterator[None]:
    """This process is of the next version; afterwards its migrations are undone."""
    package = folder / "next_migrations"
    package.mkdir()
    ours = str(Path(migrations.__file__).parent)
    (package / "__init__.py").write_text(f"__path__.append({ours!r})\n", encoding="utf-8")
    before = newest()
    write_migrations(package, texts)
    sys.path.insert(0, str(folder))
    try:
        with override_settings(MIGRATION_MODULES={"store": package.name}):
            try:
                yield
            finally:
                connection.close()
                MigrationExecutor(connection).migrate([("store", before)])
    finally:
        sys.path.remove(str(folder))
        for name in [one for one in sys.modules if one.partition(".")[0] == package.name]:
            del sys.modules[name]


def waits_for_tables(process: int) -> bool:
    """Whether it waits for somebody at the database server."""
    with connection.cursor() as cursor:
        asked = "SELECT 1 FROM pg_stat_activity WHERE application_name LIKE %s AND wait_event_type = 'Lock'"
        cursor.execute(asked, [f"%:{process}:%"])
        return cursor.fetchone() is not None


class NextVersion:
    """Installed in a folder of its own, to be run beside this one."""

    def __init__(self, folder: Path, *texts: str) -> None:
        ours = Path(migrations.__file__).parents[2]
        shutil.copytree(ours, folder / "instroom", ignore=shutil.ignore_patterns("__pycache__"))
        write_migrations(folder / "instroom" / "store" / "migrations", texts)
        self._folder, self._texts = folder, texts
        self._variables = {"PYTHONPATH": os.pathsep.join((str(folder), str(ROOT)))}

    def start(self, *arguments: str, **variables: str) -> "subprocess.Popen[str]":
        """Start a command of it, which says all on standard error."""
        command = [sys.executable, "-P", "-m", "instroom", *arguments]
        settings = environment(**{**self._variables, **variables})
        return subprocess.Popen(command, env=settings, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True)

    def undo(self) -> None:
        """Undo what it has done to the tables."""
        with next_migrations(self._folder, *self._texts):
            pass
