"""LIST and NLST with a pattern: programs look for their answers with `NLST *.rapport.*`."""

import re
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any, Final

from instroom.core.keys import file_key

_OPTIONS: Final = re.compile(r"(?:-[A-Za-z1]+(?:\s+|$))+")
"""Options of `ls`, which programs send though no RFC has them."""
_MAGIC: Final = re.compile(r"[*?[]")


class PatternListing:
    """A mix-in, to stand before pyftpdlib's session. Only the last part of a path can be a pattern."""

    fs: Any
    encoding: str
    unicode_errors: str

    def ftp_NLST(self, path: str) -> Any:
        """List the names that match. An empty list is no error, as at other servers: programs take 550 for one."""
        found = self._matching(path)
        if found is None:
            return super().ftp_NLST(self._without_options(path))  # type: ignore[misc]
        lines = "".join(f"{name}\r\n" for name in found)
        self.push_dtp_data(lines.encode(self.encoding, self.unicode_errors), cmd="NLST")  # type: ignore[attr-defined]
        return path

    def ftp_LIST(self, path: str) -> Any:
        found = self._matching(path)
        if found is None:
            return super().ftp_LIST(self._without_options(path))  # type: ignore[misc]
        lines = b"".join(self.fs.format_list(str(Path(path).parent), found))
        self.push_dtp_data(lines, cmd="LIST")  # type: ignore[attr-defined]
        return path

    def _matching(self, path: str) -> list[str] | None:
        """None where the path is no pattern, or names a file or folder that is there."""
        asked = Path(self._without_options(path))
        if not _MAGIC.search(asked.name) or self.fs.lexists(str(asked)) or not asked.parent.is_dir():
            return None
        pattern = file_key(asked.name)
        return sorted(name for name in self.fs.listdir(str(asked.parent)) if fnmatchcase(file_key(name), pattern))

    def _without_options(self, path: str) -> str:
        name = Path(path).name
        found = _OPTIONS.match(name)
        if not found or self.fs.lexists(path):
            return path
        return str(Path(path).parent / name[found.end() :])
