"""Search and export companies and persons. The audit log records each sight of a dossier (product.md G2)."""

import zipfile
from pathlib import Path
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from ninja import Router

from instroom.core.fields import Kind
from instroom.core.layout.standard import DEFAULT_LAYOUT
from instroom.doors.api.access import Token, visitor
from instroom.doors.api.answers import answer, file_answer, file_document
from instroom.doors.api.dossiers import schemas
from instroom.doors.api.schemas import CustomerName, Environment
from instroom.doors.api.templates.schemas import FileFormatChoice, LayoutName
from instroom.flow import find
from instroom.flow.people.api_tokens import Pass
from instroom.flow.queries import history
from instroom.flow.queries.export import Exported, export
from instroom.flow.queries.look_up import look_up

router = Router(tags=["dossiers"])
_COUNTS = {
    "Instroom-Rows": "The number of rows.",
    "Instroom-Shortened": "How many dossiers have more categories or free fields than the layout has columns.",
}


@router.get("/{environment}/dossiers", auth=Token("read"), response=schemas.FoundDossiers)
def search(
    request: HttpRequest, customer: CustomerName, environment: Environment, q: schemas.SearchText
) -> HttpResponse:
    """Search companies and persons by name, key, postal code or e-mail address."""
    visit = visitor(request)
    found = look_up(find.environment(visit.customer, environment), q, visit.user.username)
    shown = [
        {
            "kind": one.kind,
            "source": one.stored.key[0],
            "extern_id": one.stored.extern_id,
            "name": one.name,
            "company": one.company,
        }
        for one in found
    ]
    return answer({"dossiers": shown})


@router.get("/{environment}/company", auth=Token("read"), response=schemas.Dossier)
def company(
    request: HttpRequest,
    customer: CustomerName,
    environment: Environment,
    source: schemas.Source,
    extern_id: schemas.ExternId,
) -> HttpResponse:
    """Get a company by its key, with its history."""
    return answer(_dossier(visitor(request), environment, "company", source, extern_id))


@router.get("/{environment}/person", auth=Token("read"), response=schemas.Dossier)
def person(
    request: HttpRequest,
    customer: CustomerName,
    environment: Environment,
    source: schemas.Source,
    extern_id: schemas.ExternId,
) -> HttpResponse:
    """Get a person by their key, with their history."""
    return answer(_dossier(visitor(request), environment, "person", source, extern_id))


def _dossier(visit: Pass, environment: str, kind: Kind, source: str, extern_id: str) -> dict[str, Any]:
    name = visit.customer.name
    found = history.dossier(name, environment, kind, source, extern_id, visit.user.username)
    return history.document(found, list(history.history(name, environment, found.stored)))


@router.get(
    "/{environment}/export",
    auth=Token("read"),
    response={200: None},
    openapi_extra=file_document("csv", "xlsx", "xml", "zip", headers=_COUNTS),
)
def export_all(
    request: HttpRequest,
    customer: CustomerName,
    environment: Environment,
    form: FileFormatChoice = "csv",
    layout: LayoutName = DEFAULT_LAYOUT,
) -> HttpResponseBase:
    """Export all dossiers in the delivery layout. Delivering that file changes nothing. More than 10,000 rows come as a
    zip of numbered files."""
    visit, headers = visitor(request), dict.fromkeys(_COUNTS, "0")

    def write(target: Path) -> Path:
        done = export(visit.customer.name, environment, target, form, layout, by=visit.user.username)
        headers.update({"Instroom-Rows": str(done.rows), "Instroom-Shortened": str(done.shortened)})
        return done.files[0] if len(done.files) == 1 else _zipped(done, target.with_suffix(".zip"))

    made = file_answer(f"{visit.customer.name}-{environment}.{form}", write)
    assert made is not None  # noqa: S101 - an export is never without a file
    for name, text in headers.items():
        made.headers[name] = text
    return made


def _zipped(done: Exported, target: Path) -> Path:
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in done.files:
            archive.write(file, file.name)
    return target
