"""The layout that Instroom comes with, in every version. A released version stays as it is, and stays in use."""

import re
from functools import cache
from pathlib import Path
from typing import Final

from instroom.core.layout.loader import Layout, make, parse

STANDARD: Final = "standard"

_HERE: Final = Path(__file__).parent
_FILE: Final = re.compile(r"standard\.v(\d+)\.toml")
_VERSIONS: Final = sorted(int(match[1]) for path in _HERE.iterdir() if (match := _FILE.fullmatch(path.name)))

DEFAULT_LAYOUT: Final = f"{STANDARD}/{_VERSIONS[-1]}"
"""The layout of a file for which nobody names one: the newest version."""


def standard() -> Layout:
    """The newest version. It has a column for each field of a dossier."""
    return _version(_VERSIONS[-1])


def standard_layouts() -> list[Layout]:
    """Every version, the oldest first."""
    return [_version(version) for version in _VERSIONS]


def standard_named(name: str) -> Layout | None:
    """The version that `standard` (the newest) or such as `standard/1` means; None where it means no version."""
    versions = {f"{STANDARD}/{version}": version for version in _VERSIONS}
    version = _VERSIONS[-1] if name == STANDARD else versions.get(name)
    return None if version is None else _version(version)


@cache
def _version(version: int) -> Layout:
    return make(parse(_HERE / f"{STANDARD}.v{version}.toml"))
