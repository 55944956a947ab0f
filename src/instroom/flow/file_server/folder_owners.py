"""Whose a watched folder is: of the account from which it was first emptied, also after that one is renamed or removed.

Its name can come to another account, of another customer even. What lies in the folder, files and answers, is not that
one's.
"""

import json
from pathlib import Path

from instroom.store.files.uploads import write_note
from instroom.store.models import FileAccount


class FolderOwners:
    """The owners of watched folders, kept in a file of our own."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._owners: dict[str, str] = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}

    def has(self, account: FileAccount, folder: Path) -> bool:
        """Whether the folder is this account's; an empty one, or one that nobody had, becomes so. Raises OSError."""
        owner = self._owners.get(str(folder))
        if owner == account.pk.hex:
            return True
        if owner and any(folder.iterdir()):
            return False
        self._owners[str(folder)] = account.pk.hex
        write_note(self._file, self._owners)
        return True
