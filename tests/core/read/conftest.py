"""What must hold of the readers for any input is tried with twenty random seeds more in `make test-all`."""

from collections.abc import Iterator
from secrets import randbits

import hypothesis
import pytest
from hypothesis import is_hypothesis_test

SEEDS = 20


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Repeat each hypothesis test with seeds of its own."""
    if is_hypothesis_test(metafunc.function):
        metafunc.fixturenames.append("random_seed")
        once = pytest.param(False, id=pytest.HIDDEN_PARAM)
        again = [pytest.param(True, id=f"seed-{number}", marks=pytest.mark.slow) for number in range(1, SEEDS + 1)]
        metafunc.parametrize("random_seed", [once, *again], indirect=True)


@pytest.fixture
def random_seed(request: pytest.FixtureRequest) -> Iterator[None]:
    """A seed that nobody has chosen, also where CI makes hypothesis take the same examples each time."""
    if not request.param:
        yield
        return
    seed = randbits(32)
    request.node.add_report_section("call", "hypothesis", f"to repeat: @hypothesis.seed({seed})")
    hypothesis.seed(seed)(request.function)
    yield
    hypothesis.seed(None)(request.function)
