"""What counts as relaxing a safeguard (product.md D3, D4, E3): judged from the old and the new values alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from instroom.core.plan.guards import NAMES, guard_of
from instroom.core.safeguards import Approval, Safeguards, relaxed

CLOCK = st.builds("{:02}:{:02}".format, st.integers(0, 23), st.sampled_from([0, 30]))
APPROVAL = st.builds(Approval, st.booleans(), st.integers(0, 10), CLOCK | st.just(""), CLOCK)
LIMITS = st.tuples(st.integers(0, 100), st.integers(0, 50), st.integers(0, 5))
GUARDS = st.dictionaries(st.sampled_from(NAMES), LIMITS)
SAFEGUARDS = st.builds(Safeguards, APPROVAL, GUARDS, st.booleans())


def is_quiet(approval: Approval, minute: int) -> bool:
    """Whether large files go to live at once, as the hands of a clock say it."""
    start, end = approval.quiet_from, approval.quiet_until
    now = f"{minute // 60:02}:{minute % 60:02}"
    return not start or (start <= now < end if start <= end else now >= start or now < end)


def lets_pass(one: Safeguards, records: int, minute: int, number: int, of: int) -> dict[str, bool]:
    """What one delivery may do without another person, at once."""
    return {
        "standing": one.standing,
        "approver_differs": not one.approval.approver_differs,
        "at once": records <= one.approval.quiet_above or is_quiet(one.approval, minute),
        **{name: guard_of(name, one.guards).lets_pass(number, of) for name in NAMES},
    }


@given(SAFEGUARDS, SAFEGUARDS, st.integers(0, 12), st.integers(0, 1439), st.integers(0, 60), st.integers(0, 200))
def test_what_relaxes_nothing_lets_nothing_more_pass(
    before: Safeguards, after: Safeguards, records: int, minute: int, number: int, of: int
) -> None:
    if not relaxed(before, after):
        passed, passes = lets_pass(before, records, minute, number, of), lets_pass(after, records, minute, number, of)
        assert [name for name in passes if passes[name] and not passed[name]] == []


@given(SAFEGUARDS)
def test_what_stays_as_it_is_relaxes_nothing(one: Safeguards) -> None:
    assert relaxed(one, one) == {}


@given(SAFEGUARDS, SAFEGUARDS)
def test_of_two_that_differ_each_way_tells_what_it_relaxes(one: Safeguards, other: Safeguards) -> None:
    there, back = relaxed(one, other), relaxed(other, one)
    assert {name: [new, old] for name, [old, new] in there.items() if name in back} == {
        name: back[name] for name in there if name in back
    }
    assert set(there) | set(back) == set() or one != other


@pytest.mark.parametrize(
    ("old", "new", "name"),
    [
        (Approval(), Approval(quiet_above=2001), "quiet_above"),
        (Approval(), Approval(quiet_from="19:59"), "quiet_hours"),
        (Approval(), Approval(quiet_until="06:01"), "quiet_hours"),
        (Approval(), Approval(quiet_from=""), "quiet_hours"),
        (Approval(approver_differs=True), Approval(), "approver_differs"),
    ],
)
def test_each_policy_of_an_approval_is_a_safeguard(old: Approval, new: Approval, name: str) -> None:
    assert list(relaxed(Safeguards(old), Safeguards(new))) == [name]
    assert relaxed(Safeguards(new), Safeguards(old)) == {}


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("place", range(3))
def test_a_guard_is_wider_by_any_of_its_limits(name: str, place: int) -> None:
    limits = list(guard_of(name, {}))
    wider = [limit + (at == place) for at, limit in enumerate(limits)]
    assert relaxed(Safeguards(Approval()), Safeguards(Approval(), {name: wider})) == {name: [limits, wider]}
    assert relaxed(Safeguards(Approval(), {name: wider}), Safeguards(Approval())) == {}
    assert relaxed(Safeguards(Approval(), {name: limits}), Safeguards(Approval())) == {}, "it is the usual one"
