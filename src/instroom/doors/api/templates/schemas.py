"""Query parameters of templates."""

from typing import Literal

from ninja import P, QueryEx

from instroom.core.write.templates import TemplateFormat

TemplateContent = QueryEx[
    Literal["empty", "example"], P(description="Only the headers, or also records that can be delivered.")
]
TemplateFormatChoice = QueryEx[TemplateFormat, P(alias="format", description="The format of the file.")]
