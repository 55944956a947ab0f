"""What stands out in a plan, as sentences that lead to what they are about."""

from collections.abc import Mapping
from typing import Final

from django.urls import reverse

from instroom.core.layout.loader import Layout
from instroom.core.plan.notable import is_quiet
from instroom.core.report.notable_text import frequent_text
from instroom.doors.web.frame.access import Visit
from instroom.doors.web.frame.language import current
from instroom.flow.standing_out import frequent_values_of, standing_out, texts_of
from instroom.store.models import Plan

_SHOWN_BY: Final[Mapping[str, str]] = {
    "identity": "person-identity-changed",
    "duplicates": "possible-duplicate",
    "unlinked": "unlinked",
}
"""What stands out → what the plan shows of it."""


def standing_out_context(plan: Plan | None, layout: Layout, visit: Visit) -> dict[str, object]:
    """For `_standing_out.html`: each sentence with its page, "" where no page shows it."""
    found, many = standing_out(plan), frequent_values_of(plan)
    if plan is None or not found:
        return {}
    at = [visit.customer.name, plan.delivery_id]
    page, links = reverse("plan", args=at), []
    for one in found:
        if one.code == "absent" and "look-up" in visit.actions:
            links.append(reverse("absent", args=at))
        else:
            links.append(f"{page}?what={_SHOWN_BY[one.code]}#each" if one.code in _SHOWN_BY else "")
    links += [f"{page}?field={one.kind}.{one.field}#each" for one in many]
    sentences = texts_of(found, current(), alone=not many)
    sentences += [frequent_text(one._asdict(), layout, current()) for one in many]
    quiet = is_quiet(found) and not many
    return {"standing_out": list(zip(sentences, links, strict=True)), "is_quiet": quiet}
