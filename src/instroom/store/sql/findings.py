"""Packs the findings of a delivery into one compressed column: facts only. Sentences are made on reading."""

import json
import zlib
from collections.abc import Sequence

from instroom.core.model import Finding


def pack(findings: Sequence[Finding]) -> bytes:
    return zlib.compress(
        json.dumps(findings, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass"), 6
    )


def unpack(blob: bytes | memoryview) -> list[Finding]:
    if not blob:
        return []
    rows = json.loads(zlib.decompress(blob).decode("utf-8", "surrogatepass"))
    return [Finding(code, severity, row, column, value, tuple(others), facts)
            for code, severity, row, column, value, others, facts in rows]  # fmt: skip
