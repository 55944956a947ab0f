"""A file that we write is there whole or not at all: nobody, a watching file server least of all, sees half of it."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def atomic_write(target: Path) -> Iterator[Path]:
    """A path to write to, in a folder of its own beside the target; it takes the target's place when the block ends.

    After an exception the target is as it was, and nothing is left behind. Raises OSError where the folder cannot be
    written in.
    """
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".instroom-", ignore_cleanup_errors=True) as folder:
        draft = Path(folder) / target.name
        yield draft
        draft.replace(target)
