"""The way of a file through the core, as far as it needs no stored state: examine, read, check."""

from collections.abc import Collection
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from instroom.core.check import check
from instroom.core.check.private_numbers.bsn_columns import holds_bsn
from instroom.core.intake.examine import examine
from instroom.core.layout.loader import Layout
from instroom.core.model import Checked, FileFacts, Finding, Limits, Policies, Table
from instroom.core.read import read
from instroom.core.write.example import EXAMPLES

if TYPE_CHECKING:
    from datetime import date

_DEFAULT_POLICIES: Final = Policies()
_DEFAULT_LIMITS: Final = Limits()


class FileRead(NamedTuple):
    """A file before its check."""

    file: FileFacts
    table: Table | None
    """None where the file was not read at all."""
    faults: list[Finding]
    """Of the file as a whole; those of a table are with it."""


def read_file(path: Path, layout: Layout, name: str | None = None, limits: Limits = _DEFAULT_LIMITS) -> FileRead:
    """Examine and read a file, without its check. Raises as `check_file` does."""
    # 1. What is it, is it whole, is it safe? Of a zip, the one file in it.
    file, faults = examine(path, name or path.name, limits)
    with ExitStack() as stack:
        if any(fault.facts.get("looks_like") == "zip" for fault in faults):
            from instroom.core.intake.zipped import unpacked  # noqa: PLC0415 - zipfile is slow to load

            path, file, faults = stack.enter_context(unpacked(path, file, limits))
        if any(fault.severity == "error" for fault in faults):
            return FileRead(file, None, faults)

        # 2. One table of text with places, whatever the format.
        table = read(path, file, layout, limits)
    return FileRead(file, table._replace(findings=[*faults, *table.findings]), faults)


def check_file(
    path: Path,
    layout: Layout,
    policies: Policies = _DEFAULT_POLICIES,
    name: str | None = None,
    limits: Limits = _DEFAULT_LIMITS,
    *,
    environment: bool = False,
    today: "date | None" = None,
    sources: Collection[str] | None = None,
) -> tuple[Checked, Table | None]:
    """Check a file (product.md C). The table comes with it for the reports; None where the file was not read at all,
    or has values that no report may show.

    `name` is what the supplier calls the file, by default the last part of `path`. `environment`, `today` and
    `sources` are those of `check`. A fault of the file is a finding; raises OSError where the file cannot be opened or
    read.
    """
    file, table, faults = read_file(path, layout, name, limits)
    if table is None:
        return check(file, Table([], [], [], {}, faults, 0), layout, policies), None
    checked = check_table(file, table, layout, policies, environment=environment, today=today, sources=sources)
    return checked, None if holds_bsn(checked) else table


def check_table(
    file: FileFacts,
    table: Table,
    layout: Layout,
    policies: Policies = _DEFAULT_POLICIES,
    *,
    environment: bool = False,
    today: "date | None" = None,
    sources: Collection[str] | None = None,
) -> Checked:
    """Step 3: every fault of a table that can be found without stored data. The options are those of `check`."""
    return check(
        file, table, layout, policies, environment=environment, today=today, examples=EXAMPLES, sources=sources
    )
