"""How the demo takes its steps: it tells, shows the command, runs it for real, and proves what came of it."""

import io
import json
import os
import secrets
import shlex
import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any

from instroom.core.language import Language
from instroom.core.layout.standard import standard
from instroom.core.write.delivery_file import write_records
from instroom.core.write.example import example_rows
from instroom.doors.cli.context import invocation_of
from instroom.doors.cli.demo.server import ACCOUNT, fetch, put, running_server, wait_until
from instroom.doors.cli.main import run
from instroom.doors.cli.output.streams import answer
from instroom.doors.cli.output.words import phrase
from instroom.doors.cli.wrong_use import INTERRUPTED, Broken

_DATE = "PersoonGeboortedatum"
_WRONG_DATE = "31-02-1980"


class Steps:
    """The steps of one demo, numbered as they are told."""

    def __init__(self, lang: Language) -> None:
        self._lang = lang
        self._number = 0

    def do(self, name: str, *commands: str, code: int = 0, typed: str = "") -> None:
        """Tell of a step and run its commands, with this `typed`; each must end with this exit code."""
        self._tell(name)
        for command in commands:
            answer(f"\n$ instroom {command}\n")
            arguments = shlex.split(command)
            with _typing(typed):
                self.must(name, self._run(arguments) == code)

    def give_passwords(self, *users: str) -> dict[str, str]:
        """A password for each of these users, by the command for it."""
        made = {user: secrets.token_urlsafe(12) for user in users}
        for user, password in made.items():
            with _typing(password):
                self._ask(f"user password {user}", form="text")
        return made

    def serve(self) -> None:
        """Run `instroom serve` until it is stopped."""
        self.must("serve", self._run(["serve"]) == 0)

    def deliver(self, name: str, file: str) -> dict[str, Any]:
        """Tell of a delivery and deliver the file; gives its document, which must await approval."""
        self.do(name, f"deliver {file}")
        document = self.newest()
        self.must(name, document["state"] == "awaiting-approval" and document["file"] == file)
        return document

    def deliver_by_file_server(self, file: str) -> dict[str, Any]:
        """Deliver over FTPES to a server that runs, and fetch its answer; gives the delivery's document."""
        password = secrets.token_urlsafe(12)
        self.do("account", f"account add {ACCOUNT}", typed=password)
        self._tell("ftpes")
        with running_server() as port:
            put(port, password, Path(file))
            answer(f"\nput {file} → ftpes://{ACCOUNT}@127.0.0.1:{port}/")
            wait_until(lambda: bool(self._all()) and self.newest()["state"] == "awaiting-approval")
            fetch(port, password, f"{file}.rapport.xlsx")
            answer(f"get {file}.rapport.xlsx")
        document = self.newest()
        self.must("ftpes", document["file"] == file)
        self.do("deliver", f"show {document['id']}")
        return document

    def must(self, name: str, holds: bool) -> None:
        """Raise Broken, naming the step, where what must hold does not."""
        if not holds:
            raise Broken("demo-failed", step=f"{self._number} ({name})")

    def newest(self) -> dict[str, Any]:
        newest: dict[str, Any] = self._all()[0]
        return newest

    def document(self, delivery: str) -> dict[str, Any]:
        """A delivery as it is now."""
        document: dict[str, Any] = self._ask(f"show {delivery} --format json")
        return document

    def everything(self) -> list[str]:
        """All dossiers of live, as exported, in no order that means anything."""
        self._ask("export --environment live -o .everything.csv", form="text")
        file = Path(".everything.csv")
        lines = sorted(file.read_text(encoding="utf-8").splitlines())
        file.unlink()
        return lines

    def write_second(self, file: str) -> None:
        """The example delivery of a month later."""
        write_records(Path(file), "csv", standard(), example_rows(standard(), changes=True))

    def write_mistake(self, file: str) -> None:
        """A copy of the example in which one date cannot be."""
        rows = example_rows(standard())
        place = standard().headers.index(_DATE)
        row = next(row for row in rows if row[place])
        row[place] = _WRONG_DATE
        write_records(Path(file), "csv", standard(), rows)

    def _all(self) -> list[dict[str, Any]]:
        listed: list[dict[str, Any]] = self._ask("deliveries --limit 1 --format json")["deliveries"]
        return listed

    def _tell(self, name: str) -> None:
        self._number += 1
        answer(f"\n{'─' * 72}\n{self._number}. {phrase(f'demo-{name}', self._lang)}")

    def _ask(self, command: str, form: str = "json") -> Any:
        """Run a command behind the scenes, for what it answers."""
        arguments = command.split()
        said = io.StringIO()
        with redirect_stdout(said), redirect_stderr(io.StringIO()):
            self.must(command, self._run(arguments) == 0)
        return json.loads(said.getvalue()) if form == "json" else None

    @staticmethod
    def _run(arguments: list[str]) -> int:
        code = run(arguments, invocation_of(arguments, os.environ))
        if code == INTERRUPTED:
            raise KeyboardInterrupt
        return code


@contextmanager
def _typing(text: str) -> Iterator[None]:
    """Let a command read this on standard input, as if somebody typed it."""
    kept = sys.stdin
    sys.stdin = io.StringIO(f"{text}\n") if text else kept
    try:
        yield
    finally:
        sys.stdin = kept
