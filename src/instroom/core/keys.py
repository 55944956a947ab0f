"""The one key function (product.md B4): check, plan, write and unique index all use this and nothing else. Names of
files have theirs beside it."""

import unicodedata

from instroom.core.clean_text import SPACES, clean, trim, without_invisible

Key = tuple[str, str]
"""(ExternSource, ExternId) in the form in which two ways of writing meet."""


def source_key(extern_source: str) -> str:
    """ExternSource as it is compared: clean; letter case counts."""
    return clean(extern_source)


def id_key(extern_id: str) -> str:
    """ExternId as it is compared: clean, case folded and without any joiner; `id_key(id_key(x)) == id_key(x)`.

    Folding can undo a composition and composing can bring back a letter that folds, hence NFD around the fold
    (Unicode standard, section 3.13, canonical caseless matching).
    """
    if extern_id.isascii() and extern_id.isalnum():  # most are: then it is clean
        return extern_id.lower()
    text = clean(extern_id)
    if text.isascii():
        return text.lower()
    text = unicodedata.normalize("NFD", without_invisible(text))
    folded = unicodedata.normalize("NFD", text.casefold())
    return unicodedata.normalize("NFC", folded.casefold())


def key(extern_source: str, extern_id: str) -> Key:
    """The identity of a dossier within one environment and one kind."""
    return source_key(extern_source), id_key(extern_id)


def file_key(name: str) -> str:
    """The name of a file as it is compared, as an ExternId is: programs write é as one sign or as two, and people put
    a space behind it or hold the shift key."""
    return id_key(name)


__all__ = ["SPACES", "Key", "file_key", "id_key", "key", "source_key", "trim"]
