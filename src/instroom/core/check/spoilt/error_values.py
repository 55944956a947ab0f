"""What spreadsheets show where a formula failed, in the languages that reach us, and where a column was too narrow."""

import re
from typing import Final

_ENGLISH = "#N/A #REF! #VALUE! #NAME? #DIV/0! #NUM! #NULL! #SPILL! #CALC! #FIELD! #BLOCKED! #BUSY! #CONNECT! #UNKNOWN!"
_DUTCH = (
    "#N/B #VERW! #WAARDE! #NAAM? #DEEL/0! #GETAL! #LEEG! #OVERLOOP! #BEREKENEN! #VELD! #GEBLOKKEERD! #BEZIG!"
    " #VERBINDEN! #ONBEKEND!"
)
_GERMAN = (
    "#NV #BEZUG! #WERT! #ZAHL! #ÜBERLAUF! #KALK! #FELD! #BLOCKIERT! #BESCHÄFTIGT! #VERBINDUNG! #UNBEKANNT!"
    " #DATEN_ABRUFEN"
)
_FRENCH = (
    "#VALEUR! #NOM? #NOMBRE! #NOMBRE? #NUL! #EPARS! #ÉPARS! #PROPAGATION! #CHAMP! #BLOQUE! #BLOQUÉ! #OCCUPE! #OCCUPÉ!"
    " #CONNEXION! #INCONNU! #OBTENTION_DONNEES #CHARGEMENT_DONNEES"
)
_SPANISH = (
    "#N/D #¡REF! #¡VALOR! #VALOR! #¿NOMBRE? #¡NOMBRE? #¡DIV/0! #¡NUM! #¡NÚM! #NÚM! #¡NULO! #NULO! #¡DESBORDAMIENTO!"
    " #DESBORDAMIENTO! #¡CALC! #¡CAMPO! #CAMPO! #¡BLOQUEADO! #¡OCUPADO! #¡CONECTAR! #¡DESCONOCIDO! #OBTENIENDO_DATOS"
)
_ITALIAN = (
    "#RIF! #VALORE! #NOME? #NULLO! #ESPANSIONE! #CALCOLO! #BLOCCATO! #OCCUPATO! #CONNETTI! #SCONOSCIUTO!"
    " #ESTRAZIONE_DATI_IN_CORSO"
)
_OTHERS = (
    "#ADR! #ARG! #LICZBA! #NAZWA? #DZIEL/0! #ZERO!"  # Polish
    " #I/T #SAKNAS! #REFERENS! #VÄRDEFEL! #NAMN? #DIVISION/0! #OGILTIGT! #SKÄRNING!"  # Swedish
    " #REFERENCE! #VÆRDI! #VERDI! #NAVN? #NUL! #NULL! #I/R"  # Danish and Norwegian
    " #PUUTTUU! #VIITTAUS! #ARVO! #NIMI? #JAKO/0! #LUKU! #TYHJÄ!"  # Finnish
    " #DESPEJAR! #NÚMERO! #YOK #BAŞV! #DEĞER! #AD? #SAYI/0! #SAYI! #BOŞ!"  # Portuguese, Turkish
)
_PROGRAMS = (
    "#ERROR! #GETTING_DATA #EXTERNAL! #PYTHON! #TIMEOUT! #MACRO? #FOUT! #FEHLER! #ERREUR! LOADING... LOADING… LADEN..."
)

_SHOWN: Final = frozenset(
    " ".join((_ENGLISH, _DUTCH, _GERMAN, _FRENCH, _SPANISH, _ITALIAN, _OTHERS, _PROGRAMS)).split()
)
_WITHOUT_SIGN: Final = frozenset(
    value.rstrip("!?") for value in " ".join((_ENGLISH, _DUTCH, _GERMAN, _FRENCH, _SPANISH, _ITALIAN)).split()
)
"""#REF and #VERW, as they stand in a value that was cut off or typed over; also with another sign, as #N/A!

In text that people write these are tags of a subject.
"""
_NUMBERED: Final = r"(?i)(?:Err|Fout|Fehler|Erreur|Errore)\s?:\s?5[0-9]{2}"  # LibreOffice
_HASHES = re.compile(r"##+")


def may_hold_errors(joined: str) -> bool:
    """Whether texts that are joined can hold an error value; quick, and sure when false."""
    numbered = ":" in joined and (":5" in joined or ": 5" in joined)
    return numbered or "#" in joined or "…" in joined or ("." in joined and "..." in joined)


def is_error_value(text: str, *, tags: bool) -> bool:
    """Whether a spreadsheet shows this where there is no value.

    `tags`: the column holds what people write, so that #NUM is the tag of a subject.
    """
    shown = text.upper().removeprefix("=")
    cut = shown.rstrip("!?")
    return (
        shown in _SHOWN or (cut in _WITHOUT_SIGN and not (tags and cut == shown)) or bool(re.fullmatch(_NUMBERED, text))
    )


def is_hashes(text: str, *, one: bool) -> bool:
    """Whether a spreadsheet shows this where a number or a date does not fit in the width of its column.

    `one`: also a single sign.
    """
    return bool(_HASHES.fullmatch(text)) or (one and text == "#")
