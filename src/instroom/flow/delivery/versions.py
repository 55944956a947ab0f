"""A corrected file is the next version of a delivery: which versions there are, and what became of the findings."""

from collections import Counter
from typing import NamedTuple

from instroom.core.errors import NotAllowed
from instroom.core.findings.collected import CountedFindings
from instroom.flow.delivery.states import CORRECTABLE
from instroom.store.models import Delivery, KeptFindings
from instroom.store.sql import findings
from instroom.store.sql.versions import ids_of_versions


class Fate(NamedTuple):
    """What became of the findings of one code since the version before."""

    code: str
    gone: int
    still: int
    new: int


class Compared(NamedTuple):
    """A version against the one before it."""

    before: Delivery
    same_file: bool
    """Byte for byte, and both or neither were put in the version before: nothing can have been corrected."""
    fates: list[Fate]
    """The codes with what is new or still there first, then those that are gone."""


def versions_of(delivery: Delivery) -> list[Delivery]:
    """All versions of a delivery, itself among them, the first one first."""
    found = Delivery.objects.filter(pk__in=ids_of_versions(delivery), customer=delivery.customer_id)
    return list(found.select_related("customer", "connection", "delivered_by").order_by("number"))


def can_be_corrected(delivery: Delivery, versions: list[Delivery]) -> bool:
    """Whether a corrected file can follow a delivery now, which comes after its newest version."""
    return delivery.kind == Delivery.FILE and versions[-1].state in CORRECTABLE


def newest_to_correct(delivery: Delivery) -> Delivery:
    """The version that a corrected file comes after: the newest one, whichever of them is named.

    Raises NotAllowed for an undo, and where the newest version is still being looked at or is in live.
    """
    newest = versions_of(delivery)[-1]
    if delivery.kind == Delivery.UNDO:
        raise NotAllowed("undo-has-nothing-to-correct")
    if newest.state not in CORRECTABLE:
        raise NotAllowed("not-to-correct-now", delivery=newest.pk, state=newest.state)
    return newest


def compared(delivery: Delivery, versions: list[Delivery]) -> Compared | None:
    """What became of the findings since the version before; None for the first one, or while either is unchecked."""
    place = [one.pk for one in versions].index(delivery.pk)
    if place == 0 or not delivery.verdict or not versions[place - 1].verdict:
        return None
    before = versions[place - 1]
    noted = KeptFindings.objects.filter(pk=delivery.pk).values_list("fates", flat=True).first()
    if noted is None:  # checked by an older version of this program
        fates = _fates(findings.stored(before), findings.stored(delivery))
    else:
        fates = [Fate(*fate) for fate in noted]
    same = (before.sha256, before.merged is None) == (delivery.sha256, delivery.merged is None)
    return Compared(before, same, fates)


def note_fates(delivery: Delivery) -> None:
    """Note once what became of the findings of the version before, for the pages that show it."""
    before = delivery.corrects
    if before and before.verdict:
        fates = _fates(findings.stored(before), findings.stored(delivery))
        KeptFindings.objects.filter(pk=delivery.pk).update(fates=fates)


def _fates(before: CountedFindings, now: CountedFindings) -> list[Fate]:
    """A finding is still there where the same is found of the same value in the same column, on whatever row: rows
    move when others go. Where not all of a column are listed, their numbers are compared."""
    by_number = {(code, column) for found in (before, now) for _, code, column in found.unlisted()}
    old, new = (_counted(found, by_number) for found in (before, now))
    still = old & new
    codes = [dict.fromkeys(_by_code(counts)) for counts in (new, old)]
    gone, there, came = _by_code(old - still), _by_code(still), _by_code(new - still)
    return [Fate(code, gone[code], there[code], came[code]) for code in codes[0] | codes[1]]


_What = tuple[str, str | None, str | None]


def _counted(found: CountedFindings, by_number: set[tuple[str, str | None]]) -> Counter[_What]:
    """How often each is found, by code, column and value; of those `by_number` without the value."""
    counts: Counter[_What] = Counter()
    for (_, code, column), count in found.counts().items():
        if (code, column) in by_number:
            counts[code, column, None] += count
    counts.update((one.code, one.column, one.value) for one in found if (one.code, one.column) not in by_number)
    return counts


def _by_code(counts: Counter[_What]) -> Counter[str]:
    amounts: Counter[str] = Counter()
    for (code, _, _), amount in counts.items():
        amounts[code] += amount
    return amounts
