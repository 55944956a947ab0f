"""VAT numbers with their check digits (value-vat-number).

The three countries of most deliveries are judged here, because the library that knows all of them takes 60 ms to load;
what these do not accept goes to that library, so it has the last word.
"""

import re
from operator import mul

from instroom.core.check.faults import Fault, Judgement
from instroom.core.check.judges.registration import is_kbo

NOT_A_VAT_NUMBER = Fault("value-vat-number")
_NO_NUMBER = Fault("value-vat-number", {"problem": "word"})

_PUNCTUATION = re.compile(r"[ .:\-/]+")
_WORD = re.compile(r"(?:BTW|VAT|TVA|MWST|UST|IVA)(?:NUMMER|NUMBER|NR|NO|IDNR|ID)?")
_DUTCH = re.compile(r"NL[0-9]{9}B[0-9]{2}")
_LONGEST = 40  # more than any country's; of thousands of digits the library would make a number, which Python refuses
_PREFIX_OF = {"": "NL", "GR": "EL"}
_EUROPEAN = frozenset(
    "AT BE BG CY CZ DE DK EE EL ES FI FR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK XI EU IM".split()
)


def judge_vat_number(text: str, country: str) -> Judgement:
    """The number, if its check digits are right. Without a prefix it is taken for one of the company's country.

    Numbers of countries for which no rule is known are accepted.
    """
    number = _PUNCTUATION.sub("", text).upper()
    whole = number if number[:2].isalpha() else _PREFIX_OF.get(country, country) + number
    if _is_quickly_right(whole):
        return text
    if not any(map(str.isdigit, number)):
        return _NO_NUMBER
    if not (number.isascii() and number.isalnum()):
        return NOT_A_VAT_NUMBER
    if word := _WORD.match(number):
        rest = number[word.end() :]
        right = bool(rest) and not isinstance(judge_vat_number(rest, country), Fault)
        return Fault("value-vat-number", {"likely": rest}) if right else NOT_A_VAT_NUMBER
    if _library_accepts(whole):
        return text
    digits = whole[:2] + whole[2:].replace("O", "0")  # NL…BO1
    return Fault("value-vat-number", {"likely": digits}) if _is_quickly_right(digits) else NOT_A_VAT_NUMBER


def too_long_vat_number(text: str) -> Fault | None:
    """The fault of a value that does not fit because it is no number, or has words before it; None for others."""
    fault = judge_vat_number(text, "")
    return fault._replace(graver="error") if isinstance(fault, Fault) and fault.facts else None


def _is_quickly_right(number: str) -> bool:
    if number.startswith("NL"):
        if not _DUTCH.fullmatch(number):
            return False
        in_digits = f"2321{number[2:11]}11{number[12:]}"  # ISO 7064 mod 97-10: N counts as 23, L as 21 and B as 11
        return int(in_digits) % 97 == 1 or passes_eleven(number[2:11])
    return number.startswith("BE") and is_kbo(number[2:])


def passes_eleven(digits: str) -> bool:
    """The eleven-proof of citizen service numbers, and of the VAT numbers that were given out before 2020: weights 9 to
    2, and -1 for the last."""
    # By their codes, which are 48 more: that saves making integers of them, and adds 48 × 43 = 7 (mod 11).
    return sum(map(mul, (9, 8, 7, 6, 5, 4, 3, 2, -1), digits.encode())) % 11 == 7 and digits != "000000000"


def _library_accepts(number: str) -> bool:
    if len(number) > _LONGEST:
        return False
    from stdnum.eu import vat  # noqa: PLC0415 - 60 ms, for the rare number
    from stdnum.util import get_cc_module  # noqa: PLC0415

    prefix = number[:2]
    if prefix in _EUROPEAN:
        return bool(vat.is_valid(number))
    module = get_cc_module(prefix.lower(), "vat") if prefix.isalpha() else None
    return module is None or bool(module.is_valid(number))
