"""The layouts that a command can name: Instroom's own, and those in the folder `layouts` of INSTROOM_HOME."""

from pathlib import Path

from instroom.config.home import home
from instroom.core.layout.find import find_layout
from instroom.core.layout.loader import Layout
from instroom.core.layout.own_layouts import load
from instroom.doors.cli.input_file import shown
from instroom.doors.cli.wrong_use import WrongUse


def folders() -> list[Path]:
    """Where an operator's own layouts are."""
    return [home() / "layouts"]


def layout_of(name: str) -> Layout:
    """The layout of this name, such as `standard/1` or `standard`; or of this file, where it ends in .toml.

    Raises LayoutError where there is none or it cannot be used, WrongUse where there is no such file.
    """
    if not name.endswith(".toml"):
        return find_layout(name, folders())
    if not Path(name).is_file():
        raise WrongUse("no-such-file", name=shown(name))
    return load(Path(name))
