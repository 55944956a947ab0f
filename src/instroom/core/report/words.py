"""The fixed words of reports, per language: `words.nl.toml` and `words.en.toml`."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from instroom.core.language import Language
from instroom.core.model import Checked
from instroom.core.report.phrases import number


@cache
def words(lang: Language) -> dict[str, dict[str, Any]]:
    """Subject → name → text; read when first asked for."""
    path = Path(__file__).parent / f"words.{lang}.toml"
    return tomllib.loads(path.read_text(encoding="utf-8"))


def counted(amount: int, name: str, lang: Language) -> str:
    """`1 fout`, `10.000 fouten`."""
    return f"{number(amount, lang)} {named(amount, name, lang)}"


def named(amount: int, name: str, lang: Language) -> str:
    """What so many are called: `fout`, `fouten`."""
    one, many = words(lang)["counted"][name]
    return str(one if amount == 1 else many)


def severity_word(severity: str, lang: Language) -> str:
    """`fout`, `waarschuwing` or `melding`."""
    return str(words(lang)["severity"][severity])


def verdict_words(checked: Checked, lang: Language) -> str:
    """What the file as a whole is worth, in a few words."""
    return str(words(lang)["verdict"]["rejected" if checked.rejected else checked.verdict])


def state_word(state: str, lang: Language) -> str:
    """A delivery's state as people read it (product.md, states of a delivery)."""
    return str(words(lang)["state"][state])
