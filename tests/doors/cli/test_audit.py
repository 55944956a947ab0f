"""`instroom audit`: the log is verified, and exported for who verifies it elsewhere."""

import io
import re
import sys
from contextlib import redirect_stdout
from pathlib import Path

import pytest
from tests.audit_rules import rules_lifted
from tests.commands import Run
from tests.database import ROOT

from instroom.flow import audit, find
from instroom.flow.operations.init import add_customer
from instroom.store.models import AuditEntry, Role, User

SCRIPT = re.search(r"```python\n(.*?)```", (ROOT / "docs/how-to/verify-the-audit-log.md").read_text("utf-8"), re.DOTALL)


def verified(file: Path) -> str:
    """What the script of the how-to says."""
    assert SCRIPT
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(io.StringIO()) as said:
        patch.setattr(sys, "stdin", io.StringIO(file.read_text(encoding="ascii")))
        exec(SCRIPT[1], {})  # noqa: S102 - ours
    return said.getvalue()


def test_what_is_right_and_what_is_not(run: Run) -> None:
    add_customer("demo", "Demo", {"operator": (Role.OPERATOR,)})
    for number in range(3):
        audit.note(find.customer("demo"), "failed", number=number)
    right = run("audit", "verify", INSTROOM_LANG="en")
    assert right.code == 0
    [site, demo] = right.out.splitlines()
    assert site == "the site: as it was written. Anchor: -:0:"
    [anchor] = audit.anchors()
    assert demo == f"demo: as it was written. Anchor: {anchor}"
    assert run("audit", "verify", "--anchor", anchor).code == 0
    with rules_lifted():
        AuditEntry.objects.filter(number=2).delete()
    found = run("audit", "verify", "--customer", "demo", "--anchor", "demo:2:x", "--format", "json")
    assert (found.code, [(one["customer"], one["fault"], one["at"]) for one in found.document["logs"]]) == (
        1, [("demo", "removed", 2), ("demo", "removed", 2)],
    )  # fmt: skip
    assert "regel 2 is verwijderd" in run("audit", "verify").out


@pytest.mark.parametrize("anchor", ["demo", "demo:x:y", "demo:1:", "niemand:1:x"])
def test_what_is_no_anchor(run: Run, anchor: str) -> None:
    assert run("audit", "verify", "--anchor", anchor).code == 2


def test_an_export_is_verified_by_the_script_of_the_page(run: Run) -> None:
    add_customer("demo", "Demo", {"operator": (Role.OPERATOR,)})
    User.objects.update(is_superuser=True)
    for number in range(3):
        audit.note(find.customer("demo"), "failed", number=number, text="é")
    assert run("audit", "export").code == 0
    assert run("audit", "export", "--customer", "demo", "-o", "uit.jsonl").code == 0
    file, lines = run.folder / "uit.jsonl", (run.folder / "uit.jsonl").read_text().splitlines(keepends=True)
    assert "the last entry is (4, " in verified(file)
    for changed in (lines[1:2] + lines[3:], [lines[0].replace(r"\u00e9", "e"), *lines[1:]], lines[1::-1]):
        file.write_text("".join(changed), encoding="ascii")
        with pytest.raises(SystemExit, match="is not as it was written"):
            verified(file)
