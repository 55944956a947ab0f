"""What every test has. A test under a folder of STORING_FOLDERS has a migrated, empty database besides."""

import gc
import io
import logging
import os
import re
import signal
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from hypothesis import settings

from tests import database
from tests.commands import Run

HERE = Path(__file__).parent
_ALL_SLOW = re.compile(r"^pytestmark = .*\bslow\b", re.MULTILINE)

# Whoever starts us in the background lets ctrl-C be ignored, and every process that a test starts would inherit that.
signal.signal(signal.SIGINT, signal.default_int_handler)

# A shared machine stalls now and then: a slow example is no fault. CI takes the same examples each time, so that what
# it finds is the change's own; `make test-all` looks further. Texts are made of characters without category Cs, and not
# of an encoding (`st.text()` alone): in a fresh clone that costs each process seconds.
settings.register_profile("house", deadline=None, derandomize="CI" in os.environ, max_examples=20)
settings.register_profile("thorough", deadline=None, derandomize=False, max_examples=1000)
settings.load_profile("house")


def pytest_configure(config: pytest.Config) -> None:
    """Load what makes up calls to the API where slow tests are asked for: it takes seconds, in each process."""
    if _slow_asked_for(config):
        config.pluginmanager.import_plugin("schemathesis.pytest.plugin")


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave out, where no slow tests are asked for, the modules that hold no others: some prepare for seconds."""
    if _slow_asked_for(config) or not collection_path.match("test_*.py"):
        return None
    return True if _ALL_SLOW.search(collection_path.read_text(encoding="utf-8")) else None


def _slow_asked_for(config: pytest.Config) -> bool:
    return "not slow" not in config.option.markexpr


def pytest_report_header() -> str:
    """Say on which database this run is."""
    return f"database: {'PostgreSQL' if database.server_url() else 'SQLite'}"


def pytest_collect_directory(path: Path) -> None:
    """Load Django before the first test module that may import a model."""
    if path.parent == HERE and path.name in database.STORING_FOLDERS:
        database.set_up_django()


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Iterator[None]:
    """Collect without looking for garbage: there is none among thousands of tests that all stay, neither later on. What
    tests leave is looked for seldom: that took a twentieth of their time."""
    gc.disable()
    yield
    gc.freeze()
    gc.set_threshold(200_000, 50, 100)
    gc.enable()


def pytest_collection_modifyitems(items: list[pytest.Item], config: pytest.Config) -> None:
    """Mark the tests that have a database, and those that `make test` runs on both; leave out what is of PostgreSQL
    alone on SQLite. The longest ones begin: of several processes none is left with them at the end, while the others
    wait."""
    if not database.server_url():
        out = [item for item in items if item.get_closest_marker("on_postgresql_alone")]
        config.hook.pytest_deselected(items=out)
        items[:] = [item for item in items if item not in out]
    items.sort(key=lambda item: _folder(item.path) != "journeys")
    for item in items:
        if _stores(item):
            item.add_marker("stored")
            if _folder(item.path) in database.ON_BOTH and not item.get_closest_marker("on_sqlite_alone"):
                item.add_marker("on_postgresql")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Tell the sums of what tests have counted."""
    sums: Counter[str] = Counter()
    for report in (one for outcome in ("passed", "failed") for one in terminalreporter.stats.get(outcome, [])):
        sums.update({name: number for name, number in report.user_properties if name.startswith("count: ")})
    for name, number in sums.items():
        terminalreporter.write_line(f"{number:5} {name.removeprefix('count: ')}")


def pytest_unconfigure() -> None:
    """Let what the log has held back go nowhere: it is of tests that have ended."""
    for name in ("instroom", "django"):
        for handler in logging.getLogger(name).handlers:
            if isinstance(handler, logging.StreamHandler):
                handler.setStream(io.StringIO())


@pytest.fixture(scope="session")
def migrated_database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """The tables of this process's database, made once."""
    own = tmp_path_factory.getbasetemp()
    with database.migrated(shared=own.parent if "PYTEST_XDIST_WORKER" in os.environ else own):
        yield


@pytest.fixture(autouse=True)
def empty_database(request: pytest.FixtureRequest) -> Iterator[None]:
    """An empty database before each test that stores. Those marked `rolled_back` share what their module has stored
    (`emptied_once`), and what they change is undone: their code must do with savepoints for transactions."""
    if not _stores(request.node):
        yield
    elif request.node.get_closest_marker("rolled_back"):
        with database.rolled_back():
            yield
    else:
        request.getfixturevalue("migrated_database")
        database.empty()
        yield


@pytest.fixture(scope="module")
def emptied_once(migrated_database: None) -> None:
    """An empty database for what all tests of a module begin with."""
    database.empty()


@pytest.fixture(scope="module")
def kept(migrated_database: None) -> Iterator[database.Kept]:
    """For a fixture of a test that takes long to make, and is the same for every test of its module."""
    kept = database.Kept()
    yield kept
    kept.close()


@pytest.fixture
def database_kind() -> str:
    """Which database this run is on: "sqlite" or "postgresql"."""
    return "postgresql" if database.server_url() else "sqlite"


@pytest.fixture
def instroom_home() -> Path:
    """The INSTROOM_HOME that this process's tests, and the commands that they start, share."""
    return database.home()


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """`instroom` in a folder of the test's own."""
    return Run(tmp_path)


def _stores(test: pytest.Item) -> bool:
    return _folder(test.path) in database.STORING_FOLDERS and not test.get_closest_marker("unstored")


@cache
def _folder(module: Path) -> str:
    """The folder under tests/ where a test stands."""
    return module.relative_to(HERE).parts[0] if module.is_relative_to(HERE) else ""
