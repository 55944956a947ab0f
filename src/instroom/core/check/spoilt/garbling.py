"""Text that some program has garbled (value-garbled, product.md A5), with the text that it looks like it was.

Decoded in the wrong encoding (JosÃ©), letters that were lost (Jos�, M?ller), escapes of HTML, web addresses and other
formats (&eacute;, %20, \\u00e9, O\\'Brien, _x00E9_), signs of symbol fonts (U+F0B7), quotes that were left around a
value or are doubled (O''Brien).
"""

import re
from collections.abc import Collection
from functools import lru_cache
from typing import Final
from urllib.parse import unquote

from instroom.core.check.faults import Fault
from instroom.core.clean_text import clean
from instroom.core.layout.loader import Column
from instroom.core.model import Severity

_STRICT: Final = frozenset("email free_field_definition choice yes_no country language".split())
"""Types that refuse such a value: the cause is said instead."""
_TYPES: Final = _STRICT.union(
    "extern_id extern_source text multiline postal_code phone registration_number vat_number url"
    " category_group category".split()
)
_LOST: Final = "\ufffd"
_BOXES: Final = "¿□■▯"
_BOX: Final = rf"(?<=[^\W\d_])[{_BOXES}]|[{_BOXES[1:]}](?=[^\W\d_])"
"""What Oracle, printers and fonts show for a letter that they do not have."""
_PRIVATE: Final = "[\ue000-\uf8ff\U000f0000-\U0010fffd]"
_HALF: Final = "[ÂÃÄÅ][\u00a0\u00ad]"
_LEFT_OVER: Final = r"(?:(?<=[a-z0-9.,])|(?<=[A-Z]{2})|(?<=\s))Â(?=\s|$)"
"""Of a no-break space that has become a plain one since."""
_QUESTION: Final = r"(?<=[^\W\d_])\?{1,3}(?=[^\W\d_])"
_QUESTION_IN_NAME: Final = r"(?<=[^\W\d_])\?|\?(?=[^\W\d_])"
_NAME_FIELDS: Final = frozenset("name first_name surname_prefix surname place_of_birth city street attention".split())
# Patterns for rare values are text: compiling all of them takes longer than the check of a small file.
_ENTITY: Final = (
    r"&#(?:[0-9]{2,7}|[0-9];)|&(?:#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,31});|&(?:nbsp|amp|quot|apos)\b"
)
_TAG: Final = r"(?i)</?(?:(?P<block>br|p|div|ul|ol|li|h[1-6])|span|b|i|u|a|em|strong|font)(?:\s[^<>]*)?/?>"
_LATIN = "[C-Fc-f][0-9A-Fa-f](?=[a-z])"  # é in Latin-1, within a word
_PERCENT: Final = (
    rf"(?<![0-9])%[2-7][0-9A-Fa-f]|[0-9]%20(?=\S)|%[C-Fc-f][0-9A-Fa-f](?:%[89ABab][0-9A-Fa-f])+"
    rf"|(?<=[A-Za-z])%{_LATIN}|(?<=[a-z]{{2}})%(?:E[0-9A-F]|F[1-6])$"
)
_WEB_ADDRESS: Final = r"(?:https?://|www\.)\S+"  # which has such codes of its own
_ESCAPED: Final = (
    r"\\(?:u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|'([c-f][0-9a-f]))|_x([0-9a-fA-F]{4})_|(?<=[a-zA-Z])u(00[c-f][0-9a-f])"
)
_UTF_7: Final = r"(?<=[A-Za-z])\+A(?:CY|[M-X][A-Za-z0-9+/]+)-"  # & and é; C+All-in and jan+Ads-1@ are as meant
_ENCODED_WORD: Final = r"=\?(?i:utf-8|us-ascii|(?:iso-8859|windows)-[0-9]{1,4})\?[QqBb]\?[^?\s]*\?="  # of mails
_LOOKUP: Final = r"(?:[0-9]+;#)?(?P<text>[^;#]+)(?:;#[0-9]+)?"  # of SharePoint: 12;#Hoofd
_LIST: Final = r"\[\s*(['\"])(?P<text>[^'\"\[\]]+)\1\s*\]"  # of one, as programs show it
_BYTES: Final = r"b(['\"]).*\1"  # as Python shows them
_CDATA: Final = r"<!\[CDATA\[|\]\]>"
_ESCAPED_QUOTE: Final = r"(?<=[^\W\d_])\\(['\"])(?=[^\W\d_])"
_CONTROL: Final = "[\t\r\n]+"
_ESCAPES: Final = {
    "\\": "\\",
    "=": "=",
    "_x": "_",
    "b'": "'",
    'b"': '"',
    "u00": "u",
    "+A": "+",
    ";#": "#",
    "['": "[",
    '["': "[",
}
"""What escapes begin with, and its rarest character: one character is found much faster than two."""
_PRINTABLE: Final = rf"(?:=[C-F][0-9A-F](?:=[89AB][0-9A-F])+)|(?<=[A-Za-z])={_LATIN}"
_DOUBLED: Final = r"(?<=[^\W\d_])''(?=[^\W\d_])"
_QUOTE_SIGNS: Final = "\"'`´“”„‘’«»"
_OPENS_WITH_QUOTE = re.compile('(?:^|[|])["\'`´“”„‘’«»]|""|"$|\'\'')
_QUOTES: Final = ('""', "''", "“”", "„“", "„”", "‘’", "«»", "””", "’’", "``", "´´")
_MOST_ROUNDS: Final = 3


