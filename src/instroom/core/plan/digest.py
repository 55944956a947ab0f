"""A plan's changes as JSON text, and the digest that says whether two plans do the same (product.md D3, D5)."""

import hashlib
import json
from collections.abc import Sequence

from instroom.core.plan.model import Change

_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), check_circular=False).encode


def encode(changes: Sequence[Change]) -> list[tuple[str, str]]:
    """`before` and `after` of each change as JSON; made once, for the digest and for the store."""
    return [(_encode(change.before) if change.before else "{}", _encode(change.after)) for change in changes]


def digest(changes: Sequence[Change], encoded: Sequence[tuple[str, str]], left_out: Sequence[int]) -> str:
    """SHA-256 over what is done to which key, and which rows are left out. Ids and versions are not in it: a plan made
    anew for the same effect has the same digest."""
    lines = [
        f"{change.kind}\x1f{change.key}\x1f{change.action}\x1f{change.link}\x1f{change.company_key}"
        f"\x1f{'' if change.action == 'new' else change.dossier}\x1f{before}\x1f{after}"
        for change, (before, after) in zip(changes, encoded, strict=True)
    ]
    lines.append(repr(list(left_out)))
    return hashlib.sha256("\n".join(lines).encode("utf-8", "surrogatepass")).hexdigest()
