"""Every example of the case files gives exactly the findings that it says, in every format in which it can exist."""

from datetime import date
from pathlib import Path

import pytest

from instroom.core.findings import CATALOGUE
from instroom.core.pipeline import check_file
from tests.spec.files import write_example
from tests.spec.loading import Case, Expected, as_found, cases, checked_examples

TODAY = date(2026, 11, 22)
CASES = cases()


def test_every_code_has_a_case_file() -> None:
    assert [case.code for case in CASES] == sorted(CATALOGUE)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.code)
def test_a_case_file_agrees_with_the_catalogue(case: Case) -> None:
    entry = CATALOGUE[case.code]
    assert (case.scope, case.severity) == (entry.scope, entry.severity)
    assert list(case.why) == ["nl", "en"]
    assert any(example.passes for example in case.examples)
    assert any(case.code in {item.code for item in example.expect} for example in case.examples if not example.passes)
    assert all(case.code not in {item.code for item in example.expect} for example in case.examples if example.passes)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.code)
def test_an_example_gives_what_it_says(case: Case, tmp_path: Path) -> None:
    for example in checked_examples(case):
        for file_format in example.formats:
            path = write_example(example, file_format, tmp_path)
            checked, _ = check_file(
                path, example.layout, example.policies, limits=example.limits, today=TODAY, sources=example.sources
            )
            expected = [_in_format(item, file_format) for item in example.expect]
            found = sorted(map(as_found, checked.findings), key=str)
            assert found == sorted(expected, key=str), f"{example.name} [{file_format}]"


def _in_format(item: Expected, file_format: str) -> Expected:
    """In XML there is no header row: the first record is row 1, and a header has no row."""
    item = item._replace(severity=item.severity or CATALOGUE[item.code].severity)
    if file_format != "xml" or item.row is None:
        return item
    if CATALOGUE[item.code].scope == "header":
        return item._replace(row=None)
    return item._replace(row=item.row - 1, other_rows=tuple(row - 1 for row in item.other_rows))
