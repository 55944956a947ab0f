"""What can go wrong on our side or the operator's. A fault in a file is a finding, never an exception.

InstroomError
├── LayoutError        a layout file that cannot be used
├── SettingsError      a setting that cannot be used
├── NotFound           no such delivery, customer, user or layout
└── NotAllowed         the step is not possible in this state, or not for this person
"""


class InstroomError(Exception):
    """The base. It carries a sentence for the person who asked, in both languages."""

    def __init__(self, en: str, nl: str) -> None:
        """`en` is also the text for developers, in a traceback."""
        super().__init__(en)
        self._sentences = {"en": en, "nl": nl}

    def sentence(self, lang: str) -> str:
        """What went wrong, in `nl` or `en`."""
        return self._sentences.get(lang, self._sentences["en"])


class LayoutError(InstroomError):
    """A layout file that cannot be used: says which column and why."""


class SettingsError(InstroomError):
    """A setting that cannot be used: names the setting and what it takes."""


class NotFound(InstroomError):
    """Something that was named does not exist."""


class NotAllowed(InstroomError):
    """The step is not possible now, or not for this person: says why and what is possible."""
