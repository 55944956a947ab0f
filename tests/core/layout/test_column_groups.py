"""Columns in groups, as a person fills them in."""

from instroom.core.language import LANGUAGES
from instroom.core.layout.column_groups import column_groups, group_title
from instroom.core.layout.standard import standard

LAYOUT = standard()


def test_each_column_is_in_one_group() -> None:
    groups = column_groups(LAYOUT)
    assert sorted(column.index for group in groups for column in group.columns) == list(range(len(LAYOUT.columns)))
    assert all(column.block == group.block for group in groups for column in group.columns)
    assert not any(len(group.columns) == 1 for group in groups)


def test_each_group_has_a_title_of_its_own() -> None:
    for lang in LANGUAGES:
        titles = [group_title(group, lang) for group in column_groups(LAYOUT)]
        assert len(set(titles)) == len(titles)
    assert group_title(column_groups(LAYOUT)[0], "nl") == "Bedrijf: sleutel"
