"""The bench of the overview measures what it says, of a few customers."""

import json
import subprocess
import sys

import pytest


@pytest.mark.slow
def test_it_measures_the_overview_of_a_few_customers() -> None:
    command = [sys.executable, "-m", "bench.overview", "--customers", "10"]
    found = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    assert found["SQLite"]["things"] == 9
    assert set(found["SQLite"]["milliseconds"]) == {"the list alone", "overview", "overview, searched", "a customer"}
