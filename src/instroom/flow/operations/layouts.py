"""Layouts are added to the site: each is proven before it is kept, and never changes (product.md A8)."""

import hashlib
from collections import Counter
from contextlib import suppress
from pathlib import Path
from typing import Final, NamedTuple

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from instroom.core.errors import LayoutError, NotAllowed
from instroom.core.layout.loader import Layout, parse_text, read_text
from instroom.core.layout.own_layouts import build
from instroom.core.layout.standard import STANDARD
from instroom.flow import audit, permissions, site_layouts
from instroom.store.models import Connection, Delivery, OwnLayout, User

TAKEN_IN: Final = ".in-database"


class TakenIn(NamedTuple):
    """What became of the files in the folder of before."""

    layouts: list[str]
    broken: list[LayoutError]


def add(path: Path, *, by: User) -> str:
    """Add the layout of a file, and give its id; once more changes nothing.

    Raises LayoutError where it cannot be used, or there is another one of its name and version.
    """
    permissions.check_site_operator(by)
    text = read_text(path)
    return _keep(text, _proven(text, path.name), by)[0]


@transaction.atomic
def remove(layout: str, *, by: User) -> None:
    """Remove a layout such as `klant/1`. Raises NotFound, and NotAllowed where a delivery or a connection uses it."""
    permissions.check_site_operator(by)
    row = site_layouts.stored(layout)
    row.delete()  # first: what begins to use it meanwhile does not find it
    used = Delivery.objects.filter(layout=layout).count(), Connection.objects.filter(layout=layout).count()
    if any(used):
        raise NotAllowed("layout-used", layout=layout, deliveries=used[0], connections=used[1])
    audit.note(None, "layout-removed", by, layout=layout, sha256=row.sha256)


def take_in_folder() -> TakenIn:
    """Take in the files in `layouts` of the home folder, where layouts were before they were in the database. Each gets
    another name once it is kept, so that one which is removed later stays away."""
    found, broken = list[tuple[Path, str, Layout]](), list[LayoutError]()
    for path in sorted((Path(settings.INSTROOM_HOME) / "layouts").glob("*.toml")):
        try:
            text = read_text(path)
            found.append((path, text, _proven(text, path.name)))
        except LayoutError as error:
            broken.append(error)
    of_one_id, taken_in = Counter(layout.id for _, _, layout in found), []
    for path, text, layout in found:
        try:
            if of_one_id[layout.id] > 1:
                raise LayoutError("layout-in-two-files", layout=layout.id)
            taken_in += [layout.id] * _keep(text, layout, None)[1]
        except LayoutError as error:
            broken.append(error)
        else:
            with suppress(OSError):  # a folder that we may not write in, or another process was first
                path.rename(path.with_name(path.name + TAKEN_IN))
    return TakenIn(taken_in, broken)


def _proven(text: str, name: str) -> Layout:
    layout = build(parse_text(text, name))
    if layout.name == STANDARD:
        raise LayoutError("layout-name-taken", file=name, name=STANDARD)
    return layout


@transaction.atomic
def _keep(text: str, layout: Layout, by: User | None) -> tuple[str, bool]:
    """Its id, and whether it is new."""
    sha256 = hashlib.sha256(text.encode()).hexdigest()
    rest = {"text": text, "sha256": sha256, "added_at": timezone.now(), "added_by": by}
    row, new = OwnLayout.objects.get_or_create(name=layout.name, version=layout.version, defaults=rest)
    if row.sha256 != sha256:
        raise LayoutError("layout-exists", layout=layout.id)
    if new:
        audit.note(None, "layout-added", by, layout=layout.id, sha256=sha256)
    return layout.id, new
