"""The layouts of the site are in the database: proven before they are kept, the same ever after, known everywhere."""

from pathlib import Path

import pytest
from django.test import override_settings
from django.utils import timezone

from instroom.core.errors import LayoutError, NotAllowed, NotFound
from instroom.core.layout.standard import standard, standard_layouts
from instroom.flow import find, site_layouts
from instroom.flow.operations import layouts
from instroom.flow.operations.init import DEMO_USERS, add_customer
from instroom.flow.operations.layouts import TAKEN_IN
from instroom.store.models import AuditEntry, Customer, Delivery, OwnLayout, User

MARKER = (Path(__file__).parents[1] / "deliveries" / "marker-layout" / "marker.v1.toml").read_text(encoding="utf-8")
LATER = MARKER.replace("version = 1", "version = 12")
FALSE = MARKER.replace('name = "marker"', 'name = "standard"')


@pytest.fixture
def boss() -> User:
    add_customer("demo", "Demo", DEMO_USERS)
    User.objects.filter(username="operator").update(is_superuser=True)
    return find.user("operator")


def file(folder: Path, text: str, name: str = "eigen.toml") -> Path:
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(text, encoding="utf-8")
    return folder / name


@pytest.fixture
def added(boss: User, tmp_path: Path) -> User:
    assert [layouts.add(file(tmp_path, text), by=boss) for text in (LATER, MARKER)] == ["marker/12", "marker/1"]
    return boss


def test_a_layout_is_found_by_its_name_or_by_its_version(added: User) -> None:
    found = {name: find.layout(name).id for name in ("marker", "marker/1", "marker/12", "standard/1")}
    assert found == {
        "marker": "marker/12",
        "marker/1": "marker/1",
        "marker/12": "marker/12",
        "standard/1": "standard/1",
    }
    assert find.layout("marker/1").columns == find.layout("marker").columns
    assert find.layout("standard") == standard()


@pytest.mark.parametrize(
    "name", ["anders", "marker/2", "marker/01", "marker/9999999999", "standard/99", "Standard", "", "\0", "/etc/passwd"]
)
def test_an_unknown_name_says_what_there_is(added: User, name: str) -> None:
    *known, last = ["marker/1", "marker/12", *(layout.id for layout in standard_layouts())]
    with pytest.raises(NotFound, match=f"choose {', '.join(known)} or {last}"):
        find.layout(name)


def test_what_is_used_never_changes(added: User, tmp_path: Path) -> None:
    changed = file(tmp_path, MARKER.replace("max_length = 60", "max_length = 59"))
    now = timezone.now()
    one = Delivery.objects.create(
        customer=Customer.objects.get(), layout="marker/1", received_at=now, changed_at=now, number=1
    )
    with pytest.raises(LayoutError):
        layouts.add(changed, by=added)
    for step in (
        lambda: layouts.remove("marker/1", by=added),
        lambda: layouts.remove("marker/12", by=find.user("reader")),
    ):
        with pytest.raises(NotAllowed):
            step()
    assert site_layouts.stored("marker/1").text == MARKER
    one.delete()
    before = find.layout("marker/1")
    layouts.remove("marker/1", by=added)
    for gone in ("marker/1", "marker", "standard/1"):
        with pytest.raises(NotFound):
            layouts.remove(gone, by=added)
    assert site_layouts.ids() == ["marker/12"]
    layouts.add(changed, by=added)
    layouts.add(changed, by=added)
    assert before != find.layout("marker/1") == site_layouts.named("marker/1")
    told = AuditEntry.objects.filter(action__startswith="layout-").order_by("number").values_list("action", flat=True)
    assert list(told) == ["layout-added"] * 2 + ["layout-removed", "layout-added"]


@pytest.mark.parametrize(
    "text",
    ["name = [", "name = 'x'", FALSE, *(MARKER.replace("version = 1", f"version = {n}") for n in (0, 2**31, 10**30))],
)
def test_nothing_is_kept_that_cannot_be_used(boss: User, tmp_path: Path, text: str) -> None:
    with pytest.raises(LayoutError):
        layouts.add(file(tmp_path, text), by=boss)
    assert not OwnLayout.objects.exists()


def test_files_of_before_are_taken_in_once(boss: User, tmp_path: Path) -> None:
    file(folder := tmp_path / "layouts", MARKER)
    twice = MARKER.replace('name = "marker"', 'name = "twee"')
    for name, text in {"a.toml": twice, "b.toml": twice + "# ", "vals.toml": FALSE, "rot.toml": "name ="}.items():
        file(folder, text, name)
    (folder / "lees.txt").touch()
    with override_settings(INSTROOM_HOME=tmp_path):
        taken_in = layouts.take_in_folder()
        assert taken_in.layouts == site_layouts.ids() == ["marker/1"]
        assert _codes(taken_in.broken) == ["layout-in-two-files"] * 2 + ["layout-name-taken", "layout-unreadable"]
        assert sorted(one.name for one in folder.iterdir()) == [
            "a.toml", "b.toml", f"eigen.toml{TAKEN_IN}", "lees.txt", "rot.toml", "vals.toml"
        ]  # fmt: skip
        (folder / f"eigen.toml{TAKEN_IN}").rename(folder / "eigen.toml")  # as a kill leaves it, after it was kept
        assert layouts.take_in_folder().layouts == []
        assert not (folder / "eigen.toml").exists()
        (folder / "a.toml").unlink()
        file(folder, MARKER + "# ", "anders.toml")
        taken_in = layouts.take_in_folder()
        assert (taken_in.layouts, _codes(taken_in.broken)[0]) == (["twee/1"], "layout-exists")


def _codes(errors: list[LayoutError]) -> list[str]:
    return sorted(error.code for error in errors)
