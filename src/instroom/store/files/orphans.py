"""Files among the delivered ones that the database does not know: a process was killed before it made the delivery, or
the database was restored from an older backup.

They are put aside in `files/<customer>/aside`, under the same name. What the database knows again, since it has been
set right, is put back.
"""

import os
import stat
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Final

from instroom.store.files.delivered_files import path_of

_UNFINISHED: Final = (".part", ".draft")


def sweep(
    age: float, kept: Callable[[str], float], known: Callable[[list[str]], set[str]], since: Callable[[str], float]
) -> Counter[str]:
    """Put orphans older than `age` seconds aside, and delete them so much later that they were `kept` for so many
    seconds, of a customer by its name. Unfinished files are deleted at once. Gives how many files were "put aside",
    "put back" and "deleted".

    `known` gives those of some keys that are a delivery's; its reports go with it. What is older than all known files
    of its customer, and than `since`, its first delivery, stays: it is of another database than is set now.
    """
    count = Counter[str]()
    for folder in path_of("").glob("*/"):
        files, put_aside = _old_files(folder, age), _old_files(folder / "aside", age)
        keys = {one: f"{folder.name}/{one.name.partition('.')[0]}" for one in (*files, *put_aside)}
        found = known(sorted(set(keys.values())))
        first = min([since(folder.name), *(facts.st_mtime for one, facts in files.items() if keys[one] in found)])
        for one, facts in files.items():
            with suppress(FileNotFoundError):  # another process was first
                if one.suffix in _UNFINISHED:
                    one.unlink()
                    count["deleted"] += 1
                elif keys[one] not in found and facts.st_mtime >= first:
                    count["put aside"] += _put_aside(one, age)
        for one, facts in put_aside.items():
            with suppress(FileNotFoundError):
                if keys[one] in found and not (folder / one.name).exists():
                    one.rename(folder / one.name)
                    count["put back"] += 1
                elif time.time() - facts.st_ctime > kept(folder.name) - age:  # since it was renamed
                    one.unlink()
                    count["deleted"] += 1
    return count


def _old_files(folder: Path, age: float) -> dict[Path, os.stat_result]:
    found = dict[Path, os.stat_result]()
    for one in folder.iterdir() if folder.exists() else ():
        with suppress(FileNotFoundError):
            facts = one.stat()
            if stat.S_ISREG(facts.st_mode) and time.time() - facts.st_mtime > age:
                found[one] = facts
    return found


def _put_aside(one: Path, age: float) -> bool:
    aside = one.parent / "aside" / one.name
    aside.parent.mkdir(mode=0o700, exist_ok=True)
    one.rename(aside)
    if time.time() - aside.stat().st_mtime > age:
        return True
    aside.rename(one)  # its upload has been taken in again in the meantime
    return False
