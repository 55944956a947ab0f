"""Restoring one dossier changes that one alone, and does to it what the whole undo does (product.md D8)."""

from hypothesis import given
from hypothesis import strategies as st

from instroom.core.fields import FIELDS, Kind
from instroom.core.plan.model import SEPARATOR, Action, Change, Link, Stored
from instroom.core.plan.undo import Now, make_undo_plan

NAMES = ("", "Een", "Twee")
COMPANIES = ("c1", "c2", "c3")
NAME_OF: dict[Kind, str] = {"company": "name", "person": "first_name"}


def stored(kind: Kind, id_: str, name: str, company: str | None) -> Stored:
    fields = SEPARATOR.join(name if field == NAME_OF[kind] else "" for field in FIELDS[kind])
    return Stored(id_, 2, ("HR", id_), id_, fields, (), (), company)


def change(kind: Kind, id_: str, action: Action, link: Link, names: tuple[str, str], links: list[str | None]) -> Change:
    field, (before, after) = NAME_OF[kind], names
    values: dict[Action, tuple[dict[str, str], dict[str, str]]] = {
        "new": ({}, {field: after} if after else {}),
        "changed": ({field: before}, {field: after}),
        "unchanged": ({}, {}),
    }
    old, new = links if action != "new" else (None, links[1])
    return Change(kind, id_, 1, ("HR", id_), id_, action, link, 2, *values[action], old, new, None)


@st.composite
def imports(draw: st.DrawFn) -> tuple[list[Change], Now]:
    """What an import did, and what is stored now: as it left it, or changed since."""
    done, there = [], {}
    name = st.sampled_from(NAMES)
    for id_ in COMPANIES:
        action = draw(st.sampled_from(("new", "changed", "none")))
        names = (draw(name), draw(name))
        if action == "new" or (action == "changed" and names[0] != names[1]):
            done.append(change("company", id_, action, "", names, [None, None]))
        there[id_] = stored("company", id_, draw(st.sampled_from((names[1], names[1], *NAMES))), None)
    for id_ in ("p1", "p2", "p3"):
        action = draw(st.sampled_from(("new", "changed", "unchanged")))
        names = (draw(name), draw(name))
        links = [draw(st.sampled_from((None, *COMPANIES))) for _ in range(2)]
        old = None if action == "new" else links[0]
        word: Link = "" if old == links[1] else "linked" if not old else "relinked" if links[1] else "unlinked"
        if action == "new" or word or (action == "changed" and names[0] != names[1]):
            kept = "unchanged" if action == "changed" and names[0] == names[1] else action
            done.append(change("person", id_, kept, word, names, links))
        there[id_] = stored("person", id_, names[1], draw(st.sampled_from((links[1], links[1], None, *COMPANIES))))
    for id_ in draw(st.sets(st.sampled_from(sorted(there)))):
        if not any(one.company == id_ for one in there.values()):
            del there[id_]
    persons_of: dict[str, set[str]] = {}
    for one in there.values():
        if one.company:
            persons_of.setdefault(one.company, set()).add(one.id)
    return done, Now(there, persons_of, {}, {one for one in COMPANIES if one in there})


@given(imports(), st.data())
def test_one_dossier_alone_and_as_the_whole_undo_does(made: tuple[list[Change], Now], data: st.DataObject) -> None:
    done, now = made
    if not done:
        return
    one = data.draw(st.sampled_from(done))
    alone, whole = make_undo_plan([one], now), make_undo_plan(done, now)
    assert {change.dossier for change in alone.changes} <= {one.dossier}
    assert {(kept["kind"], kept["extern_id"]) for kept in alone.totals["kept"]} <= {(one.kind, one.extern_id)}
    if one.kind == "person" or not now.persons_of.get(one.dossier):  # it depends on no other dossier
        assert alone.changes == [change for change in whole.changes if change.dossier == one.dossier]


@given(imports())
def test_one_by_one_they_do_no_more_than_the_whole_undo(made: tuple[list[Change], Now]) -> None:
    """A company with persons stays where it is restored alone; nothing else differs."""
    done, now = made
    whole = {change.dossier: change for change in make_undo_plan(done, now).changes}
    for one in done:
        for change in make_undo_plan([one], now).changes:
            assert whole[change.dossier] == change
