"""Sentences about a version beside the one before it: what was put in that, and how many records lack."""

from instroom.core.language import Language
from instroom.core.report.words import counted, words
from instroom.core.wording.phrases import number


def merged_text(replaced: int, kept: int, lang: Language) -> str:
    """Of a file with only corrected records, in numbers."""
    return str(words(lang)["parts"]["merged"]).format(rows=counted(replaced, "row", lang), kept=number(kept, lang))


def fewer_text(lacking: int, lang: Language) -> str:
    """Of a version with so many records fewer than the one before."""
    return str(words(lang)["parts"]["fewer"]).format(rows=counted(lacking, "row", lang))
