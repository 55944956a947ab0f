"""One migration makes the tables of a new database: the same ones as those that it replaces."""

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection
from tests.store.migrating import migrate_singly, migrate_to_newest

from instroom.store import migrations

pytestmark = pytest.mark.slow  # these migrations never change again

COLUMNS = {
    "sqlite": """
        SELECT tables.name, columns.name, columns.type, "notnull", dflt_value, pk
        FROM sqlite_master tables, pragma_table_info(tables.name) columns WHERE tables.type = 'table'
    """,
    "postgresql": """
        SELECT table_name, column_name, data_type, is_nullable, column_default, character_maximum_length
        FROM information_schema.columns WHERE table_schema = current_schema()
    """,
}
RULES = {
    "sqlite": "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL",
    "postgresql": """
        SELECT indexdef FROM pg_indexes WHERE schemaname = current_schema()
        UNION ALL SELECT conrelid::regclass || pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid > 0
    """,
}


def columns_and_rules() -> tuple[Counter[object], Counter[str]]:
    """Of all tables, whatever names Django makes up for indexes."""
    with connection.cursor() as cursor:
        cursor.execute(COLUMNS[connection.vendor])
        columns = Counter(cursor.fetchall())
        cursor.execute(RULES[connection.vendor])
        return columns, Counter(rule for (text,) in cursor.fetchall() for rule in rules(text))


def rules(text: str) -> list[str]:
    """An index or constraint; of a table in SQLite its columns and constraints, which stand in any order."""
    table, _, inside = text.partition("(")
    if table.startswith("CREATE TABLE"):
        return [f"{table}{one.strip()}" for one in re.split(r',(?= (?:"|CONSTRAINT))', inside[:-1])]
    return [re.sub(r"INDEX \S+_[0-9a-f]{8}\S* ON", "INDEX ON", text)]


@pytest.fixture
def today() -> Iterator[None]:
    """Whatever happens, the tables are those of today afterwards."""
    yield
    migrate_singly(None)
    migrate_to_newest()


def test_all_at_once_makes_the_tables_of_one_by_one(today: None) -> None:
    at_once = columns_and_rules()
    migrate_singly(None)
    migrate_singly(max(path.stem for path in Path(migrations.__file__).parent.glob("0*.py")))
    assert columns_and_rules() == at_once
    assert min(map(len, at_once)) > 100
