"""What works on anybody's own machine stands on nothing that Linux alone has, nor on Django."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.commands import environment

WITHOUT = """
import sys
sys.modules.update(dict.fromkeys(("fcntl", "grp", "pwd", "resource", "termios", "django")))
from instroom.doors.cli.main import main
sys.exit(main())
"""


def test_templates_checks_and_proposals_work_where_linux_is_missing(tmp_path: Path) -> None:
    for command in ("template -o leeg.xlsx", "template --example -o e.csv", "check e.csv", "layout derive leeg.xlsx"):
        asked = [sys.executable, "-c", WITHOUT, *command.split()]
        ran = subprocess.run(asked, cwd=tmp_path, env=environment(), capture_output=True, text=True, check=False)
        if ran.returncode:
            pytest.fail(f"{command}: {ran.stderr}")


@pytest.mark.parametrize("lang", ["nl", "en"])
def test_all_else_says_that_it_needs_linux(tmp_path: Path, lang: str) -> None:
    for command in ("init", "layout show klant/1"):
        asked = [sys.executable, "-c", WITHOUT, *command.split(), "--lang", lang]
        ran = subprocess.run(asked, cwd=tmp_path, env=environment(), capture_output=True, text=True, check=False)
        assert (ran.returncode, ran.stderr.count("\n")) == (2, 1), ran.stderr
        assert {"nl": "heeft Linux nodig", "en": "needs Linux"}[lang] in ran.stderr
