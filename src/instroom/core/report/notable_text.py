"""What stands out in a plan, in Dutch and English. No values: this goes by mail too."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from instroom.core.language import Language
from instroom.core.report.words import counted, words
from instroom.core.wording.phrases import number

_COUNTED: Final = {
    "first": "dossier",
    "usual": "dossier",
    "more": "dossier",
    "fewer": "dossier",
    "identity": "person",
    "unlinked": "person",
    "duplicates": "row",
    "cleared": "cleared",
}


def notable_texts(found: Sequence[Mapping[str, Any]], lang: Language) -> list[str]:
    """A sentence for each, in their order. Each has the facts of `core.plan.notable.Notable`."""
    if [one["code"] for one in found] == ["usual"]:
        return [_sentence("quiet", found[0], lang)]
    return [_sentence(one["code"], one, lang) for one in found]


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
