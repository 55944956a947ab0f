"""Answers: documents as JSON, and files."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

from django.http import FileResponse, HttpResponse

from instroom.store.files import scratch

MEDIA_TYPES: Final = {
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "xml": "application/xml",
    "xsd": "application/xml",
    "zip": "application/zip",
}


def answer(document: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> HttpResponse:
    """A document as JSON, exactly as the flow makes it."""
    return HttpResponse(json.dumps(document), status=status, content_type="application/json", headers=headers)


def file_answer(name: str, write: Callable[[Path], Path | None]) -> FileResponse | None:
    """Let `write` make a file of this name in a folder that is thrown away, and stream what it gives; None where it
    gives none."""
    with scratch.folder() as folder:
        made = write(folder / name)
        if made is None:
            return None
        kind = MEDIA_TYPES[made.suffix.removeprefix(".")]
        return FileResponse(made.open("rb"), as_attachment=True, filename=made.name, content_type=kind)


def file_document(*forms: str, headers: Mapping[str, str] | None = None) -> dict[str, Any]:
    """How a file stands in the OpenAPI document."""
    content = {MEDIA_TYPES[form]: {"schema": {"type": "string", "format": "binary"}} for form in forms}
    named = {name: {"description": text, "schema": {"type": "integer"}} for name, text in (headers or {}).items()}
    return {"responses": {200: {"content": content, **({"headers": named} if named else {})}}}
