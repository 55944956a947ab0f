"""What the command line itself says: `words.nl.toml` and `words.en.toml`. A report is worded in `core.report`."""

from pathlib import Path
from typing import Final

from instroom.core.wording.catalogue import Catalogue

WORDS: Final = Catalogue(Path(__file__).parent, "words")
phrase: Final = WORDS.text
