"""What jumps in the columns of a file, in Dutch and English. Values are never named: this goes by mail too."""

from collections.abc import Mapping
from typing import Any

from instroom.core.language import Language
from instroom.core.layout.loader import Layout
from instroom.core.report.plan_text import field_label
from instroom.core.report.words import counted, words
from instroom.core.wording.phrases import number


def jump_text(facts: Mapping[str, Any], layout: Layout, lang: Language) -> str:
    """One sentence with the numbers of now and the share of the time before. `facts` are those of
    `core.plan.columns.Jump`."""
    kind, field, count, of = facts["kind"], facts["field"], facts["number"], facts["of"]
    return str(words(lang)["jump"][facts["name"]]).format(
        label=field_label(kind, field, layout, lang) if field else "",
        count=number(count, lang),
        dossiers=counted(of, kind, lang),
        percent=round(100 * count / of),
        before=facts["percent_before"],
    )
