"""A result that is written to a file: whole or not at all, and never over the delivered file."""

import errno
import sys
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO, TypeVar

from instroom.doors.cli.input_file import shown
from instroom.doors.cli.wrong_use import WrongUse

T = TypeVar("T")

_NOT_HERE = {errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOENT, errno.ENOTDIR, errno.ENAMETOOLONG, errno.EINVAL}
"""What the system says of a place where nothing can be written, whoever asks."""


def free_target(name: str, source: str = "", suffixes: tuple[str, ...] = ()) -> Path:
    """The path to write to, once it is known that it can be: before any work is done.

    Raises WrongUse where it is the delivered file itself, where its folder does not exist, or where its name does
    not end in one of `suffixes`.
    """
    path = Path(name)
    if suffixes and path.suffix.lower() not in suffixes:
        raise WrongUse("suffix", name=shown(name), suffixes=suffixes)
    if path.is_dir():
        raise WrongUse("is-a-folder", name=shown(name))
    if not path.parent.is_dir():
        raise WrongUse("no-such-folder", name=shown(path.parent))
    if source and path.exists() and Path(source).exists() and path.samefile(source):
        raise WrongUse("same-file", name=shown(name))
    return path


def write_to(target: Path, write: Callable[[Path], T]) -> T:
    """Let `write` make the file at `target`, and give its answer; the core's writers put a file there whole or not.

    Raises WrongUse where the folder does not take it.
    """
    try:
        if target.exists() and not target.is_file():  # a device or a pipe is written to, never replaced
            with target.open("wb") as stream:
                return write_stream(stream, target.name, write)
        return write(target)
    except OSError as error:
        if error.errno not in _NOT_HERE:
            raise  # a full or failing disk is nobody's wrong use
        raise WrongUse("not-writable", name=shown(target), reason=error.strerror) from error


def write_stdout(name: str, write: Callable[[Path], T]) -> T:
    """Let `write` make a file of this name, and copy its bytes to standard output. Gives its answer."""
    sys.stdout.flush()
    return write_stream(sys.stdout.buffer, name, write)


def write_stream(stream: BinaryIO, name: str, write: Callable[[Path], T]) -> T:
    """Let `write` make a file of this name, and copy its bytes to a stream."""
    import shutil  # noqa: PLC0415 - most checks write no file
    import tempfile  # noqa: PLC0415

    from instroom.core.memory_file import memory_place  # noqa: PLC0415

    with tempfile.TemporaryDirectory(prefix="instroom-", dir=memory_place()) as folder:
        draft = Path(folder) / name
        outcome = write(draft)
        if draft.exists():
            with draft.open("rb") as source:
                shutil.copyfileobj(source, stream)
    stream.flush()
    return outcome
