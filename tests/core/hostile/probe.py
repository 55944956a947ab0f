"""Checks files in a process of its own, and prints what was found and what it took: `probe.py PATH NAME …`."""

import json
import resource
import sys
import time
from pathlib import Path

from tests.core.hostile.small_layout import small_layout

from instroom.core.pipeline import check_file

ADDRESS_SPACE = 2 * 1024**3  # bytes; so that a failing test does not take the machine along


def peak_bytes() -> int:
    """The most memory that this process held. Not from getrusage: that counts the parent's too."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.partition("VmHWM:")[2].split()[0]) * 1024


def main(*named: str) -> None:
    """Print one JSON document: what was found in each file, of path and name in turn, and in what time."""
    resource.setrlimit(resource.RLIMIT_AS, (ADDRESS_SPACE, ADDRESS_SPACE))
    answers = []
    for path, name in zip(named[::2], named[1::2], strict=True):
        begun = time.perf_counter()
        checked, table = check_file(Path(path), small_layout(), name=name)
        answers.append(
            {
                "codes": sorted({finding.code for finding in checked.findings}),
                "findings": len(checked.findings),
                "verdict": checked.verdict,
                "rejected": checked.rejected,
                "rows": len(table.rows) if table else 0,
                "peak_bytes": peak_bytes(),
                "seconds": round(time.perf_counter() - begun, 3),
                "cpu_seconds": round(time.process_time(), 3),
            }
        )
    print(json.dumps(answers))  # noqa: T201 (it is the answer)


if __name__ == "__main__":
    main(*sys.argv[1:])
