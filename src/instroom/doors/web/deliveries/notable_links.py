"""What stands out in a plan, as sentences that lead to what they are about."""

from collections.abc import Mapping
from typing import Final

from instroom.core.plan.notable import is_quiet
from instroom.doors.web.frame.language import current
from instroom.flow.standing_out import standing_out, texts_of
from instroom.store.models import Plan

_SHOWN_BY: Final[Mapping[str, str]] = {
    "identity": "person-identity-changed",
    "duplicates": "possible-duplicate",
    "unlinked": "unlinked",
}
"""What stands out → the filter of the plan that shows it."""


def standing_out_context(plan: Plan | None) -> dict[str, object]:
    """For `_standing_out.html`: each sentence with its filter, "" where no filter shows it."""
    found = standing_out(plan)
    sentences = texts_of(found, current())
    links = [_SHOWN_BY.get(one.code, "") for one in found]
    return {"standing_out": list(zip(sentences, links, strict=True)), "is_quiet": is_quiet(found)}