def garbled(column: Column, values: set[str], joined: str) -> dict[str, Fault]:
    """The values that look garbled; `joined` is all of them in one text."""
    if column.type not in _TYPES:
        return {}
    found: dict[str, Fault] = {}
    if column.type != "multiline" and any(map(joined.__contains__, _QUOTE_SIGNS)) and _OPENS_WITH_QUOTE.search(joined):
        _add(found, column, "quotes", {value: _unquoted(value) for value in values})
    if column.type not in ("url", *_STRICT) and "?" in joined:
        _add(found, column, "question-mark", {value: "" if _may_have_lost(column, value) else None for value in values})
    if "%" in joined and column.type != "url":
        _add(found, column, "url", {value: _unescaped_url(value) for value in values if "%" in value})
    if "&" in joined or "<" in joined:
        _add(
            found,
            column,
            "html",
            {value: _without_html(column, value) for value in values if "&" in value or "<" in value},
        )
    for sign, rarest in _ESCAPES.items():
        if rarest in joined and sign in joined:
            _add(found, column, "escaped", {value: _unescaped(value) for value in values if sign in value})
    if not joined.isascii():
        if "Â" in joined:
            _add(found, column, "encoding", {value: clean(re.sub(_LEFT_OVER, "", value)) for value in values})
        found |= _decoded_wrongly(column, {value for value in values if not value.isascii()}, joined)
        _add(found, column, "lost", {value: "" if _LOST in value else None for value in values})
        if any(map(joined.__contains__, _BOXES)):
            boxed = {value: "" if re.search(_BOX, value) else None for value in values - found.keys()}
            _add(found, column, "box", boxed)
        if not joined.isprintable() and re.search(_PRIVATE, joined):
            _add(found, column, "symbol", {value: "" if re.search(_PRIVATE, value) else None for value in values})
    return found


def garbled_before_cleaning(column: Column, values: Collection[str], joined: str) -> dict[str, Fault]:
    """By their clean text, the values in which half of a garbled letter cannot be seen: cleaning takes it away."""
    if column.type not in _TYPES or not re.search(_HALF, joined):
        return {}
    halves = {text for text in values if re.search(_HALF, text)}
    return {clean(text): fault for text, fault in _decoded_wrongly(column, halves, joined).items()}


def _decoded_wrongly(column: Column, values: Collection[str], joined: str) -> dict[str, Fault]:
    from instroom.core.check.spoilt.encodings import may_be_garbled, mended  # noqa: PLC0415 - for more than ASCII alone

    found: dict[str, Fault] = {}
    if may_be_garbled(joined):
        _add(found, column, "encoding", {value: mended(value) for value in values})
    return found


def _add(found: dict[str, Fault], column: Column, problem: str, likely: dict[str, str | None]) -> None:
    """Note the values that have a likely text; "" where nobody can tell it."""
    grave = (column.required == "key" and problem != "url") or column.type in _STRICT
    graver: Severity | None = "error" if grave else None
    refused = ";:" if column.type in ("category", "category_group") else ""  # by the judge of a category
    for value, text in likely.items():
        if text is not None and text != value and not any(sign in value for sign in refused):
            found[value] = _fault(problem, "" if _LOST in text else text, graver)


