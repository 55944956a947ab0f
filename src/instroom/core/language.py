"""The languages in which Instroom speaks to people."""

from typing import Final, Literal

Language = Literal["nl", "en"]

LANGUAGES: Final[tuple[Language, ...]] = ("nl", "en")
