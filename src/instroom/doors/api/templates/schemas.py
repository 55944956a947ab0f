"""Query parameters of templates and exports."""

from ninja import P, QueryEx

from instroom.core.model import FileFormat
from instroom.doors.api.schemas import LAYOUT

LayoutName = QueryEx[str, P(max_length=100, pattern=LAYOUT, description="The name of a layout.")]
FileFormatChoice = QueryEx[FileFormat, P(alias="format", description="The form of the file.")]
