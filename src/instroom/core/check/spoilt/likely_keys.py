"""What keys that look spoilt were, to be looked for among those that are stored (product.md A5)."""

from collections.abc import Collection
from typing import NamedTuple

from instroom.core.check.spoilt.conversions import converted_key
from instroom.core.check.spoilt.garbling import garbled
from instroom.core.layout.loader import Column


class LikelyKey(NamedTuple):
    """The ExternId that one was, and the finding that says what happened to it."""

    code: str
    extern_id: str


def likely_keys(column: Column, extern_ids: Collection[str]) -> dict[str, LikelyKey]:
    """Those of these that a program seems to have spoilt: 1001.0 for 1001, 3-mei for 3-5, JosÃ© for José."""
    distinct = set(extern_ids)
    found = {
        text: LikelyKey("value-garbled", fault.facts["likely"])
        for text, fault in garbled(column, distinct, "|".join(distinct)).items()
        if "likely" in fault.facts
    }
    converted = ((text, converted_key(text, column)) for text in distinct)
    return found | {text: LikelyKey("value-converted", likely) for text, likely in converted if likely}
