"""Templates to fill in (product.md A7)."""

from pathlib import Path

from django.http import HttpResponseBase
from ninja import Router

from instroom.core.layout.standard import DEFAULT_LAYOUT
from instroom.core.write.templates import write_template
from instroom.doors.api.access import Token, TokenRequest
from instroom.doors.api.file_responses import file_response, openapi_file
from instroom.doors.api.language import language_of
from instroom.doors.api.schemas import CustomerName, LayoutName
from instroom.doors.api.templates import schemas
from instroom.flow import find

router = Router(tags=["templates"])


@router.get("/template", auth=Token("read"), response={200: None}, openapi_extra=openapi_file("xlsx", "csv", "xml"))
def download_template(
    request: TokenRequest,
    customer: CustomerName,
    content: schemas.TemplateContent = "empty",
    file_format: schemas.TemplateFormatChoice = "xlsx",
    layout: LayoutName = DEFAULT_LAYOUT,
) -> HttpResponseBase | None:
    """Download a template

    A file in the delivery layout, to fill in.
    """
    found = find.layout(layout, request.auth.customer)

    def write(target: Path) -> Path:
        write_template(target, found, file_format, content == "example", language_of(request))
        return target

    return file_response(f"{found.name}-{content}.{file_format}", write)
