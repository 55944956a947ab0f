"""Layouts that an operator has added: each is proven before it is used (product.md A8)."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from instroom.core.errors import LayoutError
from instroom.core.layout.loader import Layout, make, parse
from instroom.core.layout.soundness import prove_sound
from instroom.core.layout.standard import STANDARD, standard


def load(path: Path) -> Layout:
    """Read a layout file. Raises LayoutError where it cannot be read or used, naming the column."""
    return build(parse(path))


def build(data: dict[str, Any]) -> Layout:
    """A layout from its parsed data file; raises LayoutError where it cannot be used."""
    layout = make(data)
    prove_sound(layout, standard())
    return layout


def own_layouts(folders: Sequence[Path]) -> tuple[list[Layout], list[LayoutError]]:
    """The layouts in these folders, and what is wrong with each file that cannot be used.

    One that calls itself `standard` is left out: that name is taken.
    """
    found, broken = [], []
    for path in (path for folder in folders for path in sorted(folder.glob("*.toml"))):
        try:
            found.append(load(path))
        except LayoutError as error:
            broken.append(error)
    return [layout for layout in found if layout.name != STANDARD], broken
