"""The words, signs and choices of a list that stand for nothing."""

from collections.abc import Iterable
from typing import Final

_SIGNS = (
    r"\N - -- --- ---- ----- ‐ ‑ – — − -/- '' "
    r'"" N/A n/a N.A. n.a. N.A n.a NaN NaT <NA> k.A. DBNull {} [] () <>'
).split()
_WORDS = (
    "n/b n/d null nan none nil n.v.t. n.v.t nvt nvt. n/v/t leeg blank empty undefined unset unspecified k.a. néant"
    " dbnull System.DBNull NaN% 1.#QNAN 1.#IND -1.#IND"
).split()
_PHRASES = (
    *("niet van toepassing", "niet ingevuld", "niet opgegeven", "niet beschikbaar", "geen waarde", "geen opgave"),
    *("geen gegevens", "not applicable", "not available", "not specified", "not provided", "not set", "no value"),
    *("no data", "null null", "None None", "NaN NaN", "n / a", "n. v. t.", "- -", "[object Object]"),
    *("keine angabe", "nicht angegeben", "sans objet", "non renseigné", "sin datos"),
)
_NOT_CHOSEN = (
    *("maak een keuze", "maak uw keuze", "maak je keuze", "make a choice", "please select", "please choose"),
    *("bitte wählen", "bitte auswählen", "wählen sie", "veuillez choisir", "veuillez sélectionner", "choisissez"),
    *("sélectionnez", "seleccione", "elija una opción"),
)
_CHOOSE = (
    (
        "kies selecteer",
        "een uw je de het",
        "optie waarde keuze item regel afdeling functie geslacht land taal titel datum categorie groep bedrijf rol",
    ),
    (
        "select choose pick",
        "a an one your the",
        "option value choice item department gender country language title date category group company role",
    ),
)
"""What the first line of a choice list says: verbs, articles, and what is to be chosen."""


def _spellings(words: Iterable[str]) -> set[str]:
    return {spelling for word in words for spelling in (word, word.lower(), word.upper(), word.capitalize())}


CERTAIN: Final = frozenset(_spellings((*_SIGNS, *_WORDS, *_PHRASES, *_NOT_CHOSEN)))
NOT_CHOSEN: Final = frozenset(
    _spellings(
        f"{verb} {article} {thing}"
        for verbs, articles, things in _CHOOSE
        for verb in verbs.split()
        for article in articles.split()
        for thing in things.split()
    )
)
NOTHING_IN_DECORATION: Final = frozenset(
    "leeg leer vide blank blanks blanco empty none null nil geen niets vacío vacía vuoto missing undefined nvt n.v.t"
    " select selecteer selecteren kies keuze choose pick auswählen wählen choisir sélectionner seleccionar".split()
).union(("lege cellen", "geen keuze"), (phrase.lower() for phrase in (*_PHRASES, *_NOT_CHOSEN)), NOT_CHOSEN)
"""Within brackets or dashes, or before dots: (leeg), -- None --, Kies…"""
DECORATION: Final = "$-–—()[]<>{}*#_=~…., ;"
SIGNS_OF_DECORATION: Final = {sign: sign for sign in "([<{*#_=~…–—,;"} | {
    "...": ".", "--": "-", "- ": "-", "|-": "-", "-|": "-",
}  # fmt: skip
"""With | around each value; and the rarest character of each: one is found seventy times as fast in a long text as two.
"""
NOT_FILLED_IN: Final = ("{{", "${", "<%", "[object ")
"""What a place in a text begins with that no program has filled in: {{functie}}."""
LONGEST_DECORATED: Final = 40

NOT_AVAILABLE: Final = frozenset(("NA",))  # as R writes it; elsewhere Namibia, or initials
NO_KEY: Final = frozenset(
    _spellings(
        "geen onbekend unknown niet niks nihil tbd tbc nb n.b. nnb n.n.b. ntb n.t.b. n.n. keine aucun aucune ninguno"
        " inconnu unbekannt ? ?? . .. x xx xxx * _ /".split()
    )
    | _spellings(("niet bekend", "not known", "nog niet bekend", "volgt nog", "nader te bepalen", "in te vullen"))
)
NO_DATE: Final = frozenset(
    (
        "0000-00-00 00-00-0000 00/00/0000 00.00.0000 0-0-0000 00-01-1900 0-1-1900"
        " dd-mm-jjjj dd-mm-yyyy dd/mm/jjjj dd/mm/yyyy jjjj-mm-dd yyyy-mm-dd mm/dd/yyyy"
        " DD-MM-JJJJ DD-MM-YYYY DD/MM/JJJJ DD/MM/YYYY JJJJ-MM-DD YYYY-MM-DD MM/DD/YYYY"
    ).split()
).union(("0000-00-00 00:00:00", "00-00-0000 00:00:00"))
