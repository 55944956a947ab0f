"""A plan's changes as JSON text, and the digest that says whether two plans do the same (product.md D3, D5)."""

import hashlib
from collections.abc import Sequence

import orjson

from instroom.core.plan.model import Change


def encode(changes: Sequence[Change]) -> list[tuple[str, str]]:
    """`before` and `after` of each change as JSON; made once, for the digest and for the store."""
    dumps = orjson.dumps
    return [
        (dumps(change.before).decode() if change.before else "{}", dumps(change.after).decode()) for change in changes
    ]


def digest(changes: Sequence[Change], encoded: Sequence[tuple[str, str]], left_out: Sequence[int]) -> str:
    """SHA-256 over what is done to which key, and which rows are left out. Versions are not in it, nor the ids of what
    is still to be made: a second plan with the same effect has the same digest."""
    what = [
        (change.kind, change.key, change.action, change.link, change.company_before, change.company_key)
        for change in changes
    ]
    text = hashlib.sha256(orjson.dumps([what, left_out]))
    for pair in encoded:
        text.update("\x1e".join(pair).encode())
    return text.hexdigest()
