"""The layouts that a command can name: Instroom's own, and those in the folder `layouts` of INSTROOM_HOME."""

import os
from pathlib import Path

from instroom.core.errors import LayoutError
from instroom.core.layout.loader import Layout, load, standard
from instroom.doors.cli.failures import WrongUse
from instroom.doors.cli.input_file import shown


def folders() -> list[Path]:
    """Where an operator's own layouts are."""
    return [Path(os.environ.get("INSTROOM_HOME") or "instroom-data") / "layouts"]


def layout_of(name: str) -> Layout:
    """The layout of this name, such as `standard/1` or `standard`; or of this file, where it ends in .toml.

    Raises LayoutError where there is none or it cannot be used, WrongUse where there is no such file.
    """
    if name in ("standard", "standard/1"):
        return standard()
    if name.endswith(".toml") and not Path(name).is_file():
        raise WrongUse("no-such-file", name=shown(name))
    from instroom.core.layout.find import find_layout  # noqa: PLC0415 - the standard layout needs no search

    return find_layout(name, folders())


def known_layouts() -> tuple[list[Layout], list[LayoutError]]:
    """Every layout that can be named, and what is wrong with each file that cannot be used."""
    known: list[Layout] = [standard()]
    broken: list[LayoutError] = []
    for path in (path for folder in folders() for path in sorted(folder.glob("*.toml"))):
        try:
            known.append(load(path))
        except LayoutError as error:
            broken.append(error)
    return known, broken
