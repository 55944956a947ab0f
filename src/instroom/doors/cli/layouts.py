"""The layouts that a command can name: Instroom's own, a file, and those of the site where there is one."""

import os
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import ParamSpec, TypeVar

from instroom.config.home import home
from instroom.core.errors import LayoutError
from instroom.core.layout.loader import Layout
from instroom.core.layout.own_layouts import load
from instroom.core.layout.standard import standard_layouts, standard_named
from instroom.doors.cli.input_file import shown
from instroom.doors.cli.wrong_use import WrongUse

P = ParamSpec("P")
R = TypeVar("R")


def on_site(work: Callable[P, R]) -> Callable[P, R]:
    """As `database.with_database`, of a command beside others that need no site: Django is loaded when it is run."""

    @wraps(work)
    def run(*arguments: P.args, **options: P.kwargs) -> R:
        from instroom.doors.cli.command_loader import refuse_without_linux  # noqa: PLC0415 - it loads us

        refuse_without_linux()
        from instroom.config import setup  # noqa: PLC0415 - Django takes 0.3 s

        setup()
        from instroom.doors.cli.database import with_database  # noqa: PLC0415 - needs Django

        result: R = with_database(work)(*arguments, **options)
        return result

    return run


def has_site() -> bool:
    """Whether there is a database, on this machine or elsewhere."""
    return bool(os.environ.get("INSTROOM_DATABASE_URL")) or (home() / "instroom.sqlite3").exists()


def layout_of(name: str) -> Layout:
    """The layout of this name, such as `standard/1` or `standard`; or of this file, where it ends in .toml.

    Raises LayoutError where there is none or it cannot be used, WrongUse where there is no such file.
    """
    if name.endswith(".toml"):
        return load(existing_file(name))
    if found := standard_named(name):
        return found
    if has_site():
        return _own_layout(name)
    raise _no_layout(name, [])


def existing_file(name: str) -> Path:
    """Raises WrongUse."""
    if not Path(name).is_file():
        raise WrongUse("no-such-file", name=shown(name))
    return Path(name)


@on_site
def _own_layout(name: str) -> Layout:
    from instroom.flow import site_layouts  # noqa: PLC0415 - needs Django

    if found := site_layouts.named(name):
        return found
    raise _no_layout(name, site_layouts.ids())


def _no_layout(name: str, own: list[str]) -> LayoutError:
    return LayoutError("no-layout", name=name, layouts=sorted([*(one.id for one in standard_layouts()), *own]))
