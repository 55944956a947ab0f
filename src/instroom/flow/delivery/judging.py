"""What the stored state says of a file (product.md D2): live gives the findings, training only what it lacks."""

from collections.abc import Mapping

from instroom.core.check.spoilt.likely_keys import likely_keys
from instroom.core.fields import Kind
from instroom.core.findings import finding
from instroom.core.keys import Key, id_key, source_key
from instroom.core.layout.loader import Column, Layout
from instroom.core.model import Finding, Pair, Record, RecordPart
from instroom.core.plan.judge import Judged, judge
from instroom.core.plan.model import Dossiers, Known
from instroom.flow.delivery.content import Content
from instroom.flow.source_limits import Sources
from instroom.store.models import Environment
from instroom.store.sql import lookalikes, records


def judge_content(content: Content, known: Known, environment: Environment) -> Judged:
    """All findings that depend on what the environment stores, and the rows that they keep out."""
    checked, layout = content.checked, content.layout
    barred = _linked_to_other_source(content, known)
    judged = _judge(content, known, barred, _company_names(checked.records, known))
    kept = [record for record in checked.records if record.row not in judged.left_out]
    more = [
        finding("source-not-allowed", row, None, None, (), {"block": "person", "problem": "link"}) for row in barred
    ]
    both: tuple[tuple[Kind, Dossiers], ...] = (("company", known.companies), ("person", known.persons))
    for kind, stored in both:
        new = _new(kind, kept, set(stored))
        more += _resemblances(environment, kind, new, content.sources)
        more += _lost_zeros(environment, kind, new, layout)
        more += _spoilt(environment, layout.block(kind).extern_id, kind, new, checked.unusable_keys.get(kind, {}))
    return Judged([*judged.findings, *more], judged.left_out)


def left_out_for_want_of_company(content: Content, known: Known) -> frozenset[int]:
    """The rows whose company this environment lacks (D2: in training they are left out, which is said)."""
    return _judge(content, known, _linked_to_other_source(content, known), {}).left_out


def _judge(content: Content, known: Known, barred: frozenset[int], names: dict[str, str]) -> Judged:
    checked = content.checked
    promised = checked.refused_companies if content.policies.on_error == "whole" else frozenset()
    kept = [record for record in checked.records if record.row not in barred] if barred else checked.records
    judged = judge(kept, checked.repeated, known, content.layout, promised=promised, company_names=names)
    return judged._replace(left_out=judged.left_out | barred)


def _linked_to_other_source(content: Content, known: Known) -> frozenset[int]:
    """The rows of persons whose company is of a source from which this delivery may bring nothing: each such row would
    take the link away, or replace it (product.md G5)."""
    if content.sources is None:
        return frozenset()
    companies = {
        record.row: old.company for record in content.checked.records
        if record.person and (old := known.persons.get(record.person.key)) and old.company
    }  # fmt: skip
    stored = records.load_by_ids("company", set(companies.values()))
    return frozenset(row for row, one in companies.items() if stored[one].key[0] not in content.sources)


def _company_names(rows: list[Record], known: Known) -> dict[str, str]:
    """ExternId of the companies that persons without a company on their record are linked to."""
    ids = {
        old.company for record in rows if record.person and record.company is None
        and (old := known.persons.get(record.person.key)) and old.company
    }  # fmt: skip
    return {one: stored.extern_id for one, stored in records.load_by_ids("company", ids).items()}


def _new(kind: Kind, rows: list[Record], stored: set[Key]) -> dict[Key, tuple[int, RecordPart]]:
    """The dossiers that do not exist yet, each at its first row."""
    new: dict[Key, tuple[int, RecordPart]] = {}
    for record in rows:
        part = record.company if kind == "company" else record.person
        if part and part.key not in stored and not part.alone:
            new.setdefault(part.key, (record.row, part))
    return new


def _resemblances(
    environment: Environment, kind: Kind, new: dict[Key, tuple[int, RecordPart]], sources: Sources
) -> list[Finding]:
    found = lookalikes.lookalikes(environment.id.hex, kind, [part for _, part in new.values()], sources)
    return [
        finding("possible-duplicate", new[key][0], None, None, (),
                {"block": kind, "by": other.by, "extern_id": other.extern_id, "extern_source": other.extern_source})
        for key, other in found.items()
    ]  # fmt: skip


def _lost_zeros(
    environment: Environment, kind: Kind, new: dict[Key, tuple[int, RecordPart]], layout: Layout
) -> list[Finding]:
    column = layout.block(kind).extern_id.label
    found = lookalikes.zero_padded(environment.id.hex, kind, list(new))
    return [
        finding("value-leading-zero", new[key][0], column, new[key][1].extern_id, (),
                {"problem": "stored", "likely": likely})
        for key, likely in found.items()
    ]  # fmt: skip


def _spoilt(
    environment: Environment,
    column: Column,
    kind: Kind,
    new: dict[Key, tuple[int, RecordPart]],
    unusable: Mapping[int, Pair],
) -> list[Finding]:
    """Keys that a program seems to have spoilt, where what they were is stored: new ones, and those with an error."""
    suspects = [(row, key[0], part.extern_id) for key, (row, part) in new.items()]
    suspects += [(row, source_key(source), extern_id) for row, (source, extern_id) in unusable.items()]
    likely = likely_keys(column, [extern_id for _, _, extern_id in suspects])
    spoilt = [
        (row, extern_id, likely[extern_id].code, (source, id_key(likely[extern_id].extern_id)))
        for row, source, extern_id in suspects if extern_id in likely
    ]  # fmt: skip
    stored = lookalikes.stored_ids(environment.id.hex, kind, {key for _, _, _, key in spoilt})
    return [
        finding(code, row, column.label, extern_id, (), {"problem": "stored", "likely": stored[key]})
        for row, extern_id, code, key in spoilt if key in stored
    ]  # fmt: skip
