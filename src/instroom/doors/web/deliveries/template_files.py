"""The files to fill in (product.md A7)."""

import tempfile
from pathlib import Path
from typing import cast
from urllib.parse import urlencode

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from instroom.core.language import Language
from instroom.core.layout.column_groups import column_groups, group_title
from instroom.core.layout.descriptions import choices_of, description, is_required, required_words
from instroom.core.layout.loader import Column
from instroom.core.layout.standard import standard
from instroom.core.wording.phrases import either
from instroom.core.write.example import example_rows
from instroom.core.write.templates import TemplateFormat, write_template
from instroom.doors.web.frame.access import Visit, for_customer
from instroom.doors.web.frame.kept_searches import keep_search, kept_search
from instroom.doors.web.frame.language import current
from instroom.doors.web.frame.query import form_text, text_of

_FORMATS = ("xlsx", "csv", "xml", "xsd")
_ROWS = 3


@require_http_methods(["GET", "HEAD", "POST"])
@for_customer()
def templates(request: HttpRequest, visit: Visit) -> HttpResponse:
    """All templates, what is required at least, and what each column is for. A search is posted, as everywhere."""
    if request.method == "POST":
        text = form_text(request, "text").strip()
        asked = f"?{urlencode({'search': keep_search(request, text)})}" if text else ""
        return redirect(f"{request.path}{asked}#columns")
    layout, text, lang = standard(), kept_search(request, text_of(request, "search")), current()
    rows = example_rows(layout)
    least = [column for column in layout.columns if is_required(column)]
    context = {
        "amount": len(layout.columns),
        "text": text,
        "least": {"columns": least, "rows": [[row[column.index] for column in least] for row in rows[:_ROWS]]},
        "groups": [
            (group_title(group, lang), lines, bool(text) or any(line["is_required"] for line in lines))
            for group in column_groups(layout)
            if (lines := [_line(column, rows, lang) for column in group.columns if _has(column, text, lang)])
        ],
    }
    return render(request, "template_files.html", context)


def _has(column: Column, text: str, lang: Language) -> bool:
    return all(word in f"{column.label} {description(column, lang)}".casefold() for word in text.casefold().split())


def _line(column: Column, rows: list[list[str]], lang: Language) -> dict[str, object]:
    return {
        "label": column.label,
        "meaning": description(column, lang),
        "is_required": is_required(column),
        "required": required_words(column, lang),
        "example": next((row[column.index] for row in rows if row[column.index]), ""),
        "choices": either(choices_of(column), lang) if choices_of(column) else "",
        "most": column.max_length,
    }


@require_safe
@for_customer()
def template(request: HttpRequest, visit: Visit, content: str, form: str) -> FileResponse:
    """One template: `content` is `empty` or `example`."""
    if form not in _FORMATS or content not in ("empty", "example"):
        raise Http404
    name = _("instroom-template") if content == "empty" else _("instroom-example")
    with tempfile.TemporaryDirectory(prefix="instroom-") as folder:
        target = Path(folder) / f"template.{form}"
        write_template(target, standard(), cast(TemplateFormat, form), content == "example", current())
        return FileResponse(target.open("rb"), as_attachment=True, filename=f"{name}.{form}")
