"""The connection whose file name is nearest to that of a file that waits since no connection has its name."""

from difflib import SequenceMatcher
from typing import Any, Final

from instroom.core.keys import file_key
from instroom.core.report.text_differences import kinds_of_difference
from instroom.store.models import Connection, Delivery

_ALIKE: Final = 0.6
"""Names with less in common are different files."""


def nearest_connection(one: Delivery) -> Connection | None:
    """Of those of its account; None where no name is like it, or it waits for nobody."""
    if one.waits_for != "name" or one.account_id is None:
        return None
    name = file_key(one.file_name)
    likeness = [
        (SequenceMatcher(None, name, connection.file_name_key, autojunk=False).ratio(), connection)
        for connection in Connection.objects.filter(account=one.account_id).exclude(file_name="").order_by("name")
    ]
    ratio, nearest = max(likeness, key=lambda pair: pair[0], default=(0.0, None))
    return nearest if ratio >= _ALIKE else None


def nearest_document(one: Delivery) -> dict[str, Any] | None:
    """For programs: the nearest name, and in what the two differ where the eye might miss it."""
    nearest = nearest_connection(one)
    if nearest is None:
        return None
    differs_in = kinds_of_difference(one.file_name, nearest.file_name)
    return {"connection": nearest.name, "file_name": nearest.file_name, "differs_in": differs_in}
