"""Runs each measurement in its own process.

This process itself stays small: Linux counts the parent's memory in a child's peak until the child starts its program.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple


class Run(NamedTuple):
    """The time and memory of one process, and its answer."""

    seconds: float  # from start to end, start-up included
    cpu: float  # seconds of processor time
    peak_mb: float
    answer: dict[str, Any]  # the JSON that a child of ours prints; empty for other programs


class Failed(Exception):
    """A measured process failed; the text has its output."""


def run(command: Sequence[str], environ: Mapping[str, str] | None = None, accept: tuple[int, ...] = (0,)) -> Run:
    """Run a command to its end. Raises Failed if its exit code is not among the accepted."""
    start = time.perf_counter()
    child = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env={**os.environ, **(environ or {})}
    )
    assert child.stdout is not None
    with child.stdout:
        said = child.stdout.read()
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    seconds = time.perf_counter() - start
    if child.returncode not in accept:
        raise Failed(f"{' '.join(command)}: exit code {child.returncode}\n{said[-3000:]}")
    return Run(seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, _answer(said))


def child(module: str, *arguments: str, environ: Mapping[str, str] | None = None) -> Run:
    """Run a module of the benchmarks as a process."""
    return run([sys.executable, "-m", module, *arguments], environ)


def keep_bytecode(folder: Path) -> None:
    """Let the measured processes store compiled modules in this folder, as installed programs do."""
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    os.environ["PYTHONPYCACHEPREFIX"] = str(folder)


def _answer(said: str) -> dict[str, Any]:
    last = said.strip().rpartition("\n")[2]
    return json.loads(last) if last.startswith('{"seconds"') else {}


_BEGIN = time.monotonic()


def progress(text: str) -> None:
    """Write to standard error what is being measured, with the seconds since the start."""
    sys.stderr.write(f"{time.monotonic() - _BEGIN:6.0f} s  {text}\n")
    sys.stderr.flush()


def quiet_loop() -> float:
    """The seconds of a fixed loop. Their spread within one run shows how noisy the machine is."""
    start = time.perf_counter()
    total = 0
    for number in range(2_000_000):
        total += number
    return time.perf_counter() - start
