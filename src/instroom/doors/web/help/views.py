"""The guides, and what each finding means: for anybody, also before signing in. Nothing of a customer stands here."""

import json
from functools import cache
from pathlib import Path
from typing import Any, Final

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from instroom.core.findings import CATALOGUE
from instroom.core.report.sentences import sentences
from instroom.doors.web.frame.language import current

GUIDES: Final = ("supplier", "approver", "operator", "reader", "account", "ftp")


@login_not_required
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    return render(request, "help.html")


@login_not_required
@require_safe
def guide(request: HttpRequest, guide: str) -> HttpResponse:
    if guide not in GUIDES:
        raise Http404
    return render(request, f"guide_{guide}.html")


@login_not_required
@require_safe
def finding(request: HttpRequest, code: str) -> HttpResponse:
    """What a finding says, why it matters, and how it looks in a file."""
    entry = CATALOGUE.get(code)
    if entry is None:
        raise Http404
    lang = current()
    said: dict[str, list[str]] = {}
    for wrong, remedy in dict.fromkeys(sentences(code, lang)):
        said.setdefault(remedy, []).append(wrong)
    case = _examples().get(code, {})
    context = {
        "entry": entry,
        "said": said,
        "why": case.get("why", {}).get(lang, ""),
        "fails": [_example(one, lang) for one in case.get("fails", ())],
        "passes": [_example(one, lang) for one in case.get("passes", ())],
    }
    return render(request, "finding_help.html", context)


@cache
def _examples() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(Path(__file__).with_name("finding_examples.json").read_text(encoding="utf-8"))
    return found


def _example(example: dict[str, Any], lang: str) -> dict[str, Any]:
    """Its text, and its rows with the cells in which the finding is."""
    marked, headers = example["marked"], example["headers"]
    rows = [
        (number, [(cell, [number, header] in marked) for header, cell in zip(headers, row, strict=True)])
        for number, row in enumerate(example["rows"], 2)  # the header is row 1
    ]
    return {"text": example[lang], "headers": headers, "rows": rows}
