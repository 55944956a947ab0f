"""The files to fill in (product.md A7)."""

import tempfile
from pathlib import Path
from typing import cast

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from instroom.core.layout.standard import standard
from instroom.core.write.templates import TemplateFormat, write_template
from instroom.doors.web.frame.access import Visit, for_customer
from instroom.doors.web.frame.language import current

_FORMATS = ("xlsx", "csv", "xml", "xsd")


@require_safe
@for_customer()
def templates(request: HttpRequest, visit: Visit) -> HttpResponse:
    """All templates, and what each column is for."""
    return render(request, "templates.html", {"columns": standard().columns})


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
