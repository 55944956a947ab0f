"""Which account owns a watched folder: the first for which it was emptied, even after it is renamed or removed.

Its name may pass to another account, even of another customer. The files and answers in the folder must not.
"""

import json
from pathlib import Path

from instroom.store.files.uploads import write_note
from instroom.store.models import FileAccount


class FolderOwners:
    """The owners of watched folders, stored in a file."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._owners: dict[str, str] = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}

    def has(self, account: FileAccount, folder: Path) -> bool:
        """Whether the account owns the folder. It becomes the owner of an empty folder and of one without an owner.
        Raises OSError."""
        owner = self._owners.get(str(folder))
        if owner == account.pk.hex:
            return True
        if owner and any(folder.iterdir()):
            return False
        self._owners[str(folder)] = account.pk.hex
        write_note(self._file, self._owners)
        return True
