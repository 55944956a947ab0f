"""Reads a whole number that somebody has written."""


def whole_number(text: str, most_digits: int = 9) -> int | None:
    """The number that these digits are; None for anything else, also for a sign, and for more digits: Python refuses to
    read thousands of them, and databases have no place for twenty."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= most_digits else None
