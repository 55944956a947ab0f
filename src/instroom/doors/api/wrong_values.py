"""What is wrong with a value that was sent, in a sentence. Pydantic finds it, and has English words of its own."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from instroom.core.language import Language

_SENTENCES: Final[dict[str, tuple[str, str]]] = {
    "cursor": ("Neem next uit een eerder antwoord.", "Take next of an earlier answer."),
    "empty": ("Het bestand is leeg.", "The file is empty."),
    "missing": ("Dit ontbreekt.", "This is missing."),
    "extra_forbidden": ("Dit is hier onbekend.", "This is not known here."),
    "literal_error": ("Kies uit {expected}.", "Choose from {expected}."),
    "enum": ("Kies uit {expected}.", "Choose from {expected}."),
    "string_too_short": ("Neem ten minste {min_length} teken(s).", "Take at least {min_length} character(s)."),
    "string_too_long": ("Neem ten hoogste {max_length} tekens.", "Take at most {max_length} characters."),
    "greater_than_equal": ("Neem ten minste {ge}.", "Take at least {ge}."),
    "less_than_equal": ("Neem ten hoogste {le}.", "Take at most {le}."),
    "int_parsing": ("Dit moet een geheel getal zijn.", "This must be a whole number."),
    "int_type": ("Dit moet een geheel getal zijn.", "This must be a whole number."),
    "string_type": ("Dit moet een tekst zijn.", "This must be a text."),
}
_OTHER: Final = ("Deze waarde kan hier niet.", "This value will not do here.")


def wrong_values(errors: Iterable[Mapping[str, Any]], lang: Language) -> list[dict[str, str]]:
    """Where each is, such as `query.limit`, and what is wrong. The value itself is not repeated."""
    return [{"place": place_of(error), "message": _sentence(error, lang)} for error in errors]


def place_of(error: Mapping[str, Any]) -> str:
    """`query.limit`, `path.delivery_id`, `body.reason`, `file.file`."""
    return ".".join(str(part) for part in error["loc"])


def _sentence(error: Mapping[str, Any], lang: Language) -> str:
    sentence = _SENTENCES.get(str(error["type"]), _OTHER)[lang == "en"]
    facts = {name: str(value) for name, value in error.get("ctx", {}).items()}
    facts["expected"] = facts.get("expected", "").replace("'", "").replace(" or ", ", ")
    return sentence.format_map(facts)
