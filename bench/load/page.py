"""The tables of docs/explanation/load.md, made of what was measured last (measured.json)."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bench.tables import markdown
from bench.tables import with_tables as tables_in_place

PAGE = Path(__file__).parents[2] / "docs" / "explanation" / "load.md"
MEASURED = Path(__file__).with_name("measured.json")
TARGET = 300  # milliseconds, of the p95 of a page beside a step
_SLOWEST = 12  # pages that are named

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
    head = ["site", "measured", "minutes", "answers", "deliveries", "a step is under way", "fixed loop", "errors"]
    rows = [
        (
            _site(one),
            f"{one['date']}, {one['machine']}, {one['software']}",
            f"{one['minutes']}",
            f"{sum(row['all']['count'] for what, row in one['answers'].items() if what.startswith('all of')):,}",
            ", ".join(f"{count} {state}" for state, count in sorted(one["states"].items())),
            f"{one['share_beside']:.0%} of the time",
            f"{one['loop_ms']} ms",
            f"{len(one['errors'])}",
        )
        for one in runs
    ]
    return markdown(head, rows)


def _answers(runs: Sequence[Facts]) -> str:
    return _times(
        [(one, what, row) for one in runs for what, row in one["answers"].items() if what.startswith("all of")]
    )


def _slowest(runs: Sequence[Facts]) -> str:
    """Of pages that came often enough for a p95."""
    found = []
    for one in runs:
        pages = [
            (what, row)
            for what, row in one["answers"].items()
            if what.startswith("page") and row["beside"]["count"] >= 20
        ]
        pages.sort(key=lambda each: -each[1]["beside"]["p95"])
        found += [(one, what, row) for what, row in pages[:_SLOWEST]]
    return _times(found)


def _times(found: Sequence[tuple[Facts, str, Facts]]) -> str:
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
    rows = [
        (
            _site(one),
            f"`{what}`" if "/" in what else what,
            f"{row['all']['count']:,}",
            *(_ms(row["all"], rank) for rank in ("p50", "p95", "p99")),
            *(_ms(row["beside"], rank) for rank in ("p50", "p95")),
            f"{row['beside']['p95'] / one['loop_ms']:.2f} ×" if row["beside"]["count"] else "",
            *(_ms(row["alone"], rank) for rank in ("p50", "p95")),
        )
        for one, what, row in found
    ]
    return markdown(head, rows)


def _memory(runs: Sequence[Facts]) -> str:
    head = [
        "site",
        "process",
        "RSS at most",
        "growth an hour",
        "PSS at most",
        "growth an hour",
        "files at most",
        "threads at most",
    ]
    rows = [
        (
            _site(one),
            name.partition(" ")[0],
            *(
                text
                for of in ("rss_mb", "pss_mb")
                for text in (f"{use['most'][of]} MB", f"{use['growth_an_hour'][of]:+} MB")
            ),
            f"{use['most']['files']}",
            f"{use['most']['threads']}",
        )
        for one in runs
        for name, use in one["processes"].items()
    ]
    return markdown(head, rows)


def _site(facts: Facts) -> str:
    return f"{facts['database']}, {facts['servers']}"


def _ms(row: Facts, rank: str) -> str:
    return f"{row[rank]} ms" if row["count"] else ""
