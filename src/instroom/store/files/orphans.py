"""Files among the delivered ones that the database does not know: a process was killed before it made the delivery, or
the database was restored from an older backup.

They are put aside under `<customer>/aside`, by the same name. What the database knows again, since it has been set
right, is put back.
"""

import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from itertools import groupby

from instroom.store.files.file_store import FileStore, StoredFile
from instroom.store.files.site_store import site_store


def sweep(
    age: float, kept: Callable[[str], float], known: Callable[[list[str]], set[str]], since: Callable[[str], float]
) -> Counter[str]:
    """Put orphans older than `age` seconds aside, and delete them so much later that they were `kept` for so many
    seconds, of a customer by its name. Unfinished files are deleted at once. Gives how many files were "put aside",
    "put back" and "deleted".

    `known` gives those of some keys that are a delivery's; its reports go with it. What is older than all known files
    of its customer, and than `since`, its first delivery, stays: it is of another database than is set now.
    """
    store = site_store()
    count = Counter({"deleted": store.delete_drafts("", age)})
    in_folders = (one for one in store.list("") if "/" in one.key)
    for customer, found in groupby(in_folders, lambda one: one.key.partition("/")[0]):
        files = {one: f"{customer}/{_name(one).partition('.')[0]}" for one in found}
        delivered = known(sorted(set(files.values())))
        is_aside = {one: one.key == f"{customer}/aside/{_name(one)}" for one in files}
        old = [one for one in files if not is_aside[one] and time.time() - one.written_at > age]
        first = min([since(customer), *(one.written_at for one in old if files[one] in delivered)])
        for one in old:
            if files[one] not in delivered and one.written_at >= first:
                count["put aside"] += _move(store, one, f"{customer}/aside/{_name(one)}")
        for one in (one for one in files if is_aside[one]):
            if files[one] in delivered and store.find(f"{customer}/{_name(one)}") is None:
                count["put back"] += _move(store, one, f"{customer}/{_name(one)}")
            elif time.time() - one.named_at > kept(customer) - age:
                store.delete(one.key)
                count["deleted"] += 1
    return count


def _name(file: StoredFile) -> str:
    return file.key.rpartition("/")[2]


def _move(store: FileStore, file: StoredFile, key: str) -> bool:
    with suppress(FileNotFoundError):  # another process was first
        return store.move(file, key)
    return False
