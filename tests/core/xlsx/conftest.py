"""The library that reads workbooks is tried with random seeds too, as the readers that use it are."""

from tests.core.read.conftest import pytest_generate_tests, random_seed

__all__ = ["pytest_generate_tests", "random_seed"]
