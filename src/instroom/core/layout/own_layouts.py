"""Layouts that an operator has added: each is proven before it is used (product.md A8)."""

from pathlib import Path
from typing import Any

from instroom.core.layout.loader import Layout, make, parse
from instroom.core.layout.soundness import prove_sound
from instroom.core.layout.standard import standard


def load(path: Path) -> Layout:
    """Read a layout file. Raises LayoutError where it cannot be read or used, naming the column."""
    return build(parse(path))


def build(data: dict[str, Any]) -> Layout:
    """A layout from its parsed data file; raises LayoutError where it cannot be used."""
    layout = make(data)
    prove_sound(layout, standard())
    return layout
