"""What a version is beside those before it: how many records fewer, and of a part, what was put together."""

from collections.abc import Iterator
from typing import Final

from instroom.core.language import Language
from instroom.core.report.part_text import fewer_text, merged_text
from instroom.store.models import Delivery
from instroom.store.states import State

FEWER: Final = "fewer-than-before"
"""The reason of a version that is held since it has fewer records than the one before, and nobody said that it is
complete."""
SAID_COMPLETE: Final = "said-complete"
"""The reason of one of which its supplier has said that."""
_UNREAD: Final = ("file", "bsn")
"""The reasons of what was rejected as a whole: its records are not known."""


def may_be_confirmed(delivery: Delivery) -> bool:
    """Whether it waits for somebody to say that it is complete."""
    return delivery.state == State.HELD and delivery.reason == FEWER


def versions_before(delivery: Delivery) -> Iterator[Delivery]:
    """The versions before whose records were read, the newest first, as far as one that was said to be complete."""
    one = delivery.corrects
    while one:
        if one.verdict and not (one.state == State.REJECTED and one.reason in _UNREAD):
            yield one
        one = None if one.complete else one.corrects


def fewer_than_before(delivery: Delivery) -> int:
    """How many records fewer than the version before a checked version has that is not rejected. It is compared with
    the largest of those before, so that delivering the same again is no answer."""
    if not delivery.corrects_id or not delivery.verdict or delivery.state == State.REJECTED:
        return 0
    most = max((int(one.counts.get("records", 0)) for one in versions_before(delivery)), default=0)
    return max(most - int(delivery.counts.get("records", 0)), 0)


def part_lines(delivery: Delivery, lang: Language) -> list[str]:
    """What was merged into it, and how many records it lacks, in sentences."""
    merged, fewer = delivery.merged, fewer_than_before(delivery)
    lines = [merged_text(merged["replaced"], merged["kept"], lang)] if merged else []
    return [*lines, fewer_text(fewer, lang)] if fewer else lines
