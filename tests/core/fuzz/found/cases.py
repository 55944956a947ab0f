"""What fuzzing has found: each once ended in an exception or in the wrong finding."""

import struct
from collections.abc import Callable
from typing import NamedTuple

from tests.core.fuzz.seeds import whole_workbook

_END = struct.Struct("<4s4H2LH")


class Case(NamedTuple):
    """A file that was found, made anew."""

    name: str
    make: Callable[[], bytes]
    code: str
    story: str


def _with_end_record(change: Callable[[list[int]], None]) -> bytes:
    """The workbook, with other numbers in the end record of its zip."""
    whole = whole_workbook()
    signature, *numbers = _END.unpack(whole[-_END.size :])
    change(numbers)
    return whole[: -_END.size] + _END.pack(signature, *numbers)


def _list_starts_later(numbers: list[int]) -> None:
    numbers[5] += 100_000


def _list_starts_a_little_later(numbers: list[int]) -> None:
    numbers[5] += 50


def _list_is_longer(numbers: list[int]) -> None:
    numbers[4] = 0x7FFF_FFFF


def _first_part_is_before_the_file() -> bytes:
    """zipfile takes a list that stands earlier than is said for a sign of bytes missing before all parts."""
    return _with_end_record(_list_starts_a_little_later)


CASES = {
    "the list of parts stands beyond the end": Case(
        "a.xlsx",
        lambda: _with_end_record(_list_starts_later),
        "file-damaged",
        "zipfile counts back to before the beginning, and the seek is an OSError",
    ),
    "the first part stands before the beginning": Case(
        "a.xlsx",
        _first_part_is_before_the_file,
        "file-damaged",
        "the same, at the first part that is opened",
    ),
    "the list of parts is larger than the file": Case(
        "a.xlsx",
        lambda: _with_end_record(_list_is_longer),
        "file-damaged",
        "it was called a bomb; a file that was damaged on its way is none",
    ),
}
