"""The one key function (product.md B4): check, plan, write and unique index all use this and nothing else."""

import unicodedata

SPACES = " \t\r\n\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000\ufeff"
"""What counts as space around a value. Not `str.strip()`'s own list: that also eats control characters such as
U+001C, which are a finding."""

Key = tuple[str, str]
"""(ExternSource, ExternId) in the form in which two ways of writing meet."""


def trim(text: str) -> str:
    """The text without the spaces around it."""
    return text.strip(SPACES)


def source_key(extern_source: str) -> str:
    """ExternSource as it is compared: trimmed, NFC; letter case counts."""
    text = trim(extern_source)
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def id_key(extern_id: str) -> str:
    """ExternId as it is compared: trimmed, case folded, NFC; `id_key(id_key(x)) == id_key(x)`.

    Folding can undo a composition and composing can bring back a letter that folds, hence NFD around the fold
    (Unicode standard, section 3.13, canonical caseless matching).
    """
    text = trim(extern_id)
    if text.isascii():
        return text.lower()
    folded = unicodedata.normalize("NFD", unicodedata.normalize("NFD", text).casefold())
    return unicodedata.normalize("NFC", folded.casefold())


def key(extern_source: str, extern_id: str) -> Key:
    """The identity of a dossier within one environment and one kind."""
    return source_key(extern_source), id_key(extern_id)
