"""Measures Instroom against its peers and against the floor, and writes docs/reference/performance.md.

`python -m bench` takes about half an hour. Beside a PostgreSQL server that INSTROOM_TEST_POSTGRES_URL names (as
`scripts/with_postgres.py --durable` does) it measures there too; without one it says so. Only a whole run with the
real sizes writes the page.
"""

import argparse
import statistics
import subprocess
import tempfile
from importlib.metadata import version
from pathlib import Path

from bench import machine
from bench.figures import Figure, Steps, markdown, steps_markdown, terminal
from bench.parts import check, file_server, floor, whole
from bench.parts.scale import QUICK, REAL, Scale
from bench.peers import proftpd
from bench.processes import child, keep_bytecode, progress, quiet_loop

PARTS = {"check": check.measure, "whole": whole.measure, "floor": floor.measure, "file-server": file_server.measure}
PAGE = Path(__file__).parents[1] / "docs" / "reference" / "performance.md"
INTRODUCTION = Path(__file__).with_name("introduction.md")


def main() -> None:
    """Measure the parts that the options name, and print the table."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--only", choices=PARTS, action="append", help="a part; may be given more than once")
    parser.add_argument("--quick", action="store_true", help="small sizes, once: to see that everything runs")
    help_cpu = "processor time, for a busy machine: without the time of the disk and of PostgreSQL"
    parser.add_argument("--cpu", action="store_true", help=help_cpu)
    options = parser.parse_args()
    scale = (QUICK if options.quick else REAL)._replace(clock="cpu" if options.cpu else "seconds")
    parts = options.only or list(PARTS)
    with tempfile.TemporaryDirectory(prefix="instroom-bench-") as name:
        keep_bytecode(Path(name) / "bytecode")
        found, noise = _measure(Path(name), parts, scale)
    figures = [one for one in found if isinstance(one, Figure)]
    steps_text = steps_markdown([one for one in found if isinstance(one, Steps)])
    facts = [*_facts(), noise]
    print("\n".join(("", *facts, "", terminal(figures), "", steps_text)))
    if set(parts) == set(PARTS) and not (options.quick or options.cpu):
        _write(facts, figures, steps_text)


def _measure(folder: Path, parts: list[str], scale: Scale) -> tuple[list[Figure | Steps], str]:
    progress("making deliveries")
    files = folder / "files"
    _deliver(files, scale.records, "csv,xlsx,xml" if "check" in parts else "csv")
    _deliver(files / "small", 10)
    if "floor" in parts:
        _deliver(files / "fill", scale.records, seed=1)
        for number in range(scale.times):
            _deliver(files / f"round{number}", scale.records, seed=2 + number)
    found: list[Figure | Steps] = []
    loops = [quiet_loop()]
    for part in parts:
        found += PARTS[part](files, folder, scale)
        loops += [quiet_loop() for _ in range(5)]
    spread = max(loops) / statistics.median(loops)
    return found, f"Noise: the slowest run of a fixed loop took {spread:.2f} × its median."


def _deliver(folder: Path, records: int, formats: str = "csv", seed: int = 2026) -> None:
    words = (str(folder), "--records", str(records), "--formats", formats, "--seed", str(seed))
    child("bench.deliveries", *words)


def _facts() -> list[str]:
    here = machine.facts()
    names = ("django", "django-import-export", "frictionless", "psycopg", "python-stdnum")
    packages = ", ".join(f"{name} {version(name)}" for name in names)
    return [
        f"Machine: {here['machine']}.",
        f"{here['software']}.",
        f"{packages}.",
        f"{proftpd.version()}, {_curl()}.",
    ]


def _curl() -> str:
    said = subprocess.run(["curl", "--version"], capture_output=True, text=True, check=True).stdout
    return " ".join(said.split()[:2])


def _write(facts: list[str], figures: list[Figure], steps_text: str) -> None:
    lines = [INTRODUCTION.read_text(encoding="utf-8"), "## The machine", "", *(f"- {fact}" for fact in facts), ""]
    lines += ["## The figures", "", markdown(figures), "", "## Where the time goes", "", steps_text, ""]
    PAGE.parent.mkdir(parents=True, exist_ok=True)
    PAGE.write_text("\n".join(lines), encoding="utf-8")
    progress(f"written: {PAGE}")


if __name__ == "__main__":
    main()
