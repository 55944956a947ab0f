"""Files as responses, and in the OpenAPI document."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, BinaryIO, Final

from django.http import FileResponse

from instroom.store.files import scratch

MEDIA_TYPES: Final = {
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "xml": "application/xml",
    "xsd": "application/xml",
    "zip": "application/zip",
}


def file_response(name: str, write: Callable[[Path], Path | None]) -> FileResponse | None:
    """Stream the file that `write` makes. It gets a path of this name in a temporary folder, and returns the path that
    it wrote, or None for no file."""
    with scratch.folder() as folder:
        path = write(folder / name)
        if path is None:
            return None
        return stream(path.open("rb"), path.name)


def stream(content: BinaryIO, name: str) -> FileResponse:
    """A file as it is, under this name."""
    media_type = MEDIA_TYPES[name.rpartition(".")[2]]
    return FileResponse(content, as_attachment=True, filename=name, content_type=media_type)


def openapi_file(*formats: str, headers: Mapping[str, str] | None = None) -> dict[str, Any]:
    """The `openapi_extra` of an operation that answers with a file. `headers` are counts, with their descriptions.

    Tools that make clients go by the first media type: as text, a workbook is broken.
    """
    types = ("application/octet-stream", *(MEDIA_TYPES[one] for one in formats))
    content = {one: {"schema": {"type": "string", "format": "binary"}} for one in types}
    counts = {name: {"description": text, "schema": {"type": "integer"}} for name, text in (headers or {}).items()}
    return {"responses": {200: {"content": content, **({"headers": counts} if counts else {})}}}
