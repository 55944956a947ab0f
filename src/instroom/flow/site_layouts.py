"""The layouts of the site's own, which every node finds in the database (product.md A8)."""

import re
from functools import lru_cache
from typing import Final

from instroom.core.errors import NotFound
from instroom.core.layout.loader import Layout, parse_text
from instroom.core.layout.own_layouts import build
from instroom.store.models import OwnLayout

_NAME: Final = re.compile(r"([a-z0-9_-]+)(?:/([1-9][0-9]{0,9}))?")


def named(name: str) -> Layout | None:
    """The layout that this means: `klant/1`, or the newest version of `klant`. Raises LayoutError for one that this
    version of Instroom no longer takes."""
    if (parts := _NAME.fullmatch(name)) is None:
        return None
    found = OwnLayout.objects.filter(name=parts[1], **{"version": int(parts[2])} if parts[2] else {})
    sha256 = found.order_by("-version").values_list("sha256", flat=True).first()
    return _built(sha256) if sha256 else None


def stored(layout: str) -> OwnLayout:
    """The row of a layout such as `klant/1`; raises NotFound."""
    parts = _NAME.fullmatch(layout)
    found = OwnLayout.objects.filter(name=parts[1], version=int(parts[2])).first() if parts and parts[2] else None
    if found is None:
        raise NotFound("no-own-layout", layout=layout)
    return found


def ids() -> list[str]:
    return [str(one) for one in OwnLayout.objects.order_by("name", "version").only("name", "version")]


@lru_cache(256)
def _built(sha256: str) -> Layout:
    """Parsed and proven once in each process."""
    row = OwnLayout.objects.get(sha256=sha256)
    return build(parse_text(row.text, str(row)))
