"""Processes killed and databases restarted while programs deliver and approve: nothing is lost, and nothing is done
twice (product.md G1)."""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.core.management import call_command
from django.db import connection, connections
from tests.database import ROOT, give_files_to_site
from tests.doors.worker.pooler import pooler
from tests.doors.worker.stream import Program
from tests.doors.worker.worker_processes import Worker
from tests.serving import free_ports
from tests.waiting import until

from instroom.config.database import postgresql

pytestmark = pytest.mark.slow
Start = Callable[..., Worker]


@pytest.mark.on_postgresql
def test_killed_at_random(start: Start, tmp_path: Path) -> None:
    ports = free_ports(2)
    programs = [("web", ports[0]), ("web", ports[1]), ("worker", 0), ("worker", 0)]
    running = [start(*one) for one in programs]
    with delivering(ports, tmp_path) as goes_on:
        while goes_on():
            time.sleep(random.uniform(0.5, 3))
            struck = random.randrange(len(running))
            running[struck].ended(signal.SIGKILL)
            running[struck] = start(*programs[struck])


@pytest.mark.on_sqlite_alone
def test_two_servers_on_one_folder_killed_and_stopped_at_random(start: Start, tmp_path: Path) -> None:
    ports = free_ports(2)
    running = [start("serve", port) for port in ports]
    with delivering(ports, tmp_path) as goes_on:
        while goes_on():
            time.sleep(random.uniform(0.5, 3))
            struck = random.randrange(len(running))
            if random.random() < 0.5:  # where it has begun to write, the other one waits as long
                running[struck].send(signal.SIGSTOP)
                time.sleep(1)
                running[struck].send(signal.SIGCONT)
            else:
                running[struck].ended(signal.SIGKILL)
                running[struck] = start("serve", ports[struck])


@pytest.mark.on_sqlite_alone
def test_the_database_server_breaks_down_and_starts_again(start: Start, tmp_path: Path) -> None:
    """It ends all sessions and refuses new ones for a while, as it does where one of its processes is killed."""
    with own_server() as url:
        [port] = free_ports(1)
        running = [start("web", port), start(), start()]
        with delivering([port], tmp_path) as goes_on:
            while goes_on():
                with suppress(psycopg.OperationalError), psycopg.connect(url) as session:  # it may not be up yet
                    os.kill(session.info.backend_pid, signal.SIGKILL)
                time.sleep(random.uniform(3, 6))
            connections.close_all()
        assert [one.ended(signal.SIGTERM) for one in running] == [0, 0, 0]


@pytest.mark.on_sqlite_alone
def test_a_server_that_comes_later(start: Start, tmp_path: Path) -> None:
    with own_server() as url:
        connections.close_all()
        with psycopg.connect(url.replace("@/postgres", "@/template1"), autocommit=True) as session:
            session.execute("ALTER DATABASE postgres RENAME TO away")
            [port] = free_ports(1)
            running = [start("web", port), start()]
            ended = start()
            until(lambda: all("(INSTROOM_DATABASE_URL)" in one.logged() for one in (*running, ended)))
            assert ended.ended(signal.SIGTERM) == 0
            session.execute("ALTER DATABASE away RENAME TO postgres")
        with delivering([port], tmp_path, programs=1):
            pass
        assert [one.ended(signal.SIGTERM) for one in running] == [0, 0]


@pytest.mark.on_sqlite_alone
def test_a_pooler_gives_each_transaction_to_another_session(start: Start, tmp_path: Path) -> None:
    with own_server(through=pooler):
        connection.ensure_connection()
        assert connection.is_pooled
        [port] = free_ports(1)
        running = [start("web", port), start(), start()]
        with delivering([port], tmp_path, programs=6):
            pass
        assert [one.ended(signal.SIGTERM) for one in running] == [0, 0, 0]


@contextmanager
def delivering(ports: list[int], folder: Path, programs: int = 3) -> Iterator[Callable[[], bool]]:
    """Programs deliver and approve meanwhile; yields whether they still do. Afterwards all that they delivered has come
    once."""
    found = [Program([f"http://127.0.0.1:{port}" for port in ports], folder) for _ in range(programs)]
    with ThreadPoolExecutor(programs) as threads:
        done = [threads.submit(program.run) for program in found]
        yield lambda: not all(one.done() for one in done)
        for one in done:
            one.result()
    for program in found:
        program.assert_all_came_once()


@contextmanager
def own_server(through: Callable[[str], AbstractContextManager[str]] = nullcontext) -> Iterator[str]:
    """A PostgreSQL server that no other test uses, with our tables: we and the programs that we start work there."""
    with_postgres = [sys.executable, str(ROOT / "scripts" / "with_postgres.py")]
    tell = ["sh", "-c", "echo $INSTROOM_TEST_POSTGRES_URL; cat"]
    with subprocess.Popen([*with_postgres, *tell], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdin and server.stdout
        kept = connections.settings["default"]
        with pytest.MonkeyPatch.context() as patched, through(server.stdout.readline().strip()) as url:
            patched.setenv("INSTROOM_DATABASE_URL", url)
            _connect_to({**kept, **postgresql(url)})
            call_command("migrate", verbosity=0, interactive=False)
            give_files_to_site()
            yield url
            _connect_to(kept)
            give_files_to_site()
        server.stdin.close()


def _connect_to(database: dict[str, Any]) -> None:
    connections.close_all()
    connections.settings["default"] = database
    del connections["default"]
