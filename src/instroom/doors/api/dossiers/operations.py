"""Search and export companies and persons. The audit log records each sight of a dossier (product.md G2)."""

import zipfile
from pathlib import Path

from django.http import HttpResponseBase, JsonResponse
from ninja import Router

from instroom.core.fields import Kind
from instroom.core.layout.standard import DEFAULT_LAYOUT
from instroom.doors.api.access import Token, TokenRequest
from instroom.doors.api.dossiers import schemas
from instroom.doors.api.file_responses import file_response, openapi_file
from instroom.doors.api.language import language_of
from instroom.doors.api.schemas import CustomerName, Environment, FileFormatChoice, LayoutName
from instroom.flow import find
from instroom.flow.operations.export import Exported, export
from instroom.flow.people.api_tokens import Pass
from instroom.flow.privacy.erasing import erase
from instroom.flow.privacy.person_document import person_document
from instroom.flow.queries import history
from instroom.flow.queries.look_up import SearchFilter, look_up

router = Router(tags=["dossiers"])
_HEADERS = {
    "Instroom-Rows": "The number of rows.",
    "Instroom-Shortened": "How many dossiers have more categories or free fields than the layout has columns.",
}


@router.get("/{environment}/dossiers", auth=Token("read", "look-up"), response=schemas.FoundDossiers)
def search_dossiers(
    request: TokenRequest,
    customer: CustomerName,
    environment: Environment,
    q: schemas.SearchText,
    company: schemas.SearchCompany = "",
    department: schemas.SearchDepartment = "",
    active: schemas.SearchActive | None = None,
) -> JsonResponse:
    """Search companies and persons

    By any words of a name, in any order, or by a number, key, date of birth, telephone number, city, postal code or
    e-mail address. In order of name. With a company or a department, persons alone.
    """
    wanted = SearchFilter(company, department, active or "")
    found = look_up(find.environment(request.auth.customer, environment), q, wanted, by=request.auth.user)
    documents = [
        {
            "kind": dossier.kind,
            "source": dossier.stored.key[0],
            "extern_id": dossier.stored.extern_id,
            "name": dossier.name,
            "company": dossier.company,
        }
        for dossier in found
    ]
    return JsonResponse({"dossiers": documents})


@router.get("/{environment}/company", auth=Token("read", "look-up"), response=schemas.Dossier)
def get_company(
    request: TokenRequest,
    customer: CustomerName,
    environment: Environment,
    source: schemas.Source,
    extern_id: schemas.ExternId,
) -> JsonResponse:
    """Get a company by its key

    With its history.
    """
    return _dossier(request.auth, environment, "company", source, extern_id)


@router.get("/{environment}/person", auth=Token("read", "look-up"), response=schemas.Dossier)
def get_person(
    request: TokenRequest,
    customer: CustomerName,
    environment: Environment,
    source: schemas.Source,
    extern_id: schemas.ExternId,
) -> JsonResponse:
    """Get a person by their key

    With their history.
    """
    return _dossier(request.auth, environment, "person", source, extern_id)


@router.post("/person-export", auth=Token("privacy"), response=schemas.PersonExport)
def export_person(request: TokenRequest, customer: CustomerName, person: schemas.PersonKey) -> JsonResponse:
    """Export all that is known of a person

    For that person: dossiers, each change, the rows of deliveries that name them with what was found there, and who
    looked. It may take a while: files that are kept are read.
    """
    lang, by = language_of(request), request.auth.user
    return JsonResponse(person_document(request.auth.customer, person.extern_id, person.source, lang, by=by))


@router.post("/person-erase", auth=Token("privacy"), response=schemas.ErasedPerson)
def erase_person(request: TokenRequest, customer: CustomerName, person: schemas.PersonToErase) -> JsonResponse:
    """Erase a person

    From dossiers, plans and findings, with the files that name them. It cannot be undone, and waits if the key is
    delivered again. 409: a delivery that names the person is still on its way.
    """
    gone = erase(request.auth.customer, person.extern_id, person.source, person.reason, by=request.auth.user)
    return JsonResponse({"deliveries": [str(one.pk) for one in gone]})


def _dossier(token: Pass, environment: str, kind: Kind, source: str, extern_id: str) -> JsonResponse:
    customer_environment = find.environment(token.customer, environment)
    dossier = history.dossier(customer_environment, kind, source, extern_id, by=token.user)
    return JsonResponse(
        history.document(dossier, list(history.history(customer_environment, dossier.stored, by=token.user)))
    )


@router.get(
    "/{environment}/export",
    auth=Token("export"),
    response={200: None},
    openapi_extra=openapi_file("csv", "xlsx", "xml", "zip", headers=_HEADERS),
)
def export_dossiers(
    request: TokenRequest,
    customer: CustomerName,
    environment: Environment,
    file_format: FileFormatChoice = "csv",
    layout: LayoutName = DEFAULT_LAYOUT,
) -> HttpResponseBase:
    """Export all dossiers in the delivery layout

    If you deliver that file, nothing changes. More than 10,000 rows come as a zip of numbered files.
    """
    customer_environment = find.environment(request.auth.customer, environment)
    headers: dict[str, str] = {}

    def write(target: Path) -> Path:
        done = export(customer_environment, target, file_format, layout, by=request.auth.user)
        headers.update({"Instroom-Rows": str(done.rows), "Instroom-Shortened": str(done.shortened)})
        return done.files[0] if len(done.files) == 1 else _zipped(done, target.with_suffix(".zip"))

    response = file_response(f"{customer}-{environment}.{file_format}", write)
    assert response is not None  # noqa: S101 - an export always writes a file
    for header, text in headers.items():
        response.headers[header] = text
    return response


def _zipped(done: Exported, target: Path) -> Path:
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in done.files:
            archive.write(file, file.name)
    return target
