"""Keeps the findings of a delivery: facts, compressed, in one column. Sentences are made when somebody reads."""

import json
import zlib
from collections.abc import Sequence

from instroom.core.model import Finding


def pack(findings: Sequence[Finding]) -> bytes:
    """Findings as stored."""
    return zlib.compress(
        json.dumps(findings, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass"), 6
    )


def unpack(blob: bytes | memoryview) -> list[Finding]:
    """Findings as they were."""
    if not blob:
        return []
    rows = json.loads(zlib.decompress(blob).decode("utf-8", "surrogatepass"))
    return [Finding(code, severity, row, column, value, tuple(others), facts)
            for code, severity, row, column, value, others, facts in rows]  # fmt: skip
