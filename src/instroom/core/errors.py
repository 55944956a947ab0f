"""What can go wrong on our side or the operator's. A fault in a file is a finding, never an exception.

InstroomError
├── LayoutError        a layout file that cannot be used
├── SettingsError      a setting that cannot be used
├── NotFound           no such delivery, customer, user or layout
└── NotAllowed         the step is not possible in this state, or not for this person
"""

from pathlib import Path
from typing import Final

from instroom.core import wording
from instroom.core.language import Language
from instroom.core.wording.catalogue import Catalogue

_SENTENCES: Final = Catalogue(Path(wording.__file__).parent, "errors")


class InstroomError(Exception):
    """The base: a code and the facts of its sentence, which stands in `wording/errors.nl.toml` and `errors.en.toml`."""

    def __init__(self, code: str, /, **facts: object) -> None:
        super().__init__(code)
        self.code, self.facts = code, facts

    def sentence(self, lang: Language) -> str:
        """What went wrong, for the person who asked."""
        return _SENTENCES.text(self.code, lang, **self.facts)

    def __str__(self) -> str:
        return self.sentence("en")


class LayoutError(InstroomError):
    """A layout file that cannot be used: says which column and why."""


class SettingsError(InstroomError):
    """A setting that cannot be used: names the setting and what it takes."""


class NotFound(InstroomError):
    """Something that was named does not exist."""


class NotAllowed(InstroomError):
    """The step is not possible now, or not for this person: says why and what is possible."""


class CustomerMoving(NotAllowed):
    """Nothing of the customer changes while it moves to another site: try again later."""

    def __init__(self) -> None:
        super().__init__("customer-moving")
