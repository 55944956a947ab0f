"""Chooses which variant of its sentence a finding gets, by its facts."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from instroom.core.model import Finding

Facts = Mapping[str, Any]

_BY_WORD: Final[dict[str, str]] = {
    "file-unsafe": "problem",
    "csv-encoding": "looks_like",
    "header-repeated": "problem",
    "row-footer": "problem",
    "csv-quote": "problem",
    "xlsx-second-sheet": "problem",
    "xml-structure": "problem",
    "required-missing": "block",
    "key-incomplete": "half",
    "value-date": "problem",
    "value-email": "problem",
    "value-date-implausible": "problem",
    "value-postal-code": "country",
    "value-registration-number": "kind",
    "value-phone": "problem",
    "value-country": "problem",
    "value-vat-number": "problem",
    "file-zip": "problem",
    "file-encrypted": "kind",
    "value-leading-zero": "problem",
    "value-converted": "problem",
    "value-text-mark": "problem",
    "value-garbled": "problem",
    "value-private-number": "problem",
    "category-case": "kind",
    "value-nothing": "problem",
    "pair-incomplete": "kind",
    "category-name": "problem",
    "free-field-definition": "problem",
    "person-identity-changed": "by",
    "possible-duplicate": "by",
    "source-not-allowed": "problem",
}
"""Code → the fact whose value names the variant."""

_KIND_OF_FILE: Final = {
    **dict.fromkeys(("ods", "xlsb", "numbers", "xml-spreadsheet"), "spreadsheet"),
    **dict.fromkeys(("zip", "gzip", "bzip2", "xz", "7z", "rar"), "packed"),
}
"""What a file looks like → the kind of file, where several ask for the same remedy."""


def variant(finding: Finding) -> str:
    """The name of the variant; "" or a name without a text of its own: the plain sentence."""
    if fact := _BY_WORD.get(finding.code):
        word = finding.facts.get(fact)
        return word if isinstance(word, str) else ""
    choose = _BY_RULE.get(finding.code)
    return choose(finding.facts) if choose else ""


def _width(facts: Facts) -> str:
    found, expected = facts.get("found"), facts.get("expected")
    if isinstance(problem := facts.get("problem"), str):
        return problem
    if isinstance(found, int) and isinstance(expected, int):
        return "more" if found > expected else "fewer"
    return ""


def _amount(facts: Facts) -> str:
    if "records" not in facts:
        return ""
    return "at-least" if facts.get("at_least") else "counted"


def _run(facts: Facts) -> str:
    count = facts.get("count")
    return "run" if isinstance(count, int) and count > 1 else ""


def _damage(facts: Facts) -> str:
    problem = facts.get("problem")
    if problem == "encoding" and "declared" in facts and facts["declared"] is None:
        return "encoding-undeclared"
    return "-".join(word for word in (problem, facts.get("detail")) if isinstance(word, str))


_CONTROLS: Final = {
    "U+0009": "tab",
    **dict.fromkeys(("U+000A", "U+000D", "U+2028", "U+2029"), "break"),
    **dict.fromkeys(("U+000B", "U+000C", "U+0085"), "soft-break"),
}


def _header(facts: Facts) -> str:
    if not isinstance(found := facts.get("found"), str) or found.strip():
        return ""
    return "blank-inside" if facts.get("inside") else "blank"


_BY_RULE: Final[dict[str, Callable[[Facts], str]]] = {
    "file-format-unknown": lambda facts: _KIND_OF_FILE.get(kind := str(facts.get("looks_like")), kind),
    "file-damaged": _damage,
    "company-conflict": lambda facts: "odd" if facts.get("odd") else "",
    "header-missing": lambda facts: "lower" if "found_row" in facts else str(facts.get("problem", "")),
    "column-renamed": _header,
    "column-added": _header,
    "column-bsn": lambda facts: "definition" if "definition" in facts else str(facts.get("by", "")),
    "row-cell-count": _width,
    "rows-too-many": _amount,
    "row-blank": _run,
    "row-short": _run,
    "xlsx-hidden-sheet": lambda facts: "read" if facts.get("read") else "",
    "value-excel-error": lambda facts: "no-number" if facts.get("no_number") else "",
    "value-control-character": lambda facts: _CONTROLS.get(str(facts.get("codepoint")), ""),
    "value-formula": lambda facts: "no_value" if facts.get("no_value") else str(facts.get("problem", "")),
    "value-not-in-list": lambda facts: "no-choices" if facts.get("choices") in ([], ()) else "",
}
