"""Words that everybody understands, where a column's type has one meaning for them (value-understood).

Man for M, WAAR for Ja, Nederland or NLD for NL, Nederlands or nl-NL for nl. What can mean two things is not here:
1 and 2 for a gender, Mr. (a man, or a master of laws), X for yes or no.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from functools import cache
from typing import Final

from instroom.core.layout.codes import countries, country_names, language_names, languages
from instroom.core.layout.loader import Column

Meaning = Callable[[str], str | None]
"""The value that a text stands for; None where it has no meaning, or more than one."""

_WORDS_FOR_GENDER: Final = {
    "M": ("man mannelijk male heer herr hr dhr jongen homme monsieur mannlich masculin", "de heer"),
    "V": (
        "vrouw vrouwelijk female f mevrouw mevr mw mejuffrouw mej mrs ms meisje femme madame frau weiblich w feminin",
    ),
    "X": (
        "anders overig other divers diverse nonbinair nonbinary genderneutraal neutraal",
        "non binair",
        "non binary",
        "gender neutraal",
    ),
    "O": ("onbekend unknown unbekannt inconnu", "niet bekend", "niet opgegeven", "not known"),
}
_GENDERS: Final = {
    word: value for value, (words, *phrases) in _WORDS_FOR_GENDER.items() for word in (*words.split(), *phrases)
}
_YES_NO: Final = {
    **dict.fromkeys("j yes y true waar wahr vrai verdadero vero 1".split(), "Ja"),
    **dict.fromkeys("n no false onwaar falsch faux falso 0".split(), "Nee"),
}
_LOCALE: Final = r"([A-Za-z]{2})[-_](?:[A-Za-z]{2}|[A-Za-z]{4}|[0-9]{3})(?:[-_.@][\w.-]+)?"
_BETWEEN_NAMES: Final = r" [-–/|] |[(),:;]"
_COUNTRY_BEHIND: Final = r"\s*\([^()]*\)$"
"""As Windows, .NET and Java show a language: Dutch (Netherlands)."""
_PERHAPS: Final = {
    "XK": "XK", "XKX": "XK", "KOSOVO": "XK",
    "A": "AT", "B": "BE", "D": "DE", "E": "ES", "F": "FR", "I": "IT", "L": "LU", "P": "PT", "S": "SE",
    "EN": "GB", "EL": "GR", "N": "NO", "NED": "NL", "HOL": "NL",
    "GER": "DE", "DUI": "DE", "SUI": "CH", "DEN": "DK", "SPA": "ES", "ENG": "GB",
    "AN": "CW", "SU": "RU", "YU": "RS", "HO": "NL", "DL": "DE", "DU": "DE", "OS": "AT", "ZW": "CH",
}  # fmt: skip
"""Signs on cars, codes that no longer exist, and mistakes: what may be meant by them. XK is no code of ISO 3166-1."""


def is_word(text: str) -> bool:
    """Whether a text is a word or a code: -1 is no 1, and who asks "Noors?" is not sure."""
    return text[0].isalnum() and (text[-1].isalnum() or text[-1] in ".)")


def folded(text: str) -> str:
    """The text without letter case, accents and punctuation, as names are compared."""
    letters = unicodedata.normalize("NFD", text.casefold().replace(".", ""))
    bare = "".join(letter for letter in letters if not unicodedata.combining(letter))
    words = re.sub(r"[^\w]+", " ", bare).split()
    return " ".join(words[1:] if words[:1] == ["the"] else words)


def meaning_of(column: Column) -> Meaning | None:
    """What understands the words of this column; None where it takes its own list and nothing else."""
    if column.type == "country":
        return _country
    if column.type == "language":
        return _language
    if column.type == "yes_no":
        return _of_words(_YES_NO)
    if column.type == "choice" and column.field == "gender" and set(column.choices) <= _WORDS_FOR_GENDER.keys():
        return _of_words({word: value for word, value in _GENDERS.items() if value in column.choices})
    return None


def perhaps_country(text: str) -> str | None:
    """The code of the country that may be meant, where nobody can be sure."""
    return _PERHAPS.get(text.upper().strip("."))


def _of_words(words: Mapping[str, str]) -> Meaning:
    return lambda text: words.get(folded(text.removesuffix(".0")))  # 1.0: a yes or no that was read as a number


def _country(text: str) -> str | None:
    """Also of a name with its code, as choice lists show both: NL - Nederland, Nederland (NL)."""
    names = [folded(text), *filter(None, map(folded, re.split(_BETWEEN_NAMES, text)))]
    found = [_country_names().get(name) or (name.upper() if name.upper() in countries() else None) for name in names]
    return found[0] or (found[1] if len(set(found[1:])) == 1 else None)


def _language(text: str) -> str | None:
    if (match := re.fullmatch(_LOCALE, text)) and match[1].lower() in languages():
        return match[1].lower()
    return _language_names().get(folded(text)) or _language_names().get(folded(re.sub(_COUNTRY_BEHIND, "", text)))


@cache
def _country_names() -> dict[str, str]:
    return {folded(name): code for name, code in country_names().items()}


@cache
def _language_names() -> dict[str, str]:
    return {folded(name): code for name, code in language_names().items()}
