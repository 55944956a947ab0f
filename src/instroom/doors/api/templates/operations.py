"""Templates to fill in (product.md A7)."""

from pathlib import Path
from typing import Literal

from django.http import HttpRequest, HttpResponseBase
from ninja import P, QueryEx, Router

from instroom.core.layout.standard import DEFAULT_LAYOUT
from instroom.core.write.templates import TemplateFormat, write_template
from instroom.doors.api.access import Token
from instroom.doors.api.answers import file_answer, file_document
from instroom.doors.api.language import language_of
from instroom.doors.api.schemas import CustomerName
from instroom.doors.api.templates import schemas
from instroom.flow import find

router = Router(tags=["templates"])

Content = QueryEx[Literal["empty", "example"], P(description="Headers alone, or with records that can be delivered.")]
Form = QueryEx[TemplateFormat, P(alias="format", description="The form of the file.")]


@router.get(
    "/template", auth=Token("read"), response={200: None}, openapi_extra=file_document("xlsx", "csv", "xml")
)  # fmt: skip
def template(
    request: HttpRequest,
    customer: CustomerName,
    content: Content = "empty",
    form: Form = "xlsx",
    layout: schemas.LayoutName = DEFAULT_LAYOUT,
) -> HttpResponseBase | None:
    """Download a template in the delivery layout."""
    known = find.layout(layout)

    def write(target: Path) -> Path:
        write_template(target, known, form, content == "example", language_of(request))
        return target

    return file_answer(f"{known.name}-{content}.{form}", write)
