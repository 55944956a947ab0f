"""What templates and reference pages say about a column, in Dutch and English."""

from typing import Final

from instroom.core.language import Language
from instroom.core.layout.loader import Column, Layout

_TYPES: Final[dict[str, tuple[str, str]]] = {
    "extern_id": ("sleutel", "key"),
    "extern_source": ("bronsysteem", "source system"),
    "text": ("tekst", "text"),
    "multiline": ("tekst, meer regels mogen", "text, several lines allowed"),
    "date": ("datum, dd-mm-jjjj", "date, dd-mm-yyyy"),
    "choice": ("keuze", "choice"),
    "yes_no": ("Ja of Nee", "Ja (yes) or Nee (no)"),
    "country": ("landcode van twee letters, zoals NL", "country code of two letters, such as NL"),
    "language": ("taalcode van twee letters, zoals nl", "language code of two letters, such as nl"),
    "postal_code": ("postcode", "postal code"),
    "phone": ("telefoonnummer", "phone number"),
    "email": ("e-mailadres", "e-mail address"),
    "url": ("webadres", "web address"),
    "registration_number": ("inschrijfnummer", "registration number"),
    "vat_number": ("btw-nummer", "VAT number"),
    "category_group": ("categoriegroep", "category group"),
    "category": ("categorie", "category"),
    "free_field_definition": ("code van een vrij veld", "code of a free field"),
    "marker": ("scheidingskolom: altijd leeg", "separating column: always blank"),
}
_REQUIRED: Final[dict[str, tuple[str, str]]] = {
    "": ("nee", "no"),
    "key": ("ja: de sleutel, altijd invullen", "yes: the key, always fill in"),
    "yes": ("ja, bij een nieuw dossier", "yes, for a new dossier"),
    "pair": ("beide helften van het paar, of geen", "both halves of the pair, or neither"),
}
_BLOCKS: Final[dict[str, tuple[str, str]]] = {
    "company": ("bedrijf", "company"),
    "person": ("persoon", "person"),
    "marker": ("", ""),
}
YES_NO: Final = ("Ja", "Nee")
"""The values of a yes_no column."""


def pick(words: tuple[str, str], lang: Language) -> str:
    """The first, Dutch, or the second, English."""
    return words[0] if lang == "nl" else words[1]


def description(column: Column, lang: Language) -> str:
    """What the column holds; the other language where the layout describes it in one only."""
    return pick((column.nl or column.en, column.en or column.nl), lang)


def type_words(column: Column, lang: Language) -> str:
    """The kind of value, such as `datum, dd-mm-jjjj`."""
    return pick(_TYPES[column.type], lang)


def required_words(column: Column, lang: Language) -> str:
    """Whether it must be filled in."""
    return pick(_REQUIRED[column.required], lang)


def block_words(column: Column, lang: Language) -> str:
    """`bedrijf` or `persoon`; nothing for a marker."""
    return pick(_BLOCKS[column.block], lang)


def choices_of(column: Column) -> tuple[str, ...]:
    """The only values that the column takes; none where it takes any of its type."""
    return YES_NO if column.type == "yes_no" else column.choices


def comment(column: Column, lang: Language) -> str:
    """What the template says at a column's header."""
    lines = [description(column, lang), "", pick(("Soort: ", "Kind: "), lang) + type_words(column, lang)]
    if column.max_length:
        lines.append(pick(("Ten hoogste {} tekens", "At most {} characters"), lang).format(column.max_length))
    if column.block != "marker":
        lines.append(pick(("Verplicht: ", "Required: "), lang) + required_words(column, lang))
    if choices := choices_of(column):
        lines.append(pick(("Keuze uit: ", "One of: "), lang) + ", ".join(choices))
    return "\n".join(lines).strip()


def instructions(layout: Layout, lang: Language) -> list[str]:
    """How to fill in a file of this layout."""
    return [pick(pair, lang).format(count=len(layout.columns)) for pair in _INSTRUCTIONS]


_INSTRUCTIONS: Final[tuple[tuple[str, str], ...]] = (
    (
        "Vul één regel per persoon of bedrijf in, vanaf rij 2. Ten hoogste 10.000 regels per bestand.",
        "Fill in one row for each person or company, from row 2 on. At most 10,000 rows a file.",
    ),
    (
        "Laat rij 1 met de {count} kolomkoppen staan zoals die is: zelfde koppen, zelfde volgorde, geen erbij of eraf.",
        "Leave row 1 with the {count} column headers as it is: same headers, same order, none added or removed.",
    ),
    (
        "Een regel bevat een bedrijf, een persoon of beide. Beide: de persoon hoort bij het bedrijf. Een persoon zonder"
        " bedrijf is een particulier; een bestaande koppeling vervalt dan.",
        "A row holds a company, a person or both. Both: the person belongs to the company. A person without a company"
        " is a private person; a link that exists is then removed.",
    ),
    (
        "ExternId en ExternSource samen zijn de sleutel. Wijzig een sleutel nooit en gebruik hem niet opnieuw.",
        "ExternId and ExternSource together are the key. Never change a key and never use it again for another.",
    ),
    (
        "Meer personen bij één bedrijf: herhaal het bedrijf met dezelfde gegevens, of vul alleen zijn sleutel in.",
        "Several persons of one company: repeat the company with the same data, or fill in its key alone.",
    ),
    (
        "Alle kolommen zijn opgemaakt als tekst: voorloopnullen blijven staan. Plak waarden, geen formules.",
        "All columns are formatted as text: leading zeros stay. Paste values, no formulas.",
    ),
    (
        "Dit tabblad wordt niet ingelezen.",
        "This sheet is not read.",
    ),
)
