"""What both sites must have alike, for a customer to be the same on the new one."""

from collections.abc import Iterable
from contextlib import suppress
from hashlib import sha256

from django.db.migrations.loader import MigrationLoader

from instroom.core.errors import NotFound
from instroom.flow import find


def tables_version() -> str:
    """The last migration of this version of Instroom."""
    return ",".join(name for _, name in sorted(MigrationLoader(None).graph.leaf_nodes("store")))


def layouts_of(names: Iterable[str]) -> dict[str, str]:
    """The SHA-256 of each of these layouts that this site has: an old delivery can outlive its own."""
    found = {}
    for name in sorted(names):
        with suppress(NotFound):
            found[name] = sha256(repr(find.layout(name)).encode()).hexdigest()
    return found
