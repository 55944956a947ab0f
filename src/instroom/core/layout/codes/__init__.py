"""The code lists that layouts refer to by column type: countries and languages."""

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


def _codes(name: str) -> tuple[str, ...]:
    lines = (_HERE / name).read_text(encoding="ascii").splitlines()
    return tuple(code for line in lines if not line.startswith("#") for code in line.split())
