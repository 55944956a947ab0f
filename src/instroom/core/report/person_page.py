"""All that is known of a person as one HTML file, which a person without a program for it can open, print and keep."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from html import escape
from typing import Any, Final

from instroom.core.language import Language
from instroom.core.layout.standard import standard
from instroom.core.report.change_lines import lines_of
from instroom.core.report.plan_text import field_label
from instroom.core.report.visible import visible_lines
from instroom.core.report.words import words
from instroom.core.wording.catalogue import find_label, state_word
from instroom.core.wording.phrases import day

_LENGTH: Final = 100_000  # of a value: all of it
_STYLE: Final = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1a1a1a}"
    "table{border-collapse:collapse;width:100%;margin:.5rem 0 1.5rem}"
    "th,td{border:1px solid #bbb;padding:.3rem .6rem;text-align:left;vertical-align:top;white-space:pre-line}"
    "th{background:#f2f2f2;font-weight:600}"
)


def person_page(document: Mapping[str, Any], lang: Language) -> str:
    """The document of `instroom person export` for people."""
    texts = words(lang)["person"]
    title = f"{texts['title']} {_shown(document['extern_id'])} ({_shown(document['source'])})"
    made = texts["made"].format(customer=_shown(document["customer"]), at=_moment(document["made_at"], lang))
    body = [f"<h1>{title}</h1>", f"<p>{made}</p>", *_dossiers(document["dossiers"], lang)]
    body += [f"<h2>{texts['history']}</h2>", *_history(document["history"], lang)]
    body += [f"<h2>{texts['deliveries']}</h2>", *_deliveries(document["deliveries"], lang)]
    body += [f"<h2>{texts['seen']}</h2>", *_sights(document["seen"], lang)]
    head = f'<meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{title}</title>'
    return f'<!doctype html>\n<html lang="{lang}">\n<head>{head}<style>{_STYLE}</style></head>\n<body>\n' + (
        "\n".join(body) + "\n</body>\n</html>\n"
    )


def _dossiers(dossiers: Mapping[str, Any], lang: Language) -> Iterator[str]:
    texts = words(lang)["person"]
    for environment in ("live", "training"):
        yield f"<h2>{texts['dossier'].format(environment=environment)}</h2>"
        dossier = dossiers.get(environment)
        if dossier is None:
            yield f"<p>{texts['nothing']}</p>"
            continue
        rows = [
            (field_label("person", name, standard(), lang), day(value, lang) if name == "date_of_birth" else value)
            for name, value in dossier["fields"].items()
        ]
        rows += dossier["categories"] + list(dossier["free_fields"].items())
        if company := dossier["company"]:
            rows.append((texts["company"], f"{company['extern_id']} ({company['source']})"))
        yield _table((texts["field"], texts["value"]), rows)


def _history(history: Sequence[Mapping[str, Any]], lang: Language) -> Iterator[str]:
    texts = words(lang)["person"]
    for change in history:
        did = words(lang)["outcome"][change["action"]]
        yield f"<h3>{_moment(change['at'], lang)} · {change['environment']} · {did} · {texts[change['state']]}</h3>"
        yield f"<p>{texts['delivery']} {change['delivery']}</p>"
        lines = lines_of(change, standard(), lang, _LENGTH)
        yield _table((texts["field"], texts["was"], texts["became"]), [line[:3] for line in lines])
    if not history:
        yield f"<p>{texts['nothing']}</p>"


def _deliveries(deliveries: Sequence[Mapping[str, Any]], lang: Language) -> Iterator[str]:
    texts = words(lang)["person"]
    for one in deliveries:
        heading = f"{_moment(one['received_at'], lang)} · {_shown(one['file'])} · {state_word(one['state'], lang)}"
        yield f"<h3>{heading}</h3><p>{texts['delivery']} {one['delivery']}</p>"
        if not one["file_kept"]:
            yield f"<p>{texts['file_gone']}</p>"
        for row in one["rows"]:
            yield _table((f"{texts['row']} {row['row']}", texts["value"]), row["cells"])
        if one["findings"]:
            columns = (texts["row"], texts["column"], texts["value"], texts["finding"])
            found = [(str(f["row"]), f["column"] or "", f["value"] or "", f["message"]) for f in one["findings"]]
            yield _table(columns, found)
        if one["comments"]:
            said = [(_moment(c["at"], lang), c["by"], str(c["row"]), c["text"]) for c in one["comments"]]
            yield _table((texts["when"], texts["who"], texts["row"], texts["comment"]), said)
    if not deliveries:
        yield f"<p>{texts['nothing']}</p>"


def _sights(sights: Sequence[Mapping[str, Any]], lang: Language) -> Iterator[str]:
    texts = words(lang)["person"]
    rows = [
        (
            _moment(one["at"], lang),
            one["by"] or texts["machine"],
            find_label("sight", one["action"], lang) or one["action"],
            " ".join(filter(None, (one["environment"], one["delivery"]))),
        )
        for one in sights
    ]
    yield _table((texts["when"], texts["who"], texts["what"], texts["where"]), rows)


def _table(headers: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    head = "".join(f'<th scope="col">{_shown(text)}</th>' for text in headers)
    lines = ["".join(f"<td>{_shown(text)}</td>" for text in row) for row in rows]
    return f"<table><tr>{head}</tr>\n{''.join(f'<tr>{line}</tr>{chr(10)}' for line in lines)}</table>"


def _shown(text: str) -> str:
    return escape(visible_lines(text, _LENGTH))


def _moment(at: str, lang: Language) -> str:
    """ISO 8601 with a zone, as the clock of the site shows it."""
    return f"{day(at[:10], lang)} {at[11:16]}"
