"""The fixed words of reports, per language: `words.nl.toml` and `words.en.toml`."""

from pathlib import Path
from typing import Any, Final

from instroom.core.language import Language
from instroom.core.model import Checked
from instroom.core.wording.catalogue import Catalogue
from instroom.core.wording.phrases import number

_WORDS: Final = Catalogue(Path(__file__).parent, "words")


def words(lang: Language) -> dict[str, dict[str, Any]]:
    """Subject → name → text."""
    return _WORDS.texts(lang)


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
