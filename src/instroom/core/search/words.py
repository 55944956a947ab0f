"""By which words a dossier is found. The index of the store has these same words, made in SQL of the same fields."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Final

from instroom.core.fields import Kind

NAMES: Final[dict[Kind, tuple[str, ...]]] = {
    "company": ("name", "postal_address.city", "visiting_address.city"),
    "person": ("first_name", "initials", "surname_prefix", "surname", "home_address.city"),
}
"""Each word in them is found by its beginning."""
INITIAL: Final[dict[Kind, str]] = {"company": "name", "person": "first_name"}
"""Its first letter is a word too: `f. brouwer`."""
NUMBERS: Final[dict[Kind, tuple[str, ...]]] = {
    "company": (
        "registration_number",
        "vat_number",
        "debtor_number",
        "postal_address.postal_code",
        "visiting_address.postal_code",
        "email",
        "invoice.email",
    ),
    "person": ("employee_number", "debtor_number", "home_address.postal_code", "work_email", "home_email"),
}
"""Found by their beginning, whatever stands between their letters and digits. So are keys."""
PADDED: Final[dict[Kind, tuple[str, ...]]] = {"company": (), "person": ("employee_number",)}
"""Found without their leading zeros too. So are keys."""
PHONES: Final[dict[Kind, tuple[str, ...]]] = {
    "company": ("phone",),
    "person": ("work_phone", "home_phone", "mobile"),
}
DATES: Final[dict[Kind, tuple[str, ...]]] = {"company": (), "person": ("date_of_birth",)}

FIELDS: Final[dict[Kind, tuple[str, ...]]] = {
    kind: (*NAMES[kind], *NUMBERS[kind], *PHONES[kind], *DATES[kind]) for kind in NAMES
}

_PLACES: Final = {
    kind: (
        len(NAMES[kind]),
        len(NAMES[kind]) + len(NUMBERS[kind]),
        len(FIELDS[kind]) - len(DATES[kind]),
        FIELDS[kind].index(INITIAL[kind]),
        [FIELDS[kind].index(name) for name in PADDED[kind]],
    )
    for kind in NAMES
}
"""Where in `FIELDS` the numbers, telephone numbers and dates begin; where the initial is, and what is padded."""

SQUEEZED: Final = " -./@_+(),'&#:"
"""What is left out of numbers, telephone numbers and e-mail addresses. Whatever else is no letter or digit parts two
words."""
LETTERS: Final[Mapping[str, str]] = {
    "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ß": "ss", "æ": "ae", "œ": "oe", "ĳ": "ij", "ı": "i",
}  # fmt: skip
"""Letters without a mark of their own that people type otherwise."""
MARKS: Final = "\u0300-\u036f"
_MARK: Final = re.compile(f"[{MARKS}]")
_NO_SQUEEZED: Final = str.maketrans("", "", SQUEEZED)
_NO_SQUEEZED_BUT_PLUS: Final = str.maketrans("", "", SQUEEZED.replace("+", ""))
_PLAIN: Final = str.maketrans(dict(LETTERS))
GAP: Final = (
    r"\u0001-/:-`{-\u00a9\u00ab-\u00b4\u00b6-\u00b9\u00bb-\u00bf\u00d7\u00f7\u2000-\u2bff"
    r"\u3000-\u3004\u3008-\u3020\uff01-\uff0f"
)
"""What stands between words: all of ASCII that is no letter or digit, and the usual signs of the rest. Listed, as
Python and PostgreSQL differ in what they call a letter: the signs of a vowel in Hindi, say."""
_GAP: Final = re.compile(rf"[\0{GAP}]+")


def words_of(kind: Kind, extern_id_key: str, values: Mapping[str, str]) -> set[str]:
    """The words by which a dossier with this key and these fields is found."""
    found = words_text(kind, extern_id_key, [values.get(name, "") for name in FIELDS[kind]])
    return set(parts_of(fold(found)))


def words_text(kind: Kind, extern_id_key: str, values: Sequence[str]) -> str:
    """Their text, in which capitals, marks and what stands between the words are still as they were. `values` are those
    of `FIELDS`, in that order."""
    numbers, phones, days, initial, padded = _PLACES[kind]
    numbered = [extern_id_key, *values[numbers:phones], extern_id_key.lstrip("0")]
    numbered += [values[place].lstrip("0") for place in padded]
    called = phone_word("|".join(values[phones:days]))
    born = "".join(values[days:]).replace("-", "")
    return f"{' '.join(values[:numbers])} {values[initial][:1]} {squeeze('|'.join(numbered))} {called} {born}"


def fold(text: str) -> str:
    """In lower case and without diacritics."""
    if text.isascii():
        return text.lower()
    return _MARK.sub("", unicodedata.normalize("NFD", text)).lower().translate(_PLAIN)


def parts_of(text: str) -> list[str]:
    """The words, without what stands between them."""
    return _GAP.sub(" ", text).split()


def squeeze(text: str) -> str:
    """Without spaces and the common punctuation."""
    return text.translate(_NO_SQUEEZED)


def phone_word(text: str) -> str:
    """A telephone number as Dutch people dial it, however it is written: `+31 (0)6 …` and `0031 6 …` are `06…`. Of
    several, parted by |, each."""
    digits = f"|{text}".translate(_NO_SQUEEZED_BUT_PLUS)
    digits = digits.replace("|+", "|00").replace("|0031", "|0").replace("|00", "|0")
    return digits.replace("+", "")[1:]
