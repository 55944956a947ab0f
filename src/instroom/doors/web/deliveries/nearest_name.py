"""The connection whose file name is nearest to that of a file that no connection has."""

from collections.abc import Iterable
from difflib import SequenceMatcher
from typing import Final

from instroom.core.keys import file_key
from instroom.core.language import Language
from instroom.core.report.unlike import unlike_in
from instroom.core.report.visible import visible
from instroom.doors.web.deliveries.change_lines import ChangedValue
from instroom.store.models import Connection, Delivery

_ALIKE: Final = 0.6
"""Names with less in common are different files."""


def nearest_name(one: Delivery, connections: Iterable[Connection], lang: Language) -> ChangedValue | None:
    """The file's name beside that of a connection of its account; the label is the connection's name. None where no
    name is like it."""
    name = file_key(one.file_name)
    likeness = [
        (SequenceMatcher(None, name, connection.file_name_key, autojunk=False).ratio(), connection)
        for connection in connections
        if connection.file_name and connection.account_id == one.account_id
    ]
    ratio, nearest = max(likeness, key=lambda pair: pair[0], default=(0.0, None))
    if nearest is None or ratio < _ALIKE:
        return None
    old, new = one.file_name, nearest.file_name
    return ChangedValue(nearest.name, visible(old, 200), visible(new, 200), only=unlike_in(old, new, lang))
