"""Findings that are kept small are the findings that were put in, in order."""

from hypothesis import given
from hypothesis import strategies as st

from instroom.core.findings import CATALOGUE, finding
from instroom.core.findings.collected import Collected, FindingKind, OrderedFindings
from instroom.core.model import Finding

FACTS = ({}, {"length": 3}, {"length": 4})
FINDINGS = st.lists(
    st.builds(
        finding,
        st.sampled_from(sorted(CATALOGUE)),
        st.one_of(st.none(), st.integers(1, 9)),
        st.sampled_from((None, "PersoonNaam", "BedrijfNaam")),
        st.sampled_from((None, "", "x")),
        st.sampled_from(((), (2,), (2, 3))),
        st.sampled_from(FACTS),
    )
)


def _place(kind: FindingKind | Finding) -> int:
    return len(kind.column or "") * 100 + len(kind.code)


def _found(items: list[Finding]) -> OrderedFindings:
    collected = Collected()
    for item in items:
        collected.add(item)
    return collected.in_order(_place)


@given(FINDINGS)
def test_in_order_as_a_stable_sort_has_them(items: list[Finding]) -> None:
    expected = sorted(items, key=lambda item: (item.row or 0, _place(item)))
    found = _found(items)
    assert list(found) == expected
    assert found == expected
    assert len(found) == len(expected)
    assert found[1:3] == expected[1:3]
    assert found[-1:] == expected[-1:]
    assert bool(found) == bool(items)


@given(FINDINGS, st.sets(st.integers(1, 9)))
def test_what_is_forgotten_is_not_among_them(items: list[Finding], rows: set[int]) -> None:
    collected = Collected()
    for item in items:
        collected.add(item)
    collected.forget("value-email", rows)
    stays = [item for item in items if item.code != "value-email" or item.row not in rows]
    assert collected.in_order(_place) == sorted(stays, key=lambda item: (item.row or 0, _place(item)))


def test_findings_of_the_same_kind_share_what_they_have_in_common() -> None:
    collected = Collected()
    for row in range(2, 1002):
        collected.add(finding("value-email", row, "PersoonEmail", f"x{row}"))
    assert len(collected.kinds) == 1
    assert [item.value for item in collected.in_order(_place)[:2]] == ["x2", "x3"]
