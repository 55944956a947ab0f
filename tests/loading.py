"""What a program loads: start-up counts."""

import subprocess
import sys

from tests.commands import environment


def modules_loaded_by(program: str) -> set[str]:
    """The modules that a process has loaded after this. Where coverage is measured it is not in this process: its own
    modules would count."""
    variables = {name: text for name, text in environment().items() if not name.startswith("COVERAGE_")}
    command = [sys.executable, "-c", f"{program}\nimport sys\nprint(*sys.modules, file=sys.stderr)"]
    done = subprocess.run(command, capture_output=True, text=True, env=variables, check=True)
    return set(done.stderr.split())
