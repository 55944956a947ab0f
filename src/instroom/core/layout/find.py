"""Finds a layout by its name: a version of the standard one, or one that an operator has added (product.md A8)."""

from collections.abc import Sequence
from pathlib import Path

from instroom.core.errors import LayoutError
from instroom.core.layout.loader import Layout
from instroom.core.layout.own_layouts import own_layouts
from instroom.core.layout.standard import standard_layouts, standard_named


def find_layout(name: str, folders: Sequence[Path] = ()) -> Layout:
    """The layout that `name` means, such as `standard` or `standard/1`.

    A name without a version means the newest one. Own layouts are the .toml files in `folders`. Raises LayoutError:
    where there is none of that name it lists the layouts there are, and the files that cannot be used.
    """
    if layout := standard_named(name):
        return layout
    own, broken = own_layouts(folders)
    matching = [layout for layout in own if name in (layout.name, layout.id)]
    if not matching:
        raise _no_layout(name, [*standard_layouts(), *own], broken)
    newest = max(matching, key=lambda layout: layout.version)
    if sum(layout.id == newest.id for layout in matching) > 1:
        raise LayoutError("layout-in-two-files", layout=newest.id)
    return newest


def known_layouts(folders: Sequence[Path]) -> tuple[list[Layout], list[LayoutError]]:
    """Every layout that can be named, and what is wrong with each file that cannot be used."""
    own, broken = own_layouts(folders)
    return [*standard_layouts(), *own], broken


def _no_layout(name: str, known: list[Layout], broken: list[LayoutError]) -> LayoutError:
    ids = sorted({layout.id for layout in known})
    if broken:
        return LayoutError("no-layout-but-broken", name=name, layouts=ids, broken=broken)
    return LayoutError("no-layout", name=name, layouts=ids)
