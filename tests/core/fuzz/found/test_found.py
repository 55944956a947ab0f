"""What fuzzing once found does not come back."""

from pathlib import Path

import pytest
from tests.core.fuzz.found.cases import CASES, Case
from tests.core.fuzz.sound import read_soundly


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_it_is_a_finding_now(tmp_path: Path, case: Case) -> None:
    findings, table = read_soundly(tmp_path / "ontvangen", case.make(), case.name)
    assert [finding.code for finding in findings] == [case.code]
    assert table.rows == []
