"""`instroom layout`: the layouts of the site, which a check by name knows too (product.md A8)."""

from pathlib import Path

import pytest
from django.conf import settings
from django.utils import timezone
from tests.commands import Run

from instroom.flow.operations.layouts import TAKEN_IN
from instroom.store.models import OwnLayout

MARKER = Path(__file__).parents[2] / "deliveries" / "marker-layout" / "marker.v1.toml"


@pytest.mark.on_postgresql
def test_a_layout_is_added_listed_shown_used_and_removed(run: Run, tmp_path: Path) -> None:
    run("init", "--demo")
    text = MARKER.read_text(encoding="utf-8")
    (tmp_path / "eigen.toml").write_text(text, encoding="utf-8")
    assert run("layout", "add", "eigen.toml", "--lang", "en").err.startswith("Layout marker/1 added.")
    assert run("layout", "list").out.split() == ["standard/1", "108", "marker/1", "37"]
    assert run("layout", "show", "marker/1").out.rstrip() == text.rstrip()
    assert run("template", "--layout", "marker", "--format", "csv").code == 0
    assert run("check", "x.csv", "--layout", "marker").code == 2
    (tmp_path / "x.csv").write_text("x")
    assert run("check", "x.csv", "--layout", "marker", "--format", "json").document["layout"] == "marker/1"
    assert run("layout", "add", "eigen.toml", "--by", "reader").code == 1
    assert run("layout", "remove", "marker/1").code == 0
    for lang, said in (("nl", "er is geen indeling marker; kies standard/1"), ("en", "there is no layout marker;")):
        assert said in run("check", "x.csv", "--layout", "marker", "--lang", lang).err
    assert run("layout", "show", "marker/1").code == run("layout", "remove", "marker/1").code == 2


def test_a_layout_that_an_older_version_took_hides_no_other(run: Run) -> None:
    OwnLayout.objects.create(name="rot", version=1, text="name = 'rot'", sha256="1", added_at=timezone.now())
    for lang, said in (("nl", "indeling rot: er ontbreekt iets"), ("en", "layout rot: something is missing")):
        ran = run("layout", "list", "--lang", lang)
        assert (ran.code, ran.out.split()[0]) == (0, "standard/1") and said in ran.err
        ran = run("template", "--layout", "rot/1", "--lang", lang)
        assert ran.code == 2 and said in ran.err


def test_the_files_of_an_older_version_are_taken_in(run: Run) -> None:
    folder = Path(settings.INSTROOM_HOME) / "layouts"
    folder.mkdir()
    (folder / "eigen.toml").write_bytes(MARKER.read_bytes())
    (folder / "rot.toml").write_text("name = [")
    try:
        said = run("init", "--lang", "en").err
        assert "marker/1. Their files have been renamed" in said and "rot.toml cannot be read" in said
        said = run("worker", "--once", "--lang", "en").err
        assert "marker/1" not in said and "rot.toml cannot be read" in said
        assert sorted(one.name for one in folder.iterdir()) == ["eigen.toml" + TAKEN_IN, "rot.toml"]
    finally:
        for one in folder.iterdir():
            one.unlink()
        folder.rmdir()