@lru_cache(maxsize=4096)  # a column full of them shares the facts
def _fault(problem: str, likely: str, graver: Severity | None) -> Fault:
    return Fault("value-garbled", {"problem": problem, **({"likely": likely} if likely else {})}, None, graver)


def _may_have_lost(column: Column, value: str) -> bool:
    """Whether a question mark seems to stand for a letter."""
    if "?" not in value or "/" in value or "=" in value:
        return False
    names = column.field.rpartition(".")[2] in _NAME_FIELDS
    return bool(re.search(_QUESTION_IN_NAME if names else _QUESTION, value))


def _without_html(column: Column, value: str) -> str | None:
    text = re.sub(_CDATA, "", value)
    if text == value and not (re.search(_ENTITY, value) or re.search(_TAG, value)):
        return None
    import html  # noqa: PLC0415 - for the rare value

    try:
        for _ in range(_MOST_ROUNDS):  # &amp;amp;
            text = html.unescape(text)
    except ValueError:  # a number of thousands of digits, which Python refuses to read
        return None
    between = "\n" if column.type == "multiline" else " "
    text = clean(re.sub(_TAG, lambda match: between if match["block"] else "", text))
    return text if text != value else None


def _unescaped_url(value: str) -> str | None:
    if not re.search(_PERCENT, re.sub(_WEB_ADDRESS, "", value)):
        return None
    for encoding in ("utf-8", "latin-1"):
        try:
            return clean(unquote(value, encoding, errors="strict"))
        except UnicodeDecodeError:
            continue
    return None


def _unescaped(value: str) -> str | None:
    if re.search(_ENCODED_WORD, value) or re.fullmatch(_BYTES, value):
        return _as_program_wrote(value)
    pattern = _LOOKUP if ";#" in value else _LIST
    if match := re.fullmatch(pattern, value):
        return match["text"].strip()
    text = value.replace(r"\r\n", "\n")
    if text != value or re.search(_ESCAPED, value):
        text = re.sub(_ESCAPED, lambda match: chr(int(match[match.lastindex or 0], 16)), text)
        text = clean(re.sub(_CONTROL, " ", text))
        return text if text.isprintable() else ""
    if re.search(_ESCAPED_QUOTE, value):
        return re.sub(_ESCAPED_QUOTE, r"\1", value)
    if value.isascii() and "@" not in value and re.search(_UTF_7, value):
        text = value.encode().decode("utf-7", "replace")
        return text if text.isprintable() and _LOST not in text else None
    if re.search(_PRINTABLE, value):
        return re.sub(_PRINTABLE, _from_quoted_printable, value)
    return None


def _as_program_wrote(value: str) -> str:
    """The text of an encoded word of a mail, or of bytes as Python shows them; "" where it cannot be told."""
    from email.errors import HeaderParseError  # noqa: PLC0415 - for the rare value
    from email.header import decode_header, make_header  # noqa: PLC0415

    escaped = rb"\\x([0-9a-f]{2})"
    try:
        if re.fullmatch(_BYTES, value):
            text = re.sub(escaped, lambda match: bytes([int(match[1], 16)]), value[2:-1].encode()).decode()
        else:
            text = str(make_header(decode_header(value)))
    except (ValueError, LookupError, HeaderParseError):
        return ""
    return text if text.isprintable() else ""


def _from_quoted_printable(match: re.Match[str]) -> str:
    escaped = bytes.fromhex(match.group().replace("=", ""))
    try:
        return escaped.decode("utf-8" if len(escaped) > 1 else "latin-1")
    except UnicodeDecodeError:
        return match.group()


def _unquoted(value: str) -> str | None:
    """The value without quotes that were left around it, or with those inside no longer doubled."""
    if len(value) > 2 and value[0] + value[-1] in _QUOTES:
        inside = value[1:-1]
        if value[0] not in inside and value[-1] not in inside and inside.strip():
            return inside.strip()
    if value[0] == '"' and value.count('"') % 2 and len(value) > 1:
        return value.strip('"').replace('""', '"').strip() or None
    if '""' in value and (text := value.replace('""', '"')).strip('" '):
        return _unquoted(text) or text
    return re.sub(_DOUBLED, "'", value) if "''" in value else None
