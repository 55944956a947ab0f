"""The short names of customers, connections and webhooks: they stand in addresses, folders and commands."""

import re
from typing import Final

from instroom.core.errors import NotAllowed

MOST_OF_NAME: Final = 60
_NAME: Final = re.compile(rf"[a-z0-9](?:[a-z0-9-]{{0,{MOST_OF_NAME - 2}}}[a-z0-9])?")


def refuse_bad_name(name: str) -> None:
    """Raise NotAllowed for what cannot stand in addresses and commands."""
    if not _NAME.fullmatch(name):
        raise NotAllowed("short-name", most=MOST_OF_NAME)
