"""Makes an empty store with one customer and its environment (`init`), or fills one (`fill PERSONS FILE`)."""

import sys
from pathlib import Path

from instroom.config import setup

setup()

from django.db import connection, transaction  # noqa: E402 (Django is loaded above)

from bench.measured import ours  # noqa: E402
from instroom.flow.operations.init import add_demo, init  # noqa: E402
from instroom.store.models import Company, Environment, Person  # noqa: E402
from instroom.store.sql import statements  # noqa: E402
from instroom.store.sql.tables import TABLES, DossierTable  # noqa: E402

_SYLLABLES = ("ba", "de", "fi", "go", "hu", "ka", "le", "mi", "no", "ru")


def fill(persons: int, file: Path) -> None:
    """Import the file, then multiply its dossiers with other keys, names and addresses until there are `persons`."""
    ours.import_file("whole", file)
    rounds = persons // Person.objects.count() - 1
    with transaction.atomic():
        for number in range(rounds):
            for kind in ("company", "person"):
                _multiply(TABLES[kind], number)
        Environment.objects.filter(name=Environment.LIVE).update(
            companies=Company.objects.count(), persons=Person.objects.count()
        )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE" if connection.vendor == "sqlite" else "VACUUM ANALYZE")


def _multiply(table: DossierTable, number: int) -> None:
    """Copy the dossiers of the imported file once more, by one statement."""
    word = "".join(_SYLLABLES[int(digit)] for digit in f"{number:03d}")
    changed = {
        "id": _other_id("id", number),
        "company_id": _other_id("company_id", number),
        "extern_id": f"'{word}' || extern_id",
        "extern_id_key": f"'{word}' || extern_id_key",
    }
    changed |= {name: f"{name} || '{word}'" for name in ("name", "surname")}
    changed |= {
        name: f"CASE {name} WHEN '' THEN '' ELSE '{word}' || {name} END" for name in ("work_email", "home_email")
    }
    changed["registration_number"] = (
        f"CASE registration_number WHEN '' THEN '' ELSE '{number:03d}' || registration_number END"
    )
    names = ", ".join(f'"{column}"' for column in table.columns)
    values = ", ".join(changed.get(column, f'"{column}"') for column in table.columns)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table.name} ({names}) SELECT {values} FROM {table.name}"  # noqa: S608 (names of our own)
            f" WHERE extern_id_key LIKE '{'b' if table.kind == 'company' else 'p'}0%%'",
            [],
        )


def _other_id(column: str, number: int) -> str:
    """A different UUID for each round: its first digits are the round's number, so that it stays unique."""
    text = f"'{number:08x}' || substr({statements.as_id(column)}, 9)"
    text = f"CASE WHEN {column} IS NULL THEN NULL ELSE {text} END"
    return text if connection.vendor == "sqlite" else f"({text})::uuid"


if __name__ == "__main__":
    if sys.argv[1] == "init":
        init()
        add_demo()
    else:
        fill(int(sys.argv[2]), Path(sys.argv[3]))
