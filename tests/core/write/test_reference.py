"""The reference pages are those of the layout as it is."""

from pathlib import Path

import pytest

from instroom.core.layout.standard import standard
from instroom.core.write.reference import layout_page, pages

REPOSITORY = Path(__file__).parents[3]


@pytest.mark.parametrize("path", pages())
def test_a_page_in_the_repository_is_up_to_date(path: str) -> None:
    assert (REPOSITORY / path).read_text(encoding="utf-8") == pages()[path]


def test_the_table_has_a_line_for_each_column_with_all_there_is_to_know() -> None:
    lines = layout_page(standard(), "nl").splitlines()
    assert sum(line.startswith("| ") for line in lines) == 2 + len(standard().columns)
    gender = "Geslacht: M (man), V (vrouw), X (anders) of O (onbekend)"
    assert f"| 60 | PersoonGeslacht | persoon | {gender} | keuze | 1 | nee | M, V, X, O |" in lines
