"""PgBouncer, which gives each transaction to another session at the database."""

import os
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from tests.waiting import until

CONFIGURATION = """
[databases]
postgres = host={server} user=postgres
[pgbouncer]
pool_mode = transaction
default_pool_size = 4
max_client_conn = 200
auth_type = any
listen_addr =
listen_port = 6432
unix_socket_dir = {folder}
user = {user}
"""


@contextmanager
def pooler(server: str) -> Iterator[str]:
    """The address of a pooler before a server of `scripts/with_postgres.py`."""
    with tempfile.TemporaryDirectory(prefix="instroom-pooler-") as name:
        folder = Path(name)
        folder.chmod(0o777)  # started by root, it becomes another user
        [at] = parse_qs(urlsplit(server).query)["host"]
        user = "postgres" if os.getuid() == 0 else ""
        configuration = folder / "pgbouncer.ini"
        configuration.write_text(CONFIGURATION.format(server=at, folder=folder, user=user), encoding="utf-8")
        with subprocess.Popen(["pgbouncer", "-q", configuration], stderr=subprocess.DEVNULL) as process:
            until((folder / ".s.PGSQL.6432").exists)
            yield f"postgresql://postgres@/postgres?host={folder}&port=6432"
            process.terminate()
