"""The table of the benchmarks: does a figure hold, and is that said."""

import pytest

from bench import figures


@pytest.mark.parametrize(
    ("figure", "ratio", "holds"),
    [
        (figures.faster("import", 1.0, "a peer", 20.0, 20), "20.0 × faster", True),
        (figures.faster("import", 1.0, "a peer", 19.9, 20), "19.9 × faster", False),
        (figures.faster("import", 1.0, "a peer", 3.0), "3.0 × faster", None),
        (figures.at_most("apply", 0.8, "the floor", 0.5, 1.6), "1.60 ×", True),
        (figures.at_most("apply", 0.9, "the floor", 0.5, 1.6), "1.80 ×", False),
        (figures.memory("peak", 121, 120), "", False),
        (figures.within("page", 0.02, 0.2, 0.2), "p95 200 ms", True),
        (figures.within("page", 0.02, 0.201, 0.2), "p95 201 ms", False),
        (figures.untargeted("NOOP", figures.seconds(0.0004), ratio="p95 1 ms"), "p95 1 ms", None),
    ],
)
def test_a_figure_holds_when_it_meets_its_target(figure: figures.Figure, ratio: str, holds: bool | None) -> None:
    assert (figure.ratio, figure.holds) == (ratio, holds)


def test_a_figure_that_falls_short_is_said_in_the_page() -> None:
    page = figures.markdown([figures.memory("peak memory", 121, 120)])
    assert page.splitlines()[-1] == "| peak memory | 121 MB |  |  | ≤ 120 MB | **no** |"


@pytest.mark.parametrize(("value", "said"), [(1.349, "1.35 s"), (0.0851, "85 ms"), (0.0004, "0.4 ms")])
def test_a_time_is_said_in_two_or_three_digits(value: float, said: str) -> None:
    assert figures.seconds(value) == said
