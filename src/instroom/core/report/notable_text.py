"""What stands out in a plan, in Dutch and English."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from instroom.core.language import Language
from instroom.core.layout.loader import Layout
from instroom.core.report.plan_text import field_label
from instroom.core.report.visible import visible
from instroom.core.report.words import counted, words
from instroom.core.wording.phrases import day, number

_COUNTED: Final = {
    "first": "dossier",
    "usual": "dossier",
    "more": "dossier",
    "fewer": "dossier",
    "identity": "person",
    "unlinked": "person",
    "duplicates": "row",
    "cleared": "cleared",
    "absent": "person",
}


def notable_texts(found: Sequence[Mapping[str, Any]], lang: Language, *, alone: bool = True) -> list[str]:
    """A sentence for each, in their order, without values: it goes by mail too. Each has the facts of
    `core.plan.notable.Notable`. `alone`: nothing else is said beside them."""
    if alone and [one["code"] for one in found] == ["usual"]:
        return [_sentence("quiet", found[0], lang)]
    return [_sentence(one["code"], one, lang) for one in found]


def frequent_text(one: Mapping[str, Any], layout: Layout, lang: Language) -> str:
    """`58 × Functie wordt ‘Regiomanager’`, of the facts of `core.plan.frequent.FrequentValue`. It stands in no mail."""
    shown = day(one["value"], lang) if one["field"] == "date_of_birth" else visible(one["value"])
    field, amount = field_label(one["kind"], one["field"], layout, lang), number(one["number"], lang)
    return str(words(lang)["notable"]["frequent"]).format(number=amount, field=field, value=shown)


def _sentence(name: str, one: Mapping[str, Any], lang: Language) -> str:
    if one["before"] is None and name in ("unlinked", "cleared"):
        name += "-first"
    return str(words(lang)["notable"][name]).format(
        number=number(one["number"], lang),
        counted=counted(one["number"], _COUNTED[one["code"]], lang),
        before=number(one["before"] or 0, lang),
        usual=number(one["low"], lang) if one["low"] == one["high"] else words(lang)["notable"]["range"].format(
            low=number(one["low"], lang), high=number(one["high"], lang)
        ),
    )  # fmt: skip
