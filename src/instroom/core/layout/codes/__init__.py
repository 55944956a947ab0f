"""The code lists that layouts refer to by column type, countries and languages, and what people write for them."""

from functools import cache
from pathlib import Path

from instroom.core.language import Language

_HERE = Path(__file__).parent
_SAME = "="
_LETTERS = 3


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


@cache
def names_of_codes(lang: Language) -> dict[str, str]:
    """What people call each code of a country (`NL`) or a language (`nl`)."""
    found = {}
    for file in ("country_names.txt", "language_names.txt"):
        for code, names in _entries(file):
            if spelled := [name for name in names if not _is_code(name)]:
                dutch, english = [*spelled, _SAME][:2]
                found[code] = dutch if lang == "nl" or english == _SAME else english
    return found


def _is_code(name: str) -> bool:
    return len(name) == _LETTERS and name.isascii() and (name.isupper() or name.islower())


def _read_names(file: str) -> dict[str, str]:
    return {name: code for code, names in _entries(file) for name in names if name != _SAME}


def _entries(file: str) -> list[tuple[str, list[str]]]:
    lines = (_HERE / file).read_text(encoding="utf-8").splitlines()
    entries = (line.split(": ", 1) for line in lines if not line.startswith("#"))
    return [(code, names.split(" | ")) for code, names in entries]


def _codes(name: str) -> tuple[str, ...]:
    lines = (_HERE / name).read_text(encoding="ascii").splitlines()
    return tuple(code for line in lines if not line.startswith("#") for code in line.split())
