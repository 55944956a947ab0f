"""The file server's accounts in the store of this process: `accounts add PASSWORD NAME…` adds them, `accounts came`
waits until all their uploads are deliveries, and prints the SHA-256 of each."""

import json
import sys
import time
from hashlib import sha256

from instroom.config import setup

setup()

from instroom.config.file_server import file_server  # noqa: E402 (Django is loaded above)
from instroom.flow import find  # noqa: E402
from instroom.flow.file_server import accounts  # noqa: E402
from instroom.store.files import delivered_files  # noqa: E402
from instroom.store.models import Delivery  # noqa: E402

_SECONDS = 120.0


def add(password: str, names: list[str]) -> None:
    """Add accounts that may also sign in without TLS."""
    for name in names:
        accounts.add(name, find.customer("demo"), password, by=find.user("operator"), plain_ftp=True)


def came() -> list[str]:
    """The SHA-256 of each delivered file."""
    end = time.monotonic() + _SECONDS
    while any((file_server().folder / "handover").iterdir()):
        assert time.monotonic() < end, "not all uploads have become deliveries"
        time.sleep(0.05)
    found = []
    for one in Delivery.objects.all():
        with delivered_files.in_memory(one.file_key, one.sha256) as path:
            found.append(sha256(path.read_bytes()).hexdigest())
    return found


if __name__ == "__main__":
    if sys.argv[1] == "add":
        add(sys.argv[2], sys.argv[3:])
    print(json.dumps({"seconds": 0, "came": came() if sys.argv[1] == "came" else []}))
