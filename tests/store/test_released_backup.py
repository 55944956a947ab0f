"""A backup of a site as an older version left it is restored by this one, brought up to date, and verified."""

import json
from pathlib import Path

import pytest
from tests.other_site import OtherSite, empty_site
from tests.store.test_released import KEPT, ReleasedSite, dropped

from instroom.flow.backup.making import make

__all__ = ["dropped"]


@pytest.mark.slow
@pytest.mark.usefixtures("dropped")
@pytest.mark.parametrize("archive", KEPT, ids=lambda path: path.name.partition(".tar")[0])
def test_it_is_restored_and_goes_on(archive: Path, tmp_path: Path) -> None:
    site, folder = ReleasedSite(archive, tmp_path), tmp_path / "kopie"
    sql = (site.kept / "database.sql").read_text(encoding="utf-8")
    if has_site := "store_site" in sql:  # backed up with its old tables, as its own version would
        with OtherSite(Path(site.settings["INSTROOM_HOME"]), site.settings.get("INSTROOM_DATABASE_URL", "")).entered():
            make(folder, with_key=True)
    else:
        site.answer("upgrade")
        site.answer("backup", str(folder), "--with-secret-key")
    waiting = site.deliveries[0]["id"]

    with empty_site(tmp_path / "elders") as other:
        site.settings = other.settings
        restored = json.loads(site.answer("restore", str(folder), "--verify", "--format", "json"))
        assert restored["gone"] == []
        assert (restored["migrations"] > 0) == (has_site and "store_heartbeat" not in sql)
        for environment in ("training", "live"):
            was = (site.kept / f"{environment}.csv").read_bytes().decode()
            assert site.answer("export", "--environment", environment, "-o", "-") == was
        site.answer("approve", waiting)
        assert "Opleidingsadviseur" in site.answer("export", "--environment", "live", "-o", "-")
        assert site.answer("audit", "verify")
