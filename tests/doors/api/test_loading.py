"""What the API needs is loaded with the web server, and by nothing else: the command line starts as fast as before."""

import subprocess
import sys


def test_commands_load_nothing_of_the_api() -> None:
    asking = (
        "import importlib, sys; from instroom.config import setup; setup();"
        "from instroom.doors.cli.command_loader import COMMANDS;"
        "[importlib.import_module(one.module if '.' in one.module else f'instroom.doors.cli.commands.{one.module}')"
        " for one in COMMANDS.values()];"
        "print(*sorted(set(sys.modules) & {'ninja', 'pydantic', 'instroom.doors.api.application'}))"
    )
    done = subprocess.run([sys.executable, "-c", asking], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []
