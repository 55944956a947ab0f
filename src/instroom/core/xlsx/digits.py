"""The digits of a number: as they are, in a pattern such as `#,##0.00`, or with an exponent."""

from decimal import ROUND_HALF_UP, Context, Decimal

from instroom.core.xlsx.cell_note import CellNote

_DIGIT_CODES = frozenset("0#?")
_KEPT = 10**15  # from here on a spreadsheet loses digits
_SHOWN = 10**11  # from here on a spreadsheet shows an exponent, when it is free to choose
_SMALL = 1e-9  # below this likewise
_WIDE = Context(prec=400)


def general_text(raw: str, value: float) -> tuple[str, int]:
    """A number without a format: all digits that a spreadsheet keeps, and its `CellNote` flags."""
    digits = raw.lstrip("-")
    if digits.isascii() and digits.isdecimal():
        text = digits.lstrip("0") or "0"
        long = CellNote.SCIENTIFIC if len(text) > 15 else 0
        return ("-" + text if raw[0] == "-" and text != "0" else text), CellNote.NUMBER | long
    size = abs(value)
    if size >= _KEPT or 0 < size < _SMALL or (size >= _SHOWN and "e" in raw.lower()):
        mantissa, exponent = f"{value:.14E}".split("E")
        mantissa = mantissa.rstrip("0").rstrip(".").replace(".", ",")
        return f"{mantissa}E{int(exponent):+03d}", CellNote.NUMBER | CellNote.SCIENTIFIC
    if value == int(value):
        return str(int(value)), CellNote.NUMBER
    return f"{Decimal(format(value, '.15g')):f}".replace(".", ","), CellNote.NUMBER


def scientific_text(value: float, tokens: tuple[str, ...]) -> str:
    """A number in a format such as `0.00E+00`."""
    codes = [token for token in tokens if token in _DIGIT_CODES or token in (".", "E+", "E-", "e+", "e-")]
    at = next(index for index, token in enumerate(codes) if token[0] in "Ee")
    decimals = len(codes[codes.index(".") : at]) - 1 if "." in codes[:at] else 0
    mantissa, exponent = f"{value:.{decimals}E}".split("E")
    sign = "-" if int(exponent) < 0 else "+" if codes[at][1] == "+" else ""
    width = codes[at:].count("0")
    return f"{mantissa.replace('.', ',')}E{sign}{abs(int(exponent)):0{width}d}"


def in_pattern(number: Decimal, tokens: list[str]) -> tuple[str, bool]:
    """The number in digit codes with literal text (behind a quote) around and between, and whether zeros pad it."""
    point = tokens.index(".") if "." in tokens else len(tokens)
    before, after = tokens[:point], tokens[point + 1 :]
    grouped, before, scale = _commas(before)
    scale += _commas(after)[2]
    percent = tokens.count("%")
    codes = [token for token in after if token in _DIGIT_CODES]
    scaled = number.scaleb(2 * percent - 3 * scale, _WIDE)
    rounded = scaled.quantize(Decimal(1).scaleb(-len(codes)), ROUND_HALF_UP, _WIDE)
    whole, _, decimals = f"{abs(rounded):f}".partition(".")
    text = _whole(whole.lstrip("0"), before, grouped)
    if point < len(tokens):
        text += "," + _decimals(decimals, after)
    minus = "-" if rounded < 0 else ""
    return minus + text, before.count("0") > 1


def _commas(before: list[str]) -> tuple[bool, list[str], int]:
    """Whether thousands are grouped, the codes without commas, and by how many thousands the number is scaled."""
    last = max((index for index, token in enumerate(before) if token in _DIGIT_CODES), default=-1)
    scale = before[last + 1 :].count(",")
    grouped = "," in before[:last] if last > 0 else False
    return grouped, [code for code in before if code != ","], scale


def _whole(digits: str, codes: list[str], grouped: bool) -> str:
    """The digits before the comma, filled in from the right; the leftmost code takes all that are left."""
    places = sum(code in _DIGIT_CODES for code in codes)
    shown: list[str] = []
    count = 0

    def put(digit: str) -> None:
        nonlocal count
        if grouped and count and count % 3 == 0:
            shown.append("." if digit != " " else " ")
        count += 1
        shown.append(digit)

    for code in reversed(codes):
        if code not in _DIGIT_CODES:
            shown.append(_literal_text(code)[::-1])
            continue
        places -= 1
        taken, digits = (digits[-1:], digits[:-1]) if places else (digits, "")
        for digit in reversed(taken or {"0": "0", "?": " "}.get(code, "")):
            put(digit)
    return "".join(shown)[::-1]


def _decimals(digits: str, codes: list[str]) -> str:
    shown: list[str] = []
    for code in codes:
        if code in _DIGIT_CODES:
            rest, digits = digits, digits[1:]
            keep = code == "0" or rest.strip("0")
            shown.append(rest[:1] if keep else " " if code == "?" else "")
        elif code != ",":
            shown.append(_literal_text(code))
    return "".join(shown)


def _literal_text(code: str) -> str:
    return code[1:] if code[0] == '"' else code
