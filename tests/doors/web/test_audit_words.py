"""Everything that the audit log may hold has words: the code is read for all that it writes."""

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.syntax import SOURCE, nodes, parsed

from instroom.doors.web.words.audit_labels import action_groups
from instroom.doors.web.words.labels import EVENTS
from instroom.flow.queries.audit_groups import GROUPS

WRITERS = {"record": 1, "note": 1, "_note": 0}
"""What writes to the log, and which argument is the action."""
OF_A_STATE = {"training", "rejected"}
"""What the check writes: the state that it leads to."""


def constants(tree: ast.Module) -> dict[str, str]:
    """The texts that a module names, such as _FAILED."""
    found: dict[str, str] = {}
    for node in tree.body:
        if isinstance(node, ast.AnnAssign | ast.Assign) and isinstance(node.value, ast.Constant):
            target = node.target if isinstance(node, ast.AnnAssign) else node.targets[0]
            found[ast.unparse(target)] = str(node.value.value)
    return found


def actions_of(path: Path) -> Iterator[str]:
    """What a module writes to the log."""
    named = constants(parsed(path))
    for node in nodes(path):
        if isinstance(node, ast.Call) and (action := action_of(node)) is not None:
            if isinstance(action, ast.Constant):
                yield str(action.value)
            elif isinstance(action, ast.Name) and action.id in named:
                yield named[action.id]
            elif ast.unparse(action) == "delivery.state":
                yield from OF_A_STATE
            else:
                assert path.name == "audit.py", f"{path.name} writes what cannot be read: {ast.unparse(action)}"


def action_of(call: ast.Call) -> ast.expr | None:
    """The action of a call that writes to the log."""
    name = ast.unparse(call.func)
    if name == "AuditEntry":
        return next(one.value for one in call.keywords if one.arg == "action")
    owner, _, verb = name.rpartition(".")
    if verb in WRITERS and owner in ("audit", ""):
        place = WRITERS[verb]
        return call.args[place] if len(call.args) > place else None
    return None


def test_every_action_has_words_and_no_word_is_for_nothing() -> None:
    modules = [path for path in sorted(SOURCE.rglob("*.py")) if "migrations" not in path.parts]
    written = {action for path in modules for action in actions_of(path)}
    assert len(written) > 30
    assert sorted(written - set(EVENTS)) == []
    assert sorted(set(EVENTS) - written) == []


def test_every_action_is_in_one_group() -> None:
    grouped = [action for actions in GROUPS.values() for action in actions]
    assert sorted(grouped) == sorted(EVENTS)
    assert [name for name, *_ in action_groups() if name in EVENTS] == []
