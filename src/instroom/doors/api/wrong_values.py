"""What is wrong with a value, in Dutch and English. Pydantic finds it, and has English sentences only."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from instroom.core.language import Language

_SENTENCES: Final[dict[str, tuple[str, str]]] = {
    "cursor": ("Gebruik `next` uit een eerder antwoord.", "Use `next` of an earlier answer."),
    "empty": ("Het bestand is leeg.", "The file is empty."),
    "missing": ("Dit veld is verplicht.", "This field is required."),
    "unknown": ("Onbekend veld.", "Unknown field."),
    "unknown-like": ("Onbekend veld. Bedoelt u `{nearest}`?", "Unknown field. Did you mean `{nearest}`?"),
    "unknown-of": ("Onbekend veld. Bekend zijn: {known}.", "Unknown field. Known are: {known}."),
    "moment": (
        "Schrijf een moment als 2030-01-31T20:00:00+01:00.",
        "Write a moment as 2030-01-31T20:00:00+01:00.",
    ),
    "moment-without-offset": (
        "De tijdzone ontbreekt. Schrijf het verschil met UTC erachter: 2030-01-31T20:00:00+01:00, of Z voor UTC.",
        "The time zone is missing. Add the offset from UTC: 2030-01-31T20:00:00+01:00, or Z for UTC.",
    ),
    "repeated": ("Stuur dit één keer.", "Send this once."),
    "not-a-file": ("Dit moet een bestand zijn, met een naam.", "This must be a file, with a file name."),
    "a-file": ("Dit moet een tekst zijn, geen bestand.", "This must be a text, not a file."),
    "literal_error": ("Kies uit {expected}.", "Choose one of {expected}."),
    "enum": ("Kies uit {expected}.", "Choose one of {expected}."),
    "string_too_short": ("Ten minste {min_length} teken(s).", "At least {min_length} character(s)."),
    "string_too_long": ("Hoogstens {max_length} tekens.", "At most {max_length} characters."),
    "greater_than_equal": ("Ten minste {ge}.", "At least {ge}."),
    "less_than_equal": ("Hoogstens {le}.", "At most {le}."),
    "int_parsing": ("Dit moet een geheel getal zijn.", "This must be a whole number."),
    "int_type": ("Dit moet een geheel getal zijn.", "This must be a whole number."),
    "string_type": ("Dit moet een tekst zijn.", "This must be a string."),
}
_OTHER: Final = ("Ongeldige waarde.", "Invalid value.")


def wrong_values(errors: Iterable[Mapping[str, Any]], lang: Language) -> list[dict[str, str]]:
    """The place of each error, and a sentence. The value itself is never repeated: it may be personal data."""
    return [{"place": place_of(error), "message": _sentence(error, lang)} for error in errors]


def place_of(error: Mapping[str, Any]) -> str:
    """Such as `query.limit`, `path.delivery_id`, `body.reason` or `file.file`."""
    return ".".join(str(part) for part in error["loc"])


def _sentence(error: Mapping[str, Any], lang: Language) -> str:
    sentence = _SENTENCES.get(str(error["type"]), _OTHER)[lang == "en"]
    facts = {name: str(value) for name, value in error.get("ctx", {}).items()}
    facts["expected"] = facts.get("expected", "").replace("'", "").replace(" or ", ", ")
    return sentence.format_map(facts)
