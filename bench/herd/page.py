"""The tables of docs/explanation/scale.md, made of what was measured last (measured.json)."""

import json
from pathlib import Path
from typing import Any

from bench.tables import markdown
from bench.tables import with_tables as tables_in_place

PAGE = Path(__file__).parents[2] / "docs" / "explanation" / "scale.md"
MEASURED = Path(__file__).with_name("measured.json")
WHOLE = 2_000  # customers
MEAN = 1_100  # records per customer
PHASES = {"check": "check, training and plan", "live": "live"}

Facts = dict[str, Any]


def write(facts: Facts) -> None:
    """Keep what was measured, and write the page's tables of it."""
    MEASURED.write_text(json.dumps(facts, indent=2) + "\n", encoding="utf-8")
    PAGE.write_text(with_tables(PAGE.read_text(encoding="utf-8"), facts), encoding="utf-8")


def with_tables(page: str, facts: Facts) -> str:
    """The page, with each part between `<!-- table NAME -->` and `<!-- end -->` made anew."""
    tables = {"machine": _machine, "nights": _nights, "waits": _waits, "costs": _costs, "sites": _sites}
    return tables_in_place(page, {name: table(facts) for name, table in tables.items()})


def _machine(facts: Facts) -> str:
    settings = ", ".join(f"{name} {value}" for name, value in facts["settings"].items())
    receiving, night = facts["receiving"], facts["nights"][0]
    records, rate = night["check"]["records"], facts["customers"] / receiving["seconds"]
    others = max(one[key]["other_cpu"] / one[key]["seconds"] for one in facts["nights"] for key in PHASES)
    whole = "" if facts["customers"] == WHOLE else f", not the whole herd of {WHOLE:,}"
    lines = [
        f"{facts['date']}, {facts['machine']}, {facts['software']}, database and workers on it.",
        f"PostgreSQL: {settings}; all else as it comes.",
        f"{facts['customers']:,} customers{whole}; {records:,} records in {receiving['delivered_mb']:,.0f} MB of CSV.",
        f"Other programs took up to {others:.1f} cores meanwhile.",
        f"Received before: {rate:.0f} files a second in {receiving['processes']} processes.",
    ]
    return "\n".join(f"- {line}" for line in lines)


def _nights(facts: Facts) -> str:
    rows = [
        (
            f"{night['workers']}: {name}",
            _duration(phase["seconds"]),
            f"{phase['records_per_second']:,}",
            f"{night[key]['records_per_second'] / facts['nights'][0][key]['records_per_second']:.2f} ×",
            _duration(phase["median_end"]),
            f"{_duration(phase['smallest_median_end'])}, {_duration(phase['smallest_last_end'])}",
            f"{sum(phase['worker_cpu']) / phase['seconds']:.2f}",
            f"{phase['database_cpu'] / phase['seconds']:.2f}",
            f"{phase['other_cpu'] / phase['seconds']:.2f}",
            f"{max(phase['peak_mb'])} MB",
        )
        for night in facts["nights"]
        for key, name in PHASES.items()
        for phase in [night[key]]
    ]
    head = ["workers", "until the last", "records/s", "one worker", "median customer", "smallest tenth: median, last"]
    return markdown([*head, "cores: workers", "database", "others", "memory of a worker"], rows)


def _waits(facts: Facts) -> str:
    rows = [
        (
            f"{night['workers']}: {name}",
            f"{night[key]['statements_at_once']:.2f}",
            ", ".join(f"{what} {share}" for what, share in night[key]["statements"].items()),
            night[key]["locked_looks"],
        )
        for night in facts["nights"]
        for key, name in PHASES.items()
    ]
    return markdown(["workers", "statements at once", "what they do", "looks with a wait for a lock"], rows)


def _costs(facts: Facts) -> str:
    night, kept = facts["nights"][0], facts["receiving"]["kept_mb"]
    records = night["check"]["records"]
    rows = [
        (f"processor of a worker, {name}", f"{_microseconds(facts, key, 'worker'):.0f} µs")
        for key, name in PHASES.items()
    ]
    rows += [
        (f"processor of the database, {name}", f"{_microseconds(facts, key, 'database'):.0f} µs")
        for key, name in PHASES.items()
    ]
    rows += [(f"WAL, {name}", f"{1e3 * night[key]['wal_mb'] / records:.1f} kB") for key, name in PHASES.items()]
    rows += [
        ("database, all that a first delivery leaves there", f"{1e3 * night['database_grown_mb'] / records:.1f} kB"),
        ("… of which its two plans", f"{1e3 * _plans_mb(night) / records:.1f} kB"),
        ("file store, the delivered file, encrypted", f"{1e3 * kept / records:.2f} kB"),
    ]
    rows.append(("sessions at the database, of each worker, with no webhooks to call", f"{night['check']['sessions']}"))
    return markdown(["one record", "costs"], rows)


def _sites(facts: Facts) -> str:
    night, rows = facts["nights"][0], []
    records_measured = night["check"]["records"]
    plan_kb, all_kb = (1e3 * mb / records_measured for mb in (_plans_mb(night), night["database_grown_mb"]))
    wal_kb = 1e3 * sum(night[key]["wal_mb"] for key in PHASES) / records_measured
    worker, database = (sum(_microseconds(facts, key, what) for key in PHASES) for what in ("worker", "database"))
    for customers in (2_000, 10_000, 100_000):
        records = customers * MEAN
        row = [f"{customers:,}", f"{records / 1e6:.1f} million"]
        row += [f"{records * cost / 1e6 / 3600:.1f} h" for cost in (worker, database)]
        row += [_duration(records * (worker + database) / 1e6 / cores) for cores in (2, 8, 80)]
        row += [f"{records * (all_kb - plan_kb) / 1e6:,.0f} GB", f"{records * plan_kb / 1e6:,.0f} GB"]
        rows.append((*row, f"{records * wal_kb / 1e6:,.0f} GB"))
    head = ["customers", "records", "workers' core-hours", "database's core-hours", "2 cores", "8 cores", "80 cores"]
    return markdown([*head, "dossiers", "plans, a night", "WAL, a night"], rows)


def _microseconds(facts: Facts, phase: str, what: str) -> float:
    """Of one record, with one worker: more of them wait for each other's processor caches."""
    measured = facts["nights"][0][phase]
    seconds = sum(measured["worker_cpu"]) if what == "worker" else measured["database_cpu"]
    return 1e6 * float(seconds) / float(measured["records"])


def _plans_mb(night: Facts) -> float:
    return float(sum(mb for name, mb in night["tables_mb"].items() if name in ("store_change", "store_plan")))


def _duration(seconds: float) -> str:
    if seconds < 100:
        return f"{seconds:.1f} s"
    if seconds < 7_200:
        return f"{seconds // 60:.0f} min {seconds % 60:.0f} s"
    return f"{seconds / 3_600:.1f} h"
