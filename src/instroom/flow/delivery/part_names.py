"""The name of a file of faulty records remembers of which delivery these are: delivered under it, the file corrects
that one, also where nobody says so."""

import re
from pathlib import Path
from typing import Final

from instroom.flow.delivery.versions import can_be_corrected, versions_of
from instroom.flow.source_limits import visible
from instroom.store.models import Customer, Delivery, User

_LETTERS: Final = 12  # of the id: its last ones are random, the first ones a time
_MARK: Final = "regels-met-fout"
_IN_NAME: Final = re.compile(rf"\.{_MARK}\.([0-9a-f]{{{_LETTERS}}})(?![0-9a-z])", re.IGNORECASE)
_MOST_OF_NAME: Final = 150  # characters of the delivered file's name


def part_name(delivery: Delivery, suffix: str) -> str:
    """`personen.regels-met-fout.0a1b2c3d4e5f.csv`."""
    stem = _IN_NAME.sub("", Path(delivery.file_name).stem)[:_MOST_OF_NAME]
    return f"{stem}.{_MARK}.{delivery.pk.hex[-_LETTERS:]}{suffix}"


def delivery_of_part(name: str, customer: Customer, by: User) -> Delivery | None:
    """The delivery that a file of this name corrects; None where it names none that this user may deliver for, or none
    that can be corrected now."""
    found = _IN_NAME.search(name)
    if found is None:
        return None
    files = Delivery.objects.filter(customer=customer, kind=Delivery.FILE, pk__endswith=found[1].lower())
    named = list(visible(files, customer, by, "deliver")[:2])
    return named[0] if len(named) == 1 and can_be_corrected(named[0], versions_of(named[0])) else None
