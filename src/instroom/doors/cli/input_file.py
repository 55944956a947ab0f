"""The file that a command is given: a file, or a stream that is copied to one first."""

import stat
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import BinaryIO, NamedTuple

from instroom.core.model import Limits
from instroom.doors.cli.wrong_use import WrongUse

_PIECE = 1024 * 1024  # bytes


class Delivered(NamedTuple):
    """A file to read, and the name by which it is spoken of."""

    path: Path
    name: str


def shown(name: str | Path) -> str:
    """A file's name as text: bytes in it that are no UTF-8 become replacement characters."""
    return str(name).encode("utf-8", "surrogateescape").decode("utf-8", "replace")


@contextmanager
def delivered(name: str) -> Iterator[Delivered]:
    """The file of this name. `-` is standard input; it and a pipe are copied to a file in memory.

    Raises WrongUse where there is no file, or none that can be read.
    """
    with ExitStack() as stack:
        try:
            file = _opened(name, stack)
        except (FileNotFoundError, NotADirectoryError) as error:
            raise WrongUse("no-such-file", name=shown(name)) from error
        except OSError as error:
            raise WrongUse("not-readable", name=shown(name), reason=error.strerror) from error
        yield file


def _opened(name: str, stack: ExitStack) -> Delivered:
    if not name or (name == "-" and sys.stdin is None):
        raise WrongUse("no-such-file", name=name or '""')
    if name == "-":
        return Delivered(_copied(sys.stdin.buffer, stack), name)
    path = Path(name)
    mode = path.stat().st_mode
    if stat.S_ISDIR(mode):
        raise WrongUse("is-a-folder", name=shown(name))
    with path.open("rb") as stream:  # also proves that it may be read
        if not stat.S_ISREG(mode):
            path = _copied(stream, stack)
    return Delivered(path, shown(Path(name).name))


def _copied(stream: BinaryIO, stack: ExitStack) -> Path:
    from instroom.core.memory_file import memory_file  # noqa: PLC0415 - a plain file needs no copy

    copy = stack.enter_context(memory_file())
    with copy.open("wb") as target:
        _copy_up_to(Limits().file_bytes + 1, stream, target)
    return copy


def _copy_up_to(most: int, source: BinaryIO, target: BinaryIO) -> None:
    """One byte over the limit is enough for the check to say that the file is too large."""
    while most > 0 and (piece := source.read(min(most, _PIECE))):
        target.write(piece)
        most -= len(piece)
