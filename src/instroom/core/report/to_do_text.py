"""What there is to do, in Dutch and English: what is the matter, and the verb that mends it."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from instroom.core.language import Language
from instroom.core.report.visible import visible
from instroom.core.report.words import counted
from instroom.core.wording.catalogue import Catalogue

_TEXTS: Final = Catalogue(Path(__file__).parent, "to_do")
_COUNTED: Final = {
    "errors": "error", "deliveries": "delivery", "calls": "message", "mails": "mail", "proposals": "proposal",
}  # fmt: skip
_LETTERS: Final = 100  # of somebody else's file name


def what_text(kind: str, about: str, facts: Mapping[str, Any], lang: Language) -> str:
    """What is the matter, in a sentence without its full stop."""
    said = {name: counted(fact, _COUNTED[name], lang) if name in _COUNTED else fact for name, fact in facts.items()}
    return _TEXTS.text(kind, lang, about=visible(about, _LETTERS), **said)


def verb_text(kind: str, lang: Language) -> str:
    """What a person does about it."""
    return str(_TEXTS.texts(lang)["verb"][kind])


def kind_word(kind: str, lang: Language) -> str:
    """A few words for a list of kinds."""
    return str(_TEXTS.texts(lang)["kind"][kind])
