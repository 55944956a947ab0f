"""The columns of a layout in groups that belong together, as a person fills them in."""

from typing import Final, NamedTuple

from instroom.core.fields import Kind
from instroom.core.language import Language
from instroom.core.layout.descriptions import WORDS
from instroom.core.layout.loader import Column, Layout

_BY_PART: Final = {
    "extern_id": "key",
    "extern_source": "key",
    "debtor_number": "invoice",
    **dict.fromkeys(("phone", "email", "website", "work_phone", "home_phone", "mobile"), "contact"),
    **dict.fromkeys(("work_email", "home_email"), "contact"),
    **dict.fromkeys(("job_title", "department", "employee_number"), "work"),
    **dict.fromkeys(("postal_address", "visiting_address", "home_address", "invoice", "categories", "free_fields"), ""),
}
"""The first part of a field's name → its group; "": one of that name. All others are `data`."""


class ColumnGroup(NamedTuple):
    """Columns of one block that belong together, in the order of the layout."""

    block: Kind
    name: str
    columns: list[Column]


def column_groups(layout: Layout) -> list[ColumnGroup]:
    """All columns but markers, each in one group; groups in the order of their first columns."""
    groups: dict[tuple[Kind, str], ColumnGroup] = {}
    for column in layout.columns:
        if column.block != "marker":
            part = column.field.partition(".")[0]
            name = _BY_PART.get(part, "data") or part
            groups.setdefault((column.block, name), ColumnGroup(column.block, name, [])).columns.append(column)
    return list(groups.values())


def group_title(group: ColumnGroup, lang: Language) -> str:
    """Such as `Bedrijf: postadres`."""
    texts = WORDS.texts(lang)
    return f"{texts['block'][group.block]}: {texts['group'][group.name]}".capitalize()
