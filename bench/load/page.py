"""The tables of docs/explanation/load.md, made of what was measured last (measured.json)."""

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from bench.tables import markdown
from bench.tables import with_tables as tables_in_place

PAGE = Path(__file__).parents[2] / "docs" / "explanation" / "load.md"
MEASURED = Path(__file__).with_name("measured.json")
_SLOWEST = 12  # pages that are named
_OFTEN = 20  # enough for a p95
_ALL = "all of"

Facts = dict[str, Any]


def write(name: str, facts: Facts) -> None:
    """Keep what was measured of this kind of site, and write the page's tables of all kinds."""
    measured = {**json.loads(MEASURED.read_text(encoding="utf-8")), name: facts}
    MEASURED.write_text(json.dumps(measured, indent=2) + "\n", encoding="utf-8")
    PAGE.write_text(with_tables(PAGE.read_text(encoding="utf-8"), measured), encoding="utf-8")


def with_tables(text: str, measured: dict[str, Facts]) -> str:
    """The page with its tables made anew."""
    runs = list(measured.values())
    made = {"runs": _runs(runs), "answers": _answers(runs), "slowest": _slowest(runs), "memory": _memory(runs)}
    return tables_in_place(text, made)


def summary(facts: Facts) -> str:
    """The same tables, of one run."""
    return "\n\n".join(part([facts]) for part in (_runs, _answers, _slowest, _memory))


def _runs(runs: Sequence[Facts]) -> str:
    rows = []
    for one in runs:
        answers = sum(row["all"]["count"] for what, row in one["answers"].items() if what.startswith(_ALL))
        states = ", ".join(f"{count} {state}" for state, count in sorted(one["states"].items()))
        cells = [f"{one['date']}, {one['machine']}, {one['software']}", f"{one['minutes']}", f"{answers:,}", states]
        cells += [f"{one['share_beside']:.0%} of the time", f"{one['loop_ms']} ms", f"{len(one['errors'])}"]
        rows.append([_site(one), *cells])
    head = ["site", "measured", "minutes", "answers", "deliveries", "a step is under way", "fixed loop", "errors"]
    return markdown(head, rows)


def _answers(runs: Sequence[Facts]) -> str:
    return _times((one, what) for one in runs for what in one["answers"] if what.startswith(_ALL))


def _slowest(runs: Sequence[Facts]) -> str:
    found: list[tuple[Facts, str]] = []
    for one in runs:
        beside = {what: row["beside"] for what, row in one["answers"].items() if what.startswith("page")}
        pages = [what for what, row in beside.items() if row["count"] >= _OFTEN]
        found += [(one, what) for what in sorted(pages, key=lambda what: -beside[what]["p95"])[:_SLOWEST]]
    return _times(found)


def _times(of: Iterable[tuple[Facts, str]]) -> str:
    head = [
        "site",
        "what",
        "number",
        "p50",
        "p95",
        "p99",
        "beside a step: p50",
        "p95",
        "fixed loop",
        "else: p50",
        "p95",
    ]
    rows = []
    for one, what in of:
        row = one["answers"][what]
        beside = row["beside"].get("p95")
        cells = [_site(one), f"`{what}`" if "/" in what else what, f"{row['all']['count']:,}"]
        cells += [f"{row['all'][rank]} ms" for rank in ("p50", "p95", "p99")]
        cells += [*_ms(row["beside"]), f"{beside / one['loop_ms']:.2f} ×" if beside else "", *_ms(row["alone"])]
        rows.append(cells)
    return markdown(head, rows)


def _memory(runs: Sequence[Facts]) -> str:
    sizes = ["RSS at most", "growth an hour", "PSS at most", "growth an hour"]
    rows = []
    for one in runs:
        for name, use in one["processes"].items():
            most, growth = use["most"], use["growth_an_hour"]
            cells = [_site(one), name.partition(" ")[0]]
            for of in ("rss_mb", "pss_mb"):
                cells += [f"{most[of]} MB", f"{growth[of]:+} MB"]
            rows.append([*cells, f"{most['files']}", f"{most['threads']}"])
    return markdown(["site", "process", *sizes, "files at most", "threads at most"], rows)


def _site(facts: Facts) -> str:
    return f"{facts['database']}, {facts['servers']}"


def _ms(row: Facts) -> list[str]:
    return [f"{row[rank]} ms" if row["count"] else "" for rank in ("p50", "p95")]
