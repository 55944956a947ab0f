"""E-mail addresses, phone numbers and web addresses: could they exist? Whether they do is not asked."""

import re
from typing import Final

from instroom.core.check.faults import Fault, Judgement, short_of_zeros

NOT_AN_EMAIL = Fault("value-email")
SEVERAL_EMAILS = Fault("value-email", {"problem": "several"})
NOT_A_PHONE = Fault("value-phone")
NOT_A_URL = Fault("value-url")

_LABEL = r"[^\W_](?:[\w-]{0,61}[^\W_])?"  # letters of any script: internationalised names (RFC 5890)
_DOMAIN = rf"(?:{_LABEL}\.)+(?:[^\W\d_]{{2,63}}|xn--[a-zA-Z0-9-]{{1,59}})"
_LOCAL = r"[\w!#$%&'*+/=?^`{|}~-]+(?:\.[\w!#$%&'*+/=?^`{|}~-]+)*"  # dot-atom of RFC 5322, with RFC 6531's letters
_EMAIL: Final = rf"{_LOCAL}@{_DOMAIN}"
_AROUND_EMAIL: Final = rf"(?:[^<>@]*<|mailto:|[(\['\"]+)?({_LOCAL}@{_DOMAIN})(?:[>)\]'\"]+|[.,;:]+|\?\S*|#mailto:\S*)?"
"""What mail programs, spreadsheets and databases put around an address."""
_EMAIL_SLIPS: Final = (
    (r"\s*(?:@+|[(\[{]at[)\]}])\s*", "@"),  # jan @voorbeeld.nl, jan(at)voorbeeld.nl
    (r"\s*\([^()]*\)$", ""),  # (werk)
    ("[\u2018\u2019]", "'"),
    (r"(?<=\w),(?=\w)", "."),
)
_USUAL_LABEL = r"[a-zA-Z0-9]{1,30}(?:-[a-zA-Z0-9]{1,30})?"  # so that it stays below 64 characters
USUAL_EMAIL = re.compile(
    rf"[a-zA-Z0-9]{{1,20}}(?:[._-][a-zA-Z0-9]{{1,20}})?(?:[._-][a-zA-Z0-9]{{1,20}})?"
    rf"@{_USUAL_LABEL}\.(?:{_USUAL_LABEL}\.)?[a-zA-Z]{{2,20}}"  # "?" twice is thrice as fast as {{0,2}}
)
"""What nearly all addresses look like. All of these are right; what it does not match may be right all the same."""

_WEB = re.compile(
    rf"(?:https?://)?(?:{_DOMAIN}|[0-9]{{1,3}}(?:\.[0-9]{{1,3}}){{3}})\.?(?::[0-9]{{1,5}})?(?:[/?#]\S*)?", re.IGNORECASE
)

_PHONE = re.compile(r"\+?[0-9 ()./\u00a0\u2010-\u2013-]+")
_PUNCTUATION = re.compile(r"[ ()./\u00a0\u2010-\u2013-]+")
_EXTENSION: Final = r"(?i)\s*(?:tst\.?|toestel|ext\.?|x|#)\s*[0-9]{1,6}"
_DUTCH = re.compile(
    r"0[1-9][0-9]{8}"  # geographic, mobile and most other numbers
    r"|0(?:800|90[069])[0-9]{4}(?:[0-9]{3})?"  # information numbers
    r"|0970[0-9]{8}"  # between machines
    r"|140[1-9][0-9]{1,2}"  # municipalities
)
_DUTCH_ABROAD: Final = r"\+310?(?:[1-9][0-9]{8}|800[0-9]{4,7}|970[0-9]{8})"
_ABROAD: Final = r"\+[1-9][0-9]{6,14}"  # ITU-T E.164: at most 15 digits
_PLUS_LOST: Final = r"(?:[1-57-9][0-9]{10,14}|(?:32|45|47)[0-9]{8})"  # 6… is a Dutch mobile number, mistyped
_SOMEWHERE: Final = r"[0-9]{6,15}"
USUAL_PHONE = re.compile(
    r"(?:0|\+31 ?)(?:[1-9][0-9]{8}|6[ -][0-9]{8}|[1-9][0-9][ -][0-9]{7}|[1-9][0-9]{2}[ -][0-9]{6})"
)
"""How Dutch numbers are mostly written. All of these are right, also for people who live abroad."""


def judge_email(text: str, _context: str) -> Judgement:
    """The address, if it has the form of RFC 5321 and 5322 without quotes, comments and address literals."""
    if len(text) > 254:
        return NOT_AN_EMAIL
    if re.fullmatch(_EMAIL, text) and text.index("@") <= 64 and text[0] not in "'`":
        return text
    match = re.fullmatch(_AROUND_EMAIL, text, re.IGNORECASE)
    if match and (likely := match[1].lstrip("'`")) != text:
        return Fault("value-email", {"likely": likely})
    if len(re.findall(_EMAIL, text)) > 1:
        return SEVERAL_EMAILS
    likely = text
    for pattern, instead in _EMAIL_SLIPS:
        likely = re.sub(pattern, instead, likely, flags=re.IGNORECASE)
    if likely != text and judge_email(likely, "") == likely:
        return Fault("value-email", {"likely": likely})
    return NOT_AN_EMAIL


def judge_url(text: str, _context: str) -> Judgement:
    """The address, if it is http or https; without a scheme is how people write it."""
    return text if _WEB.fullmatch(text) else NOT_A_URL


def judge_phone(text: str, abroad: str) -> Judgement:
    """The number, if it can exist.

    A number without a country code is a Dutch one, unless `abroad` says that the record has an address elsewhere.
    """
    if _DUTCH.fullmatch(text):
        return text
    extension = re.search(_EXTENSION, text)
    main = text[: extension.start()] if extension and extension.end() == len(text) else text
    if not _PHONE.fullmatch(main):
        return NOT_A_PHONE
    number = _PUNCTUATION.sub("", main)
    if number.startswith("00"):
        number = "+" + number[2:]
    if number.startswith("+"):
        return text if _may_ring(number) else NOT_A_PHONE
    if re.fullmatch(_PLUS_LOST, number) and _may_ring("+" + number):
        return Fault("value-phone", {"problem": "plus", "likely": "+" + re.sub("^310", "31", number)})  # 31 (0)6
    if abroad:
        return text if re.fullmatch(_SOMEWHERE, number) else NOT_A_PHONE
    if len(number) == 9 and number[0] != "0":
        return short_of_zeros("0" + text)
    return text if _DUTCH.fullmatch(number) else NOT_A_PHONE


def _may_ring(number: str) -> bool:
    return bool(re.fullmatch(_DUTCH_ABROAD if number.startswith("+31") else _ABROAD, number))
