"""The code lists that layouts refer to by column type, countries and languages, and what people write for them."""

from functools import cache
from pathlib import Path

_HERE = Path(__file__).parent


@cache
def countries() -> tuple[str, ...]:
    """The officially assigned codes of ISO 3166-1 alpha-2, upper case, sorted."""
    return _codes("countries.txt")


@cache
def languages() -> tuple[str, ...]:
    """The codes of ISO 639-1, lower case, sorted."""
    return _codes("languages.txt")


@cache
def country_names() -> dict[str, str]:
    """Name, or code of three letters, to code: `Nederland` and `NLD` to `NL`."""
    return _read_names("country_names.txt")


@cache
def language_names() -> dict[str, str]:
    """Name, or code of three letters, to code: `Nederlands` and `nld` to `nl`."""
    return _read_names("language_names.txt")


def _read_names(file: str) -> dict[str, str]:
    lines = (_HERE / file).read_text(encoding="utf-8").splitlines()
    entries = (line.split(": ", 1) for line in lines if not line.startswith("#"))
    return {name: code for code, names in entries for name in names.split(" | ")}


def _codes(name: str) -> tuple[str, ...]:
    lines = (_HERE / name).read_text(encoding="ascii").splitlines()
    return tuple(code for line in lines if not line.startswith("#") for code in line.split())
