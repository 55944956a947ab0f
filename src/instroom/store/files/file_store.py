"""Where files are kept by key, such as `demo/0193…`: the same for a folder and for a bucket of S3.

A file is complete or absent, and survives a power cut once `writing` has ended.
"""

from collections.abc import Iterator
from contextlib import AbstractContextManager
from typing import BinaryIO, NamedTuple, Protocol


class StoreAway(OSError):
    """The store itself cannot be reached, whatever is in it."""


class FileMissing(FileNotFoundError):
    """The store is there, and has no such file."""


class StoredFile(NamedTuple):
    """What a store knows of a file without reading it. Times in seconds since 1970, by the clock of the store."""

    key: str
    bytes: int
    written_at: float
    named_at: float
    """Since when it has this key. Where a store cannot tell the two apart, both are this one."""
    version: str
    """Another one for each content that the key has had."""


class FileStore(Protocol):
    """All raise StoreAway, and OSError for other trouble."""

    place: str
    """As the settings name it, for people who run the site."""

    def writing(self, key: str, replaces: StoredFile | None = None) -> AbstractContextManager[BinaryIO]:
        """An empty, unbuffered file to write from any place, which is kept under `key` where the block ends well.

        `replaces` is what it takes the place of, at most: raises FileNotFoundError, and keeps nothing, where that has
        been deleted or replaced in the meantime. The time at which it was written stays, where the store can do that.
        """

    def open(self, key: str) -> BinaryIO:
        """The file, unbuffered, to be read from any place. Raises FileMissing."""

    def find(self, key: str) -> StoredFile | None: ...

    def list(self, prefix: str) -> Iterator[StoredFile]:
        """The files whose key begins so, sorted such that those of a customer stand together."""

    def move(self, file: StoredFile, key: str) -> bool:
        """Give it another key. False where another content has its key in the meantime: that stays. Raises
        FileNotFoundError."""

    def delete(self, key: str) -> None:
        """Does nothing where there is no such file."""

    def delete_drafts(self, prefix: str, age: float = 0) -> int:
        """Delete what killed processes left half written, longer than `age` seconds ago, of files whose key begins so.
        Gives how many."""

    def key_named(self, name: str) -> str | None:
        """The key of a file that somebody names by its path or address; None where it is none of this store."""
